// The tab "Ephemeral agents" on a run's results: introduces itself to the page around it, and shows what the run's steps
// have attached.
import * as SDK from "azure-devops-extension-sdk";
import { failurePage, pageOf } from "./page.ts";
import { type RunPage, readRun } from "./source.ts";
import { followTheme } from "./theme.ts";

/** Services of the page around the tab, by the ids under which it offers them. */
const services = {
  build: "ms.vss-build-web.build-page-data-service",
  location: "ms.vss-features.location-service",
};

const lookAgainMs = 10_000;

interface BuildPage {
  getBuildPageData(): Promise<{ readonly build?: { readonly id: number; readonly project?: { readonly id: string } } }>;
}

interface Location {
  getServiceLocation(): Promise<string>;
}

async function runPage(): Promise<RunPage> {
  const [buildPage, location] = await Promise.all([
    SDK.getService<BuildPage>(services.build),
    SDK.getService<Location>(services.location),
  ]);
  const [{ build }, organization] = await Promise.all([buildPage.getBuildPageData(), location.getServiceLocation()]);
  if (build === undefined) throw new Error("this page belongs to no run");
  return {
    organization: organization.endsWith("/") ? organization : `${organization}/`,
    projectId: build.project?.id ?? SDK.getWebContext().project.id,
    buildId: build.id,
    token: () => SDK.getAccessToken(),
  };
}

function show(page: HTMLElement): void {
  const content = document.getElementById("content");
  content?.replaceChildren(page);
  content?.setAttribute("aria-busy", "false");
}

/** Somebody who reads has the focus or something open: the page then stays until the run has ended. */
const isRead = (): boolean =>
  document.querySelector("details[open]") !== null || document.activeElement?.classList.contains("bar") === true;

async function look(): Promise<void> {
  try {
    const records = await readRun(await runPage());
    if (!records.running || !isRead()) show(pageOf(records, Date.now()));
    if (records.running) setTimeout(() => void look(), lookAgainMs);
  } catch (error) {
    show(failurePage(error instanceof Error ? error.message : String(error), () => void look()));
  }
}

followTheme();
void SDK.init({ loaded: false, applyTheme: true })
  .then(look)
  .then(() => SDK.notifyLoadSucceeded());
