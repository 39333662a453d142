// How an action ended.
import type { ErrorCode } from "../errors/catalog.ts";

/** How an action ended when nothing was thrown. */
export type Outcome =
  | { readonly result: "succeeded" }
  /** A warning is all the user needs to see. */
  | { readonly result: "succeededWithIssues"; readonly code: ErrorCode; readonly message: string }
  /** Already reported as an error, at the moment it was known. */
  | { readonly result: "failed"; readonly message: string };

export const succeeded: Outcome = { result: "succeeded" };
