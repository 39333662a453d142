import { complains, ended, type Fault, later, normal, shows, trying, warning } from "./fault.ts";

const downloading = "Downloading the agent package vsts-agent-linux-x64-5.278.0.tar.gz (attempt 5).";
const gaveUp = "The agent package could not be downloaded.\nThe container ends.";
const listening = "The image brings the agent in /azp/agent.\nStarting the listener for one job.";
const pulled = normal("Pulled", 'Successfully pulled image "contoso.azurecr.io/agent:1"');
const noBash = warning(
  "Failed",
  'Failed to start container eph-101-abc123, Error response: to create containerd task: failed to create container 402515d7: guest RPC failure: failed to create container: failed to run runc create/exec call for container 402515d7 with exit status 1: container_linux.go:380: starting container process caused: exec: "/bin/bash": stat /bin/bash: no such file or directory: unknown',
);
const started = { state: "Running", restartCount: 0 };

/** What the container and the agent in it show. What the listener prints: microsoft/azure-pipelines-agent, strings.json. */
export const agentFaults: readonly Fault[] = [
  {
    name: "agent never online: container crashed",
    inject: ended(
      0,
      `${listening}\nSegmentation fault (core dumped)\nThe listener ended with exit code 139.\nThe container ends.`,
    ),
    code: "EA601",
    cause: /^exit code 0 \(Completed\)\. .* The container's log says: Segmentation fault \(core dumped\)$/,
  },
  {
    name: "agent never online: container crashed while `create` waits",
    inject: ended(1, "fatal: cannot start"),
    action: "create",
    code: "EA601",
    cause: /^exit code 1 \(Error\)\. .* The container's log says: fatal: cannot start$/,
  },
  {
    name: "agent never online: out of memory",
    inject: ended(137, listening, "OOMKilled"),
    code: "EA608",
    cause: /^exit code 137 \(OOMKilled\)/,
  },
  {
    name: "agent never online: killed without a word",
    // Azure shows no more than this (MicrosoftDocs/azure-docs #71458).
    inject: ended(137, listening),
    code: "EA608",
    cause: /^exit code 137 \(Error\)/,
  },
  {
    name: "agent never online: wrong architecture",
    // runc today; before: standard_init_linux.go:228: exec user process caused: … (MicrosoftDocs/azure-docs #39726).
    inject: ended(1, "exec /bin/bash: exec format error"),
    code: "EA609",
    cause: /^exit code 1 \(Error\)\. .* The container's log says: exec \/bin\/bash: exec format error$/,
  },
  {
    name: "agent never online: no tar in the image",
    inject: ended(0, "The image lacks programs that the start script needs: tar, gzip.\n"),
    code: "EA619",
    cause: /The container's log says: The image lacks programs that the start script needs: tar, gzip\.$/,
  },
  {
    name: "agent never online: an image on musl",
    inject: ended(0, "The image is built on musl instead of glibc, and the agent does not run on that.\n"),
    code: "EA620",
    cause: /built on musl instead of glibc/,
  },
  {
    name: "agent never online: no ICU in the image",
    // .NET's own words, with where it was when it ended.
    inject: ended(
      0,
      "Process terminated. Couldn't find a valid ICU package installed on the system.\n   at System.Environment.FailFast(System.String)\nThe listener ended with exit code 134.\nThe container ends.\n",
    ),
    code: "EA621",
    cause:
      /The container's log says: Process terminated\. Couldn't find a valid ICU package installed on the system\.$/,
  },
  {
    name: "agent never online: the disk is full",
    inject: ended(0, "tar: bin: Cannot mkdir: No space left on device\nThe agent package could not be unpacked.\n"),
    code: "EA622",
    cause: /Cannot mkdir: No space left on device$/,
  },
  {
    name: "agent never online: no bash",
    // The wording that container instances pass on (MicrosoftDocs/azure-docs #106296).
    inject: trying(pulled, noBash),
    code: "EA610",
    cause: /exec: "\/bin\/bash": stat \/bin\/bash: no such file or directory/,
  },
  {
    name: "agent never online: no bash, of which Azure shows nothing until it gives up",
    inject: later(1_800_000, { provisioningState: "Failed", events: [pulled, noBash] }),
    settings: { onlineMs: 0 },
    code: "EA610",
    cause: /exec: "\/bin\/bash": stat \/bin\/bash: no such file or directory/,
  },
  {
    name: "agent never online: the machine is lost",
    // Recorded 2021-03-29: Repairing, and no exit code.
    inject: shows({
      provisioningState: "Repairing",
      container: { state: "Terminated", detailStatus: "The node is gone", restartCount: 0, startedAt: 1 },
    }),
    code: "EA617",
    cause: /^no exit code \(The node is gone\)$/,
  },
  {
    name: "agent never online: somebody stopped the group",
    // Recorded 2024-10-31: neither exit code nor start time.
    inject: shows({ container: { state: "Terminated", detailStatus: "Halted by a client", restartCount: 0 } }),
    code: "EA618",
    cause: /^no exit code \(Halted by a client\)$/,
  },
  {
    name: "agent never online: an ending without exit code",
    // Recorded 2021-03-29.
    inject: shows({ container: { state: "Terminated", detailStatus: "Error", restartCount: 0, startedAt: 1 } }),
    code: "EA601",
    cause: /^no exit code \(Error\)\. Azure shows no warning events\.$/,
  },
  {
    name: "agent never online: an ending after a pull that failed at first, which is not its cause",
    inject: (stage) => {
      ended(1, "boom")(stage);
      stage.clock.after(stage.world.behaviour.bootMs, () => {
        const event = (seconds: number, of: ReturnType<typeof warning>) => ({
          ...of,
          count: 1,
          lastTimestamp: new Date(1_000 * seconds).toISOString(),
        });
        const events = [event(1, warning("Failed", "Failed to pull image: unexpected EOF")), event(2, pulled)];
        for (const group of stage.world.groups.values()) group.events.push(...events);
      });
    },
    code: "EA601",
    cause: /^exit code 1 \(Error\)\. Azure shows no warning events\. The container's log says: boom$/,
  },
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
