// Converts the numbers of the API client to job results.
import type { JobResult } from "../ports.ts";

/** The API client turns the wire's words into numbers, in this order (facts agent-protocol §3.2). */
const words: readonly JobResult[] = ["succeeded", "succeededWithIssues", "failed", "canceled", "skipped", "abandoned"];

export const jobResult = (value: number): JobResult => words[value] ?? "abandoned";
