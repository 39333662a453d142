// Where the live smoke test looks: asked for by environment variables, and at the prompt for what is missing.
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";

/** What the test needs to know, by the environment variables that say it. */
const questions = {
  AZURE_DEVOPS_URL: "Organization, such as https://dev.azure.com/contoso",
  AGENT_POOL: "Agent pool, for this test alone",
  AZURE_DEVOPS_EXT_PAT: "Personal access token, scope Agent Pools (Read & manage); not shown",
  AZURE_SUBSCRIPTION_ID: "Subscription id",
  AZURE_TENANT_ID: "Tenant id",
  AZURE_CLIENT_ID: "Application id of the service connection",
  AZURE_CLIENT_SECRET: "Its secret; not shown",
  RESOURCE_GROUP: "Resource group, for this test alone",
  SUBNET_ID: "Resource id of the delegated subnet",
  IMAGE: "Image that can be pulled without credentials",
} as const;

type Question = keyof typeof questions;

/** Where the services are, when they are not in the public cloud; and a subnet for one more point. */
interface Optional {
  readonly AZURE_RESOURCE_MANAGER_URL?: string | undefined;
  readonly AZURE_AUTHORITY_URL?: string | undefined;
  /** A subnet that is not delegated. */
  readonly OTHER_SUBNET_ID?: string | undefined;
}

export type Place = Readonly<Record<Question, string>> & Optional;

const secrets: readonly Question[] = ["AZURE_DEVOPS_EXT_PAT", "AZURE_CLIENT_SECRET"];

/** The secrets of a place: they are never shown, and never in the result. */
export function secretsOf(place: Place): string[] {
  return secrets.map((name) => place[name]);
}

/** Asks at the terminal. What is typed for a secret does not show. */
async function askedFor(name: Question): Promise<string> {
  const secret = secrets.includes(name);
  process.stdout.write(`${questions[name]}: `);
  const output = secret ? new Writable({ write: (_chunk, _encoding, done) => done() }) : process.stdout;
  const terminal = createInterface({ input: process.stdin, output, terminal: process.stdin.isTTY });
  try {
    return (await terminal.question("")).trim();
  } finally {
    terminal.close();
    if (secret) process.stdout.write("\n");
  }
}

/**
 * @param environment where answers are looked for first
 * @param ask for what the environment does not say
 * @throws when an answer is empty
 */
export async function placeOf(environment: NodeJS.ProcessEnv, ask = askedFor): Promise<Place> {
  const answers: Partial<Record<Question, string>> = {};
  for (const name of Object.keys(questions) as Question[]) {
    answers[name] = environment[name]?.trim() || (await ask(name));
    if (answers[name] === "") throw new Error(`${name} is missing: ${questions[name]}.`);
  }
  const { AZURE_RESOURCE_MANAGER_URL, AZURE_AUTHORITY_URL, OTHER_SUBNET_ID } = environment;
  const url = `${answers.AZURE_DEVOPS_URL?.replace(/\/+$/, "")}/`;
  return {
    ...(answers as Record<Question, string>),
    AZURE_DEVOPS_URL: url,
    ...{ AZURE_RESOURCE_MANAGER_URL, AZURE_AUTHORITY_URL, OTHER_SUBNET_ID },
  };
}
