// The container runs, and its agent does not come online, or it is lost later.
import { complains, ended, type Fault, normal, shows } from "../fault.ts";

const downloading = "Downloading the agent package vsts-agent-linux-x64-5.278.0.tar.gz (attempt 5).";
const gaveUp = "The agent package could not be downloaded.\nThe container ends.";
const listening = "The image brings the agent in /azp/agent.\nStarting the listener for one job.";
const pulled = normal("Pulled", 'Successfully pulled image "contoso.azurecr.io/agent:1"');
const started = { state: "Running", restartCount: 0 };

/** What the container and the agent in it show. What the listener prints: microsoft/azure-pipelines-agent, strings.json. */
export const agentFaults: readonly Fault[] = [
  {
    name: "agent never online: no DNS for the download",
    // The predecessor's issue #2.
    inject: ended(0, `${downloading}\ncurl: (6) Could not resolve host: download.agent.dev.azure.com\n${gaveUp}`),
    code: "EA611",
    cause: /The container's log says: curl: \(6\) Could not resolve host: download\.agent\.dev\.azure\.com$/,
  },
  {
    name: "agent never online: no DNS for the listener, which tries for ever",
    inject: complains(
      `${listening}\n2026-01-05 08:01:00Z: Agent connect error: Name or service not known (dev.azure.com:443). Retrying until reconnected.`,
    ),
    settings: { onlineMs: 90_000 },
    code: "EA611",
    cause: /Agent connect error: Name or service not known \(dev\.azure\.com:443\)/,
  },
  {
    name: "agent never online: no egress for the download",
    inject: ended(0, `${downloading}\ncurl: (28) Connection timed out after 20001 milliseconds\n${gaveUp}`),
    code: "EA612",
    cause: /The container's log says: curl: \(28\) Connection timed out after 20001 milliseconds$/,
  },
  {
    name: "agent never online: a firewall that refuses",
    inject: complains(
      `${listening}\n2026-01-05 08:01:00Z: Agent connect error: Connection refused (dev.azure.com:443). Retrying until reconnected.`,
    ),
    settings: { onlineMs: 90_000 },
    code: "EA612",
    cause: /Connection refused \(dev\.azure\.com:443\)/,
  },
  {
    name: "agent never online: no egress for the listener while `create` waits",
    inject: complains(
      `${listening}\n2026-01-05 08:01:00Z: Agent connect error: The HTTP request timed out after 00:01:00.. Retrying until reconnected.`,
    ),
    action: "create",
    settings: { onlineMs: 90_000 },
    code: "EA612",
    cause: /Agent connect error: The HTTP request timed out after 00:01:00/,
  },
  {
    name: "agent never online: clock skew",
    // `LocalClockSkewed`; the service's own words are "Current server time is …" (azure-pipelines-agent #2393).
    inject: complains(
      `${listening}\nThe local machine's clock may be out of sync with the server time by more than five minutes. Please sync your clock with your domain or internet time and try again.`,
    ),
    settings: { onlineMs: 90_000 },
    code: "EA613",
    cause: /clock may be out of sync with the server time/,
  },
  {
    name: "agent never online: clock skew in the service's words",
    inject: ended(
      0,
      `${listening}\nThe bearer token is not valid until 1/5/2026 9:16:53 AM. Current server time is 1/5/2026 8:17:00 AM.\nThe listener ended with exit code 1.`,
    ),
    code: "EA613",
    cause: /not valid until 1\/5\/2026 9:16:53 AM\. Current server time is/,
  },
  {
    name: "agent never online: registration refused",
    // microsoft/azure-pipelines-agent #5520
    inject: ended(
      0,
      `${listening}\nAn error occurred: VS30063: You are not authorized to access https://dev.azure.com.\nThe listener ended with exit code 1.\nThe container ends.`,
    ),
    code: "EA614",
    cause: /VS30063: You are not authorized to access https:\/\/dev\.azure\.com/,
  },
  {
    name: "agent never online: its client is not known",
    inject: ended(0, `${listening}\nAn error occurred: invalid_client: The client is not known.\nThe container ends.`),
    code: "EA614",
    cause: /invalid_client: The client is not known/,
  },
  {
    name: "agent never online: an inspecting proxy",
    inject: ended(
      0,
      `${downloading}\ncurl: (60) SSL certificate problem: self-signed certificate in certificate chain\n${gaveUp}`,
    ),
    code: "EA615",
    cause: /curl: \(60\) SSL certificate problem/,
  },
  {
    name: "agent never online, without a word",
    inject: (stage) => {
      shows({ container: started, log: "" })(stage);
      stage.shownAt = stage.clock.now() + 60_000;
    },
    settings: { onlineMs: 60_000 },
    code: "EA602",
    cause: /^after 60 s: container group succeeded, container running\. Azure shows no warning events\.$/,
  },
  {
    name: "Azure gives the group up",
    inject: shows({ provisioningState: "Failed", events: [pulled] }),
    code: "EA603",
    cause: /^Azure shows no warning events\.$/,
  },
  {
    name: "the group is deleted by somebody",
    inject: (stage) => {
      stage.deployJob();
      stage.clock.after(10_000, () => {
        stage.world.groups.clear();
        stage.shown();
      });
    },
    code: "EA604",
    cause: /404/,
  },
  {
    name: "the record is deleted by somebody",
    inject: (stage) => {
      stage.deployJob();
      stage.clock.after(10_000, () => {
        const records = [...stage.world.records.values()].filter(({ name }) => name.startsWith("eph-"));
        for (const { id } of records) stage.world.records.delete(id);
        stage.shown();
      });
    },
    code: "EA605",
    cause: /no agent of its id/,
  },
  {
    name: "agent lost under a running job",
    inject: (stage) => {
      stage.deployJob();
      stage.world.behaviour.fate = "dies under the job";
      stage.shownAfterBoot(30_000);
    },
    code: "EA606",
    cause: /^job 'deploy' of run 101; exit code 137 \(OOMKilled\)$/,
  },
  {
    name: "agent lost before its job came",
    inject: (stage) => {
      stage.timeline({ build: "inProgress" });
      stage.world.behaviour.fate = "dies while idle";
      stage.shownAfterBoot(3_000);
    },
    code: "EA607",
    cause: /^exit code 1 \(Error\)\. .* The container's log says: starting the agent$/,
  },
];
