// Verifies that answers of Azure DevOps have the expected fields. Anything else counts as no answer.
import { ServiceFault } from "../ports.ts";

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

type Shape = (value: unknown) => boolean;

export const isAgent: Shape = (value) =>
  isRecord(value) && Number.isInteger(value.id) && typeof value.name === "string";

export const isPool: Shape = isAgent;

export const isRequest: Shape = (value) => isRecord(value) && Number.isInteger(value.requestId);

export const isPackage: Shape = (value) => isRecord(value) && isRecord(value.version);

export const isMaintenance: Shape = (value) => isRecord(value) && typeof value.enabled === "boolean";

export const isBuild: Shape = (value) =>
  isRecord(value) && Number.isInteger(value.id) && Number.isInteger(value.status);

export const isTimeline: Shape = (value) =>
  isRecord(value) &&
  (value.records === null || (Array.isArray(value.records) && value.records.every(isTimelineRecord)));

const isTimelineRecord: Shape = (value) =>
  isRecord(value) && typeof value.id === "string" && typeof value.type === "string";

/** Checks what the API client made of an answer of one organization. */
export interface Shaper {
  /**
   * @param what it should be, e.g. `an agent's record`
   * @throws `ServiceFault`
   */
  one<T>(value: T | null | undefined, what: string, shape: Shape): T;
  /**
   * @param what they should be, e.g. `agents`
   * @throws `ServiceFault`
   */
  many<T>(value: readonly T[] | null | undefined, what: string, shape: Shape): readonly T[];
}

/** @param organizationUrl address that was asked */
export function shaper(organizationUrl: string): Shaper {
  const { host } = new URL(organizationUrl);
  const other = (what: string) =>
    new ServiceFault("Azure DevOps", "NotUnderstood", `${host} answered with JSON that is not ${what}.`, {
      kind: "foreign",
      host,
      retryable: true,
      ambiguous: true,
    });
  return {
    one(value, what, shape) {
      if (value !== null && value !== undefined && shape(value)) return value;
      throw other(what);
    },
    many(value, what, shape) {
      if (Array.isArray(value) && value.every(shape)) return value;
      throw other(`a list of ${what}`);
    },
  };
}

/** Whether Azure DevOps itself says that something is not there. A page with status 404 does not. */
export const saysMissing = (error: unknown, typeKey: string): boolean =>
  error instanceof ServiceFault && error.kind === "refusal" && error.details.status === 404 && error.code === typeKey;

/** Whether Azure DevOps itself says that this may not be read. */
export const saysForbidden = (error: unknown): error is ServiceFault =>
  error instanceof ServiceFault &&
  error.kind === "refusal" &&
  (error.details.status === 401 || error.details.status === 403);
