// What a row of the table is: a fault, and what the user is told of it.
import type { ErrorCode } from "../../EphemeralAgentTask/src/errors/catalog.ts";
import type { Story } from "../in-memory/world-state.ts";
import type { Answer, WireCall } from "./fault-answers.ts";
import type { Stage, StepChoice } from "./fault-scenario.ts";

export type Inject = (stage: Stage) => void | Promise<void>;

export interface Fault extends StepChoice {
  readonly name: string;
  /** Makes the service show it. */
  readonly inject: Inject;
  readonly code: ErrorCode;
  /** In the service's own words. */
  readonly cause: RegExp;
  /** The record cannot be removed by a token that is refused. */
  readonly leaves?: true;
}

/** A request is answered with an error: made of the wire's bytes by the real adapter. */
export const answered =
  (call: WireCall, answer: Answer): Inject =>
  async (stage) => {
    stage.deployJob();
    stage.refuse(call, await stage.wire.fault(call, answer));
  };

export const arm = (status: number, code: string, message: string, headers: Answer["headers"] = {}): Answer => ({
  site: "arm",
  status,
  headers,
  body: { error: { code, message } },
});

export const devops = (status: number, typeKey: string, message: string): Answer => ({
  site: "devops",
  status,
  body: { $id: "1", innerException: null, message, typeName: typeKey, typeKey, errorCode: 0, eventId: 3000 },
});

/** Entra's answers end with ids and a time, which nobody is to read. */
export const entra = (number: number, message: string, identity?: Answer["identity"]): Answer => ({
  ...(identity ? { identity } : {}),
  site: "login",
  status: 401,
  body: {
    error: "invalid_client",
    error_description: `AADSTS${number}: ${message} Trace ID: 00000000-0000-0000-0000-000000000000 Timestamp: 2026-01-05 08:00:00Z`,
    error_codes: [number],
  },
});

/** The group shows this in place of an agent. */
export const shows =
  (story: Story): Inject =>
  (stage) => {
    stage.deployJob();
    stage.world.behaviour = { ...stage.world.behaviour, fate: "tells a story", story };
    stage.shownAfterBoot();
  };

/** The group shows nothing but Creating until so many milliseconds after its boot time, and this then. */
export const later =
  (ms: number, { provisioningState, events = [] }: Story): Inject =>
  (stage) => {
    shows({ provisioningState: "Creating" })(stage);
    stage.shownAt = stage.clock.now() + stage.world.behaviour.bootMs + ms;
    stage.clock.after(stage.world.behaviour.bootMs + ms, () => {
      for (const group of stage.world.groups.values()) {
        if (provisioningState) group.provisioningState = provisioningState;
        const lastTimestamp = new Date(stage.clock.now()).toISOString();
        group.events.push(...events.map((event) => ({ ...event, count: 1, lastTimestamp })));
      }
    });
  };

/** The container ended with this. */
export const ended = (exitCode: number, log: string, detailStatus = exitCode === 0 ? "Completed" : "Error"): Inject =>
  shows({ container: { state: "Terminated", exitCode, detailStatus, restartCount: 0 }, log });

/** The container runs, its listener tries again and again, and this is what it says. */
export const complains = (log: string): Inject => shows({ container: { state: "Running", restartCount: 0 }, log });

const waiting = { state: "Waiting", restartCount: 0 };

/** Azure tries to start the container, and this is what its events say. */
export const trying = (...events: NonNullable<Story["events"]>): Inject =>
  shows({ provisioningState: "Creating", container: waiting, events });

export const normal = (name: string, message: string) => ({ name, message, type: "Normal" });
export const warning = (name: string, message: string) => ({ name, message, type: "Warning" });
