// Faults that Azure DevOps answers.
import { answered, devops, type Fault, type Inject } from "../fault.ts";
import type { Answer } from "../fault-answers.ts";

const unauthorized = devops(
  401,
  "UnauthorizedRequestException",
  "TF400813: The user '' is not authorized to access this resource.",
);

/** The other way to refuse a token: a sign-in page, as if to a browser (facts agent-protocol §3.2). */
const signInPage: Answer = {
  site: "devops",
  status: 203,
  headers: { "content-type": "text/html; charset=utf-8" },
  body: "<!DOCTYPE html><html><head><title>Azure DevOps Services | Sign In</title></head><body></body></html>",
};

/** A minute after the agent came online, the pool takes the token no longer. */
const runsOut =
  (answer: Answer): Inject =>
  async (stage) => {
    stage.timeline({ build: "inProgress" });
    stage.refuse("pool.*", await stage.wire.fault("pool.get", answer), 80_000);
  };

/** What the organization and its pool show: facts agent-protocol §3.2, §4.3 and §6. */
export const devopsFaults: readonly Fault[] = [
  {
    name: "token not accepted",
    inject: answered("pool.register", unauthorized),
    code: "EA501",
    cause:
      /^Azure DevOps \(localhost:\d+\): UnauthorizedRequestException: TF400813: The user '' is not authorized .* \(HTTP 401\)$/,
  },
  {
    name: "token cannot manage the pool",
    inject: answered(
      "pool.register",
      devops(
        403,
        "AccessDeniedException",
        "Access denied. Shop Build Service (contoso) needs Manage permissions to perform the action. For more information, contact the Azure DevOps administrator.",
      ),
    ),
    code: "EA502",
    cause: /AccessDeniedException: Access denied\. Shop Build Service \(contoso\) needs Manage permissions/,
  },
  {
    name: "conditional access to the organization",
    // microsoft/coe-starter-kit #6694
    inject: answered(
      "pool.register",
      devops(
        403,
        "VssServiceException",
        "VS403463: The conditional access policy defined by your Azure Active Directory administrator has failed.",
      ),
    ),
    code: "EA509",
    cause: /VS403463: The conditional access policy defined by your Azure Active Directory administrator has failed/,
  },
  {
    name: "an identity that the organization does not know",
    // a11smiles/GitSync #16
    inject: answered(
      "pool.register",
      devops(
        403,
        "VssServiceException",
        "TF401444: Please sign-in at least once as tenant\\tenant\\application in a web browser to enable access to the service.",
      ),
    ),
    code: "EA511",
    cause: /TF401444: Please sign-in at least once as/,
  },
  {
    name: "organization deactivated",
    // Recorded.
    inject: answered("pool.register", {
      site: "devops",
      status: 503,
      body: {
        $id: "1",
        innerException: null,
        message:
          "TF24668: The following team project collection is stopped: contoso. Start the collection and then try again. Administrator Reason: This Azure DevOps organization has been deactivated.",
        typeName: "Microsoft.TeamFoundation.Framework.Server.HostShutdownException",
        typeKey: "HostShutdownException",
        errorCode: 0,
        eventId: 3000,
      },
    }),
    code: "EA510",
    cause: /TF24668: The following team project collection is stopped: contoso/,
  },
  {
    name: "name taken",
    inject: answered(
      "pool.register",
      devops(409, "TaskAgentExistsException", "Pool agents already contains an agent with name eph-101-abc123."),
    ),
    code: "EA503",
    cause: /TaskAgentExistsException: Pool agents already contains an agent with name eph-101-abc123/,
  },
  {
    name: "the organization answers something else",
    inject: answered("pool.register", devops(400, "ArgumentException", "Value cannot be null.")),
    code: "EA504",
    cause: /ArgumentException: Value cannot be null\. \(HTTP 400\)/,
  },
  {
    name: "the agent's credential is not accepted",
    inject: answered("pool.tryCredential", {
      site: "agent-oauth",
      status: 400,
      body: { error: "invalid_client", error_description: "The bearer token expired. Current server time is 8:17." },
    }),
    code: "EA505",
    cause: /Current server time is 8:17/,
  },
  {
    name: "capabilities not kept",
    inject: (stage) => {
      stage.deployJob();
      stage.world.pool.setCapabilities = async () => stage.shown();
    },
    code: "EA506",
    cause: /missing on agent 'eph-101-\w+': EphemeralAgent\.Organization/,
  },
  {
    name: "pool missing",
    inject: async (stage) => {
      const missing = await stage.wire.pool("no-such-pool").catch((error: unknown) => error);
      stage.shown();
      stage.before = () => Promise.reject(missing);
    },
    code: "EA507",
    cause: /^https:\S+ shows no agent pool 'no-such-pool' to .+\.\n {2}Page: /,
  },
  {
    name: "job token expired while waiting",
    // microsoft/azure-pipelines-agent #5520 has seen both answers.
    inject: runsOut(unauthorized),
    leaves: true,
    code: "EA508",
    cause: /TF400813: .* The same request was answered before; this step began 1 min ago\. \(HTTP 401\)$/,
  },
  {
    name: "job token expired while waiting, answered by a sign-in page",
    inject: runsOut(signInPage),
    leaves: true,
    code: "EA508",
    cause: /sign-in page.* The same request was answered before; this step began 1 min ago/,
  },
];
