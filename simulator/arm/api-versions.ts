// The API versions that each resource type accepts.
import { armError } from "./arm-error.ts";

// The versions a service has had are accepted, so that clients of any age work; others are refused by their names.

const containerInstance = [
  ...["2017-08-01-preview", "2017-10-01-preview", "2017-12-01-preview", "2018-02-01-preview", "2018-04-01"],
  ...["2018-06-01", "2018-09-01", "2018-10-01", "2019-12-01", "2020-11-01", "2021-03-01", "2021-07-01", "2021-09-01"],
  ...["2021-10-01", "2022-09-01", "2022-10-01-preview", "2023-02-01-preview", "2023-05-01", "2023-05-15-preview"],
  ...["2024-05-01-preview", "2024-09-01-preview", "2024-10-01-preview", "2024-11-01-preview", "2025-09-01"],
  ...["2026-05-01", "2026-06-01-preview", "2026-07-01", "2026-08-01-preview"],
];

const network = [
  ...["2015-06-15", "2016-03-30", "2016-06-01", "2016-09-01", "2016-12-01", "2017-03-01", "2017-06-01", "2017-08-01"],
  ...["2017-09-01", "2017-10-01", "2017-11-01", "2018-01-01", "2018-02-01", "2018-04-01", "2018-06-01", "2018-07-01"],
  ...["2018-08-01", "2018-10-01", "2018-11-01", "2018-12-01", "2019-02-01", "2019-04-01", "2019-06-01", "2019-07-01"],
  ...["2019-08-01", "2019-09-01", "2019-11-01", "2019-12-01", "2020-03-01", "2020-04-01", "2020-05-01", "2020-06-01"],
  ...["2020-07-01", "2020-08-01", "2020-11-01", "2021-02-01", "2021-03-01", "2021-05-01", "2021-08-01", "2022-01-01"],
  ...["2022-05-01", "2022-07-01", "2022-09-01", "2022-11-01", "2023-02-01", "2023-04-01", "2023-05-01", "2023-06-01"],
  ...["2023-09-01", "2023-11-01", "2024-01-01", "2024-03-01", "2024-05-01", "2024-07-01", "2024-10-01", "2025-01-01"],
  ...["2025-03-01", "2025-05-01", "2025-07-01", "2025-09-01", "2026-01-01"],
  // Of private DNS zones alone, which have their own.
  ...["2018-09-01", "2020-01-01", "2024-06-01"],
];

const standbyPool = ["2023-12-01-preview", "2024-03-01-preview", "2024-03-01", "2025-03-01"];

const versionsOf: Readonly<Record<string, readonly string[]>> = {
  "microsoft.containerinstance": containerInstance,
  "microsoft.network": network,
  "microsoft.standbypool": standbyPool,
};

/** Versions of a provider's types, the newest first; nothing for one whose history is not known here. */
export function knownVersions(namespace: string): string[] {
  return [...(versionsOf[namespace.toLowerCase()] ?? [])].reverse();
}

const firstYear = 2014;

/**
 * Checks the `api-version` of a request.
 * @param namespace of the resource provider, or nothing for what ARM answers itself.
 * @throws Refused with 400 when it is missing or none that the service has had.
 */
export function checkApiVersion(version: string | null, namespace: string | undefined, type = ""): void {
  if (!version) {
    const message = "The api-version query parameter (?api-version=) is required for all requests.";
    throw armError(400, "MissingApiVersionParameter", message);
  }
  const known = versionsOf[namespace?.toLowerCase() ?? ""];
  if (known?.includes(version.toLowerCase())) return;
  if (known !== undefined && namespace !== undefined) {
    const message = `No registered resource provider found for API version '${version}' for type '${type}'. The supported api-versions are '${known.join(", ")}'.`;
    throw armError(400, "NoRegisteredProviderFound", message);
  }
  if (!isPlausible(version)) {
    const message = `The api-version '${version}' is invalid.`;
    throw armError(400, "InvalidApiVersionParameter", message);
  }
}

/** For types whose history is not known here: a real date since ARM exists. */
function isPlausible(version: string): boolean {
  const [, date, year] = /^((\d{4})-\d{2}-\d{2})(?:-(?:preview|alpha|beta|privatepreview))?$/i.exec(version) ?? [];
  const time = Date.parse(date ?? "");
  if (Number.isNaN(time) || Number(year) < firstYear || Number(year) > new Date().getFullYear() + 1) return false;
  return new Date(time).toISOString().startsWith(date ?? "");
}
