// The pages of the documentation that readers of the repository get.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../../scripts/build/bundle.ts";

export const pages = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "overview.md",
  "agent-image/README.md",
  "samples/README.md",
  "samples/roles/README.md",
  ...readdirSync(join(repository, "docs")).map((name) => `docs/${name}`),
];
