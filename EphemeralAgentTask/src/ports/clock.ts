// Time as the core sees it.

/** Time as the core sees it. A virtual one drives the tests. */
export interface Clock {
  /** Milliseconds by a clock that nobody sets and that never goes back: for waits and limits. Its zero means nothing. */
  now(): number;
  /**
   * The services' time in milliseconds since the epoch, whatever this machine takes it for: for what another machine wrote
   * down or will read.
   */
  date(): number;
  /** Resolves after `ms` milliseconds, or rejects with the signal's reason when that aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls `action` after `ms` milliseconds, unless the returned function is called before. */
  after(ms: number, action: () => void): () => void;
  /** A number in [0, 1), for jitter. */
  random(): number;
}
