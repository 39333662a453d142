// Where the tab gets its data: the attachments of the run, by the Build API, as the person who looks at it.
import { attachmentType, type StepRecord } from "../../EphemeralAgentTask/src/report/step-record.ts";
import { readRecord } from "./read-record.ts";

/** The run that the tab is shown for. */
export interface RunPage {
  /** Address of the organization, with a trailing slash. */
  readonly organization: string;
  readonly projectId: string;
  readonly buildId: number;
  token(): Promise<string>;
}

export interface RunRecords {
  readonly steps: readonly StepRecord[];
  /** More may come. */
  readonly running: boolean;
  /** Attachments that could not be read. */
  readonly unreadable: number;
}

async function get(page: RunPage, url: string): Promise<Response> {
  const headers = { authorization: `Bearer ${await page.token()}`, accept: "application/json" };
  const response = await fetch(url, { headers, credentials: "omit", redirect: "error" });
  if (!response.ok) throw new Error(`Azure DevOps answered ${response.status} ${response.statusText}`);
  return response;
}

interface Attachments {
  readonly value?: readonly { readonly _links?: { readonly self?: { readonly href?: string } } }[];
}

/**
 * Reads the records of all steps of a run.
 * @throws Error with what the service answered, when the run or the list of attachments cannot be read
 */
export async function readRun(page: RunPage): Promise<RunRecords> {
  const build = `${page.organization}${page.projectId}/_apis/build/builds/${page.buildId}`;
  const version = "api-version=7.1";
  const [{ status }, { value = [] }] = await Promise.all([
    get(page, `${build}?${version}`).then((answer) => answer.json() as Promise<{ readonly status?: string }>),
    get(page, `${build}/attachments/${attachmentType}?${version}`).then(
      (answer) => answer.json() as Promise<Attachments>,
    ),
  ]);
  // The token goes to the organization only, whatever a link says.
  const links = value.flatMap(({ _links }) => _links?.self?.href ?? []);
  const own = links.filter((href) => new URL(href).origin === new URL(page.organization).origin);
  const read = await Promise.all(
    own.map((href) =>
      get(page, href)
        .then(
          async (answer) => readRecord(await answer.json()),
          () => undefined,
        )
        .catch(() => undefined),
    ),
  );
  const steps = read.filter((step) => step !== undefined);
  return { steps, running: status !== "completed", unreadable: links.length - steps.length };
}
