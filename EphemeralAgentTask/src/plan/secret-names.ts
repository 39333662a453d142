// Names of environment variables that tell of a secret. `agent-image/entrypoint.sh` has a copy of both lists by necessity:
// it runs in a container that has nothing of this. A test compares them.

/** Shell patterns, in capitals. A name is compared in capitals, too. */
export const secretNames: readonly string[] = [
  "*TOKEN*",
  "*SECRET*",
  "*PASSW*",
  "*PASSPHRASE*",
  "*PASS",
  "*PASS_*",
  "*PASSFILE",
  "*_PW",
  "*PWD",
  "*CREDENTIAL*",
  "*CREDS",
  "*CONN*STR*",
  "*_CONNECTION",
  "AUTH",
  "*_AUTH",
  "*_AUTH_*",
  "*AUTHORIZATION",
  "*COOKIE",
  "*WEBHOOK",
  "*WEBHOOK_UR[IL]",
  "*KEY",
  "*_KEY_*",
  "*KEY[0-9]",
  "*_KEYS",
  "*APIKEYS",
  "*_PRIVATE",
  "PAT",
  "*_PAT",
  "SAS",
  "*_SAS",
  "*_SAS_*",
  "JWT",
  "*_JWT",
  "PEM",
  "*_PEM",
  "*_PEM_*",
  "*_PFX",
  "*_PFX_*",
  "*_P12",
  "*_P12_*",
  "DSN",
  "*_DSN",
  // Addresses of databases and queues usually hold a user and a password.
  "*DATABASE_UR[IL]",
  "*DB_UR[IL]",
  "*JDBC_UR[IL]",
  "*MONGO*_UR[IL]",
  "*POSTGRES*_UR[IL]",
  "*MYSQL_UR[IL]",
  "*REDIS*_UR[IL]",
  "*AMQP*_UR[IL]",
  "*RABBITMQ*_UR[IL]",
];

/** Names that match by chance. */
export const openNames: readonly string[] = ["PWD", "OLDPWD", "BYPASS", "*_BYPASS"];

/** The pattern as a regular expression; `*` and one set of characters is all that the lists use. */
const expression = (pattern: string) => new RegExp(`^${pattern.replaceAll("*", ".*")}$`);

const [secret, open] = [secretNames, openNames].map((list) => list.map(expression));

/** Longer than any name that Azure takes. */
const longest = 256;

/** True when a variable of this name is likely to hold a secret. */
export function looksSecret(name: string): boolean {
  if (name.length > longest) return true;
  const capitals = name.toUpperCase();
  const matches = (list: readonly RegExp[] | undefined) => list?.some((one) => one.test(capitals)) ?? false;
  return matches(secret) && !matches(open);
}
