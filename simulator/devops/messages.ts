import type { Api } from "./api.ts";
import type { OrganizationOptions } from "./options.ts";
import { invalidArgument, ServiceError } from "./service-error.ts";
import type { Sessions } from "./sessions.ts";

const messagesRoute = "_apis/distributedtask/pools/:poolId/messages";

export interface MessageLevers {
  /** Answers every keep-alive with 503, so that only the listener's own polls keep it online. */
  dropKeepAlives: boolean;
}

/** The long poll for messages and their deletion (facts agent-protocol §3.3 points 3 to 5). */
export function serveMessages(api: Api, sessions: Sessions, options: OrganizationOptions, levers: MessageLevers): void {
  api.route(
    "GET",
    messagesRoute,
    async (request) => {
      const { agent, session } = sessions.current(request, request.query("sessionId") ?? "");
      const lastMessageId = position(request.query("lastMessageId"), options);
      if (lastMessageId === undefined && levers.dropKeepAlives) {
        throw new ServiceError(503, "CircuitBreakerExceededExecutionLimitException", "The service is busy.");
      }
      sessions.listen(agent, session);
      const message = await session.next({ lastMessageId, timeoutMs: options.longPollMs, closed: request.closed });
      sessions.listen(agent, session);
      // Deleting the record, or the session, ends a poll that was open.
      if (session.ended.aborted) sessions.current(request, session.id);
      return message === undefined ? { status: 202 } : { status: 200, body: message };
    },
    { agents: true },
  );
  api.route(
    "DELETE",
    `${messagesRoute}/:messageId`,
    (request) => {
      const { session } = sessions.current(request, request.query("sessionId") ?? "");
      session.delete(Number(request.param("messageId")));
      return { status: 204 };
    },
    { agents: true },
  );
}

function position(lastMessageId: string | undefined, options: OrganizationOptions): number | undefined {
  if (lastMessageId === undefined) return options.pollWithoutLastMessageId === "any" ? 0 : undefined;
  if (!/^\d+$/.test(lastMessageId)) throw invalidArgument("lastMessageId must be a whole number.");
  return Number(lastMessageId);
}
