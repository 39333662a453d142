// The route to which agents send telemetry.
import type { Api } from "../api-routes.ts";
import { fields, text } from "../json-fields.ts";
import { invalidArgument } from "../service-error.ts";

/** Takes what agents tell of themselves, which they wait for before they open a session, and keeps none of it. */
export function serveCustomerIntelligence(api: Api): void {
  api.route(
    "POST",
    "_apis/CustomerIntelligence/Events",
    (request) => {
      const events = request.body();
      if (!Array.isArray(events)) throw invalidArgument("The events must be an array.");
      for (const event of events) text(fields(event, "An event"), "area");
      return { status: 204 };
    },
    { agents: true },
  );
}
