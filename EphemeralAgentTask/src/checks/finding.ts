// What `check` tells of one subject: that it is well, or what is not, why, and what mends it.

export interface Good {
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
  readonly mend: string;
}

/** Not looked at, because something it depends on is wrong. */
export interface Skipped {
  readonly level: "skipped";
  readonly subject: string;
  readonly found: string;
}

export type Finding = Good | Flaw | Skipped;

/** What the service connection may not read: only this check needs it, and it is told once for all subjects. */
export interface Unseen {
  readonly level: "unseen";
  readonly subject: string;
}

export type Found = Finding | Unseen;

export const ok = (subject: string, found: string): Good => ({ level: "ok", subject, found });

export const skipped = (subject: string, found: string): Skipped => ({ level: "skipped", subject, found });

type Words = Pick<Flaw, "found" | "cause" | "mend">;

export const wrong = (subject: string, words: Words): Flaw => ({ level: "wrong", subject, ...words });

export const warning = (subject: string, words: Words): Flaw => ({ level: "warning", subject, ...words });
