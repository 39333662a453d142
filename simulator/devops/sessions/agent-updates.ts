// The route by which an agent reports the progress of its own update.

import type { Api } from "../api-routes.ts";
import { agentView, inclusions } from "../pools/agent-view.ts";
import type { Sessions } from "./session-routes.ts";

/** How far an agent is that updates itself (microsoft/azure-pipelines-agent, SelfUpdater): it says so of itself alone. */
export function serveAgentUpdates(api: Api, sessions: Sessions): void {
  api.route(
    "PUT",
    "_apis/distributedtask/pools/:poolId/agents/:agentId/updates",
    (request) => ({ status: 200, body: agentView(sessions.own(request), inclusions(request)) }),
    { agents: true },
  );
}
