// Reads the body of an agent's registration.
import { randomUUID } from "node:crypto";
import {
  type Fields,
  optionalBoolean,
  optionalFields,
  optionalNumber,
  optionalText,
  text,
  textMap,
} from "../json-fields.ts";
import { invalidArgument } from "../service-error.ts";
import type { PublicKey } from "./agent-public-key.ts";
import type { AgentPool, AgentRecord, Capabilities } from "./pool-state.ts";

export function newRecord(pool: AgentPool, id: number, name: string, seeded = false): AgentRecord {
  const now = new Date().toISOString();
  return {
    id,
    pool,
    name,
    version: "",
    osDescription: "",
    enabled: true,
    maxParallelism: 1,
    provisioningState: "Provisioned",
    createdOn: now,
    statusChangedOn: now,
    status: "offline",
    clientId: randomUUID(),
    publicKey: undefined,
    systemCapabilities: {},
    userCapabilities: {},
    session: undefined,
    assigned: undefined,
    lastCompleted: undefined,
    clearing: undefined,
    seeded,
  };
}

/** Takes over what a registration says of the agent. User capabilities are a matter of their own. */
export function describe(agent: AgentRecord, sent: Fields): void {
  agent.version = optionalText(sent, "version") ?? agent.version;
  agent.osDescription = optionalText(sent, "osDescription") ?? agent.osDescription;
  agent.maxParallelism = optionalNumber(sent, "maxParallelism") ?? agent.maxParallelism;
  agent.provisioningState = optionalText(sent, "provisioningState") ?? agent.provisioningState;
  agent.enabled = optionalBoolean(sent, "enabled") ?? agent.enabled;
  agent.publicKey = sentKey(sent) ?? agent.publicKey;
  agent.systemCapabilities = sentCapabilities(sent, "systemCapabilities");
}

export function sentCapabilities(sent: Fields, name: string): Capabilities {
  const given = sent.get(name);
  return given === undefined || given === null ? {} : textMap(given, name);
}

/** Standard base64, a modulus of 256 bytes. An agent without a key can never sign in: it only holds a place. */
function sentKey(sent: Fields): PublicKey | undefined {
  const key = optionalFields(optionalFields(sent.get("authorization"), "authorization")?.get("publicKey"), "publicKey");
  if (key === undefined) return undefined;
  const [exponent, modulus] = [text(key, "exponent"), text(key, "modulus")];
  for (const value of [exponent, modulus]) {
    if (Buffer.from(value, "base64").toString("base64") !== value) {
      throw invalidArgument("authorization.publicKey must hold standard base64.");
    }
  }
  if (Buffer.from(modulus, "base64").length !== 256) throw invalidArgument("The modulus must be 256 bytes long.");
  return { exponent, modulus };
}
