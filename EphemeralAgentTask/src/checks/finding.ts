// What a check found: all is well, or what is wrong, why, and how to fix it.

interface Good {
  readonly level: "ok";
  readonly subject: string;
  readonly found: string;
}

export interface Flaw {
  /** `wrong` is what a `run` or `create` with the same inputs would fail with. */
  readonly level: "warning" | "wrong";
  readonly subject: string;
  readonly found: string;
  readonly cause: string;
  /** The exact command, or the place in the settings. */
  readonly fix: string;
}

/** Nothing is known of it, and nothing is wrong as far as anybody knows. `found` says why. */
interface NotChecked {
  readonly level: "not checked";
  readonly subject: string;
  readonly found: string;
  /** The service connection may not read it. Only this check does, so that is as it should be. */
  readonly unreadable?: true;
}

export type Found = Good | Flaw | NotChecked;

export const ok = (subject: string, found: string): Good => ({ level: "ok", subject, found });

export const notChecked = (subject: string, found: string): NotChecked => ({ level: "not checked", subject, found });

type Words = Pick<Flaw, "found" | "cause" | "fix">;

export const wrong = (subject: string, { found, cause, fix }: Words): Flaw => ({
  level: "wrong",
  subject,
  found,
  cause,
  fix,
});

export const warning = (subject: string, words: Words): Flaw => ({ ...wrong(subject, words), level: "warning" });
