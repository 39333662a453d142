// Values that nobody should give, and somebody does: any text, pieces that mean something somewhere, and very long ones.
import { createHash } from "node:crypto";
import fc from "fast-check";

/** Pieces that parsers look for. */
const pieces = [
  "=",
  "==",
  "<<END",
  "END",
  "\n",
  "\r\n",
  "\t",
  "\0",
  "\u2028",
  "$(",
  "$(name)",
  ")",
  "$[",
  "]",
  "##vso[task.setvariable variable=x]",
  "%0A",
  "://",
  "https://user:password@host:99999/x?y#z",
  "@",
  "/",
  "//",
  "..",
  "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v",
  "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
  "-----BEGIN PRIVATE KEY-----",
  "emptyDir mountPath=/work",
  "azureFile share=s account=a key=",
  "CPU=2",
  "subnetName=",
  "contoso.azurecr.io/agent:1",
  "@sha256:",
  "__proto__=1",
  "constructor=1",
  "Agent.Name=1",
  "1e309",
  "-0",
  "NaN",
  "true",
  "Windows",
  "container",
  "\ud800",
  "Größe",
  "东京",
  "eyJh.eyJi.c2ln",
];

const piece = fc.constantFrom(...pieces);

/** Long runs are what a careless pattern takes minutes for. */
const run = fc
  .tuple(
    fc.constantFrom("a", "/", "-", "=", "\n", "$(", " ", "A=1\n", ".", "@", "x,"),
    fc.integer({ min: 1, max: 4_000 }),
  )
  .map(([text, times]) => text.repeat(times));

const part = fc.oneof(
  { weight: 6, arbitrary: piece },
  { weight: 4, arbitrary: fc.string({ maxLength: 20 }) },
  { weight: 3, arbitrary: fc.string({ unit: "binary", maxLength: 20 }) },
  { weight: 1, arbitrary: run },
);

export const hostile = fc.array(part, { minLength: 0, maxLength: 6 }).map((parts) => parts.join(""));

/** What no message may hold. No name of a variable has its last letter, so that `$(…)` around it names none. */
export const canary = "C4N4RY-k3y!";

/** A hostile value with the canary in it. */
export const secret = fc
  .tuple(hostile, fc.constantFrom(canary, `NAME=${canary}`, `key=${canary}`, `http://u:${canary}@host`), hostile)
  .map((parts) => parts.join(""));

/** What somebody pastes where no secret belongs: the body of a key in its lines, a token, an address with a login. */
export const stray = fc
  .tuple(fc.nat(), fc.constantFrom(64, 76, 10_000), fc.constantFrom("", "NAME="))
  .chain(([seed, columns, name]) => {
    // Nobody's key is as even as what a generator tries first.
    const lines =
      createHash("shake256", { outputLength: 200 })
        .update(`${seed}`)
        .digest("base64")
        .match(new RegExp(`.{1,${columns}}`, "g")) ?? [];
    const key = { value: name + lines.join("\n"), hidden: lines.filter((line) => line.length >= 20) };
    const login = { value: `https://user:${canary}@contoso.azurecr.io/agent:1`, hidden: [canary] };
    return fc.constantFrom(key, login);
  });

/** A value that is right, mostly, so that a case has few that are not; or none, or a hostile one. */
export const orHostile = (right: string | undefined) =>
  fc.oneof(
    { weight: 50, arbitrary: fc.constant(right) },
    { weight: 1, arbitrary: fc.constant(undefined) },
    { weight: 2, arbitrary: hostile },
  );

/** How many cases: a few with every test run, as many as one likes by `npm run test:properties`. */
export const cases = { numRuns: Number(process.env.PROPERTY_CASES ?? 300) };
