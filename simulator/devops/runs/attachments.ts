// Files that tasks attach to their timeline records.
import type { Api, ApiRequest } from "../api-routes.ts";
import { serviceTime } from "../jobs/time-format.ts";
import { collection } from "../json-fields.ts";
import type { Pools } from "../pools/pools.ts";
import { ServiceError } from "../service-error.ts";
import { demandRun, planRoute } from "./plan-access.ts";
import type { Attachment, Run, Runs } from "./runs.ts";

const ofRecord = `${planRoute}/timelines/:timelineId/records/:recordId/attachments`;
const ofPlan = `${planRoute}/attachments/:type`;

/** Files that tasks attach to their records, a summary for instance (docs "logging commands", `task.addattachment`). */
export function serveAttachments(api: Api, pools: Pools, runs: Runs, serverUrl: string): void {
  const agents = { agents: true };
  const view = (run: Run, one: Attachment): object => attachmentView(run, one, serverUrl);

  api.route(
    "PUT",
    `${ofRecord}/:type/:name`,
    (request) => {
      const run = demandRun(request, pools, runs);
      const { bytes: content } = request;
      const attachment = { ...named(request), content, createdOn: serviceTime() };
      run.addAttachment(attachment);
      return { status: 200, body: view(run, attachment) };
    },
    agents,
  );
  const one = (request: ApiRequest): { run: Run; attachment: Attachment } => {
    const run = demandRun(request, pools, runs);
    const wanted = named(request);
    const attachment = run.attachments.find(
      ({ recordId, type, name }) => recordId === wanted.recordId && type === wanted.type && name === wanted.name,
    );
    if (attachment !== undefined) return { run, attachment };
    throw new ServiceError(404, "AttachmentNotFoundException", `No attachment found with name ${wanted.name}.`);
  };
  api.route("GET", `${ofRecord}/:type/:name`, (request) => {
    const { run, attachment } = one(request);
    // Whoever wants bytes gets the file itself.
    if (!/octet-stream/i.test(request.headers.accept ?? "")) return { status: 200, body: view(run, attachment) };
    return { status: 200, body: attachment.content };
  });
  const listed = (request: ApiRequest, recordId?: string) => {
    const run = demandRun(request, pools, runs);
    const type = request.param("type").toLowerCase();
    const found = run.attachments.filter(
      (each) => each.type.toLowerCase() === type && (recordId === undefined || each.recordId === recordId),
    );
    return { status: 200, body: collection(found.map((each) => view(run, each))) };
  };
  api.route("GET", `${ofRecord}/:type`, (request) => listed(request, request.param("recordId").toLowerCase()));
  api.route("GET", ofPlan, (request) => listed(request));
}

function named(request: ApiRequest): Pick<Attachment, "timelineId" | "recordId" | "type" | "name"> {
  return {
    timelineId: request.param("timelineId").toLowerCase(),
    recordId: request.param("recordId").toLowerCase(),
    type: request.param("type"),
    name: request.param("name"),
  };
}

function attachmentView(run: Run, attachment: Attachment, serverUrl: string): object {
  const { timelineId, recordId, type, name, createdOn } = attachment;
  const plan = `${serverUrl}${run.project.id}/_apis/distributedtask/hubs/${run.kind}/plans/${run.planId}`;
  const href = `${plan}/timelines/${timelineId}/records/${recordId}/attachments/${type}/${encodeURIComponent(name)}`;
  return { timelineId, recordId, type, name, createdOn, lastChangedOn: createdOn, _links: { self: { href } } };
}
