// The lock of a job request, which the agent renews while the job runs.

import { isOf, messageOf } from "../client/organization-client.ts";
import { pause } from "../client/pauses.ts";
import type { QueueConnection } from "./message-polling.ts";

/** Nobody but the agent that it is reserved for can renew a request, so the token says nothing. */
export const lockToken = "00000000-0000-0000-0000-000000000000";

const lost = ["TaskAgentJobTokenExpiredException", "TaskAgentJobNotFoundException", "AccessDeniedException"];

/** The agent's hold on its job, which it must renew (facts agent-protocol §3.3 point 6). */
export class JobLock {
  readonly #connection: QueueConnection;
  readonly #requestId: number;
  readonly #released = new AbortController();

  constructor(connection: QueueConnection, requestId: number) {
    this.#connection = connection;
    this.#requestId = requestId;
  }

  /** The first renewal, tried five times. @returns false when the job must not be started. */
  async take(): Promise<boolean> {
    const { install, trace } = this.#connection;
    for (const attempt of [1, 2, 3, 4, 5]) {
      try {
        await this.#renew();
        return true;
      } catch (error) {
        trace(`Renewal ${attempt} of request ${this.#requestId} failed: ${messageOf(error)}`);
        if (isOf(error, lost)) return false;
        await pause(10_000 * install.timeScale);
      }
    }
    return false;
  }

  /** Renews every minute until it is released, or lost to the service. */
  async keep(onLost: () => void): Promise<void> {
    const { install, trace } = this.#connection;
    const { signal } = this.#released;
    for (;;) {
      await pause(60_000 * install.timeScale, signal);
      if (signal.aborted) return;
      try {
        await this.#renew();
      } catch (error) {
        trace(`Request ${this.#requestId} could not be renewed: ${messageOf(error)}`);
        if (!isOf(error, lost)) continue;
        onLost();
        return;
      }
    }
  }

  release(): void {
    this.#released.abort();
  }

  async #renew(): Promise<void> {
    const { server, settings } = this.#connection;
    const values = { poolId: settings.poolId, requestId: this.#requestId };
    await server.call("PATCH", "jobRequests", values, { query: { lockToken }, body: { requestId: this.#requestId } });
  }
}
