// How long Azure DevOps wants to be left alone, as its answers say before it refuses any.

export interface Throttle {
  /** @param headers of an answer that is no refusal */
  heard(headers: Readonly<Record<string, string>>): void;
  /** Milliseconds for which the service still wants to be left alone; 0 mostly. */
  leftMs(): number;
}
