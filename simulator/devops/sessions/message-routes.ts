// The routes of an agent's messages: the long poll, and the deletion of messages.
import type { Api } from "../api-routes.ts";
import type { OrganizationOptions } from "../organization-options.ts";
import { invalidArgument, ServiceError } from "../service-error.ts";
import type { Sessions } from "./session-routes.ts";

const messagesRoute = "_apis/distributedtask/pools/:poolId/messages";

export interface MessageLevers {
  /** Answers polls without a position, except a session's first, with 503: only polls with one keep it online then. */
  dropKeepAlives: boolean;
}

/**
 * The long poll for messages and their deletion (facts agent-protocol §3.3 points 3 to 5). A poll without a position may be
 * a listener's first, and gets whatever there is. A keep-alive has none either; its answer is thrown away, and the message
 * comes again because nobody deletes it.
 */
export function serveMessages(api: Api, sessions: Sessions, options: OrganizationOptions, levers: MessageLevers): void {
  api.route(
    "GET",
    messagesRoute,
    async (request) => {
      const { agent, session } = sessions.current(request, request.query("sessionId") ?? "");
      const position = request.query("lastMessageId");
      if (position === undefined && session.polled && levers.dropKeepAlives) {
        throw new ServiceError(503, "CircuitBreakerExceededExecutionLimitException", "The service is busy.");
      }
      session.polled = true;
      const lastMessageId = position === undefined ? 0 : wholeNumber(position);
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

function wholeNumber(lastMessageId: string): number {
  if (!/^\d+$/.test(lastMessageId)) throw invalidArgument("lastMessageId must be a whole number.");
  return Number(lastMessageId);
}
