// The container ends, or never starts, before its agent is online.
import { ended, type Fault, later, normal, shows, trying, warning } from "../fault.ts";

const listening = "The image brings the agent in /azp/agent.\nStarting the listener for one job.";
const pulled = normal("Pulled", 'Successfully pulled image "contoso.azurecr.io/agent:1"');
const noBash = warning(
  "Failed",
  'Failed to start container eph-101-abc123, Error response: to create containerd task: failed to create container 402515d7: guest RPC failure: failed to create container: failed to run runc create/exec call for container 402515d7 with exit status 1: container_linux.go:380: starting container process caused: exec: "/bin/bash": stat /bin/bash: no such file or directory: unknown',
);

/** What the container and the agent in it show. What the listener prints: microsoft/azure-pipelines-agent, strings.json. */

export const containerFaults: readonly Fault[] = [
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
];
