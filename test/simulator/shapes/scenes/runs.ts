// Asks for runs, what happened in them, and the job requests that they make: one that waits, one that has finished.

import { newRun, queueJob } from "../../devops/fixture/job-fixture.ts";
import { HandAgent } from "../../devops/fixture/manual-agent.ts";
import type { Stand } from "../../devops/fixture/organization-fixture.ts";
import type { Looks } from "../looks.ts";
import { devopsLook } from "./devops-look.ts";

export async function runs(stand: Stand, looks: Looks): Promise<void> {
  const at = devopsLook(stand, looks);
  const agent = await HandAgent.online(stand);
  const served = queueJob(stand);
  const { run, identity } = served;
  run.start();
  const { messageId } = await agent.message();
  await agent.deleteMessage(messageId);
  await agent.renew(served.requestId);
  const [from, to] = ["2026-01-02T03:04:05.6Z", "2026-01-02T03:05:06.7Z"];
  const log = { id: run.timeline.createLog("job") };
  const parentId = crypto.randomUUID();
  const record = {
    id: identity.jobId,
    parentId,
    type: "Job",
    name: "Deploy",
    identifier: "stage.deploy.__default",
  } as const;
  run.record({ ...record, order: 1, startTime: from, finishTime: to, state: "completed", result: "succeeded" });
  run.record({ id: record.id, log, workerName: agent.name, variables: { key: { value: "s3cret", isSecret: true } } });
  const project = run.project.name;
  await at(
    "GET /{org}/{project}/_apis/build/builds/*/timeline 200",
    `${project}/_apis/build/builds/${run.id}/timeline`,
  );
  await agent.complete(identity, "succeeded");
  await served.outcome;
  queueJob(stand);
  await at(
    "GET /{org}/_apis/distributedtask/pools/*/jobrequests 200",
    "_apis/distributedtask/pools/1/jobrequests?completedRequestCount=5",
  );
  await at("GET /{org}/{project}/_apis/build/Builds 200", `${project}/_apis/build/Builds`);
  await at("GET /{org}/{project}/_apis/build/Builds/* 200", `${project}/_apis/build/Builds/${newRun(stand).id}`);
  await at("PATCH /{org}/{project}/_apis/build/Builds/* 200", `${project}/_apis/build/Builds/${newRun(stand).id}`, {
    body: { status: "cancelling" },
  });
}
