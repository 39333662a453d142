// A throw-away certificate authority for the servers of the simulator.
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import {
  bitString,
  encoded,
  explicit,
  implicit,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  set,
  truth,
  utcTime,
  utf8String,
} from "./der-encoding.ts";

/** What an HTTPS server needs to be trusted by whoever trusts `ca`. All three are PEM. */
export interface ServerCertificate {
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const day = 24 * 60 * 60 * 1000;
const authorityName = "Simulator throw-away CA";
const keyCertSign = Buffer.from([0x04]);
const digitalSignature = Buffer.from([0x80]);

/**
 * Makes a certificate authority that lives as long as the simulator does, and one certificate for loopback signed by
 * it. The authority's key is dropped here, so nothing else can ever be signed with it.
 * @param names that the certificate is for as well
 */
export function throwAwayCertificate(names: readonly string[] = []): ServerCertificate {
  const authority = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const server = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return {
    ca: certificate(authorityName, authority, authority, [
      extension("2.5.29.19", true, sequence(truth())), // basicConstraints: an authority
      extension("2.5.29.15", true, bitString(keyCertSign, 2)),
    ]),
    certificate: certificate("localhost", server, authority, [
      extension("2.5.29.19", true, sequence()),
      extension("2.5.29.15", true, bitString(digitalSignature, 7)),
      extension("2.5.29.37", false, sequence(objectIdentifier("1.3.6.1.5.5.7.3.1"))), // server authentication
      extension("2.5.29.17", false, subjectNames(["localhost", ...names])),
    ]),
    key: server.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

/** X.509 version 3 (RFC 5280 §4.1), signed with ECDSA over SHA-256. */
function certificate(subject: string, keys: KeyPair, issuer: KeyPair, extensions: readonly Buffer[]): string {
  const algorithm = sequence(objectIdentifier("1.2.840.10045.4.3.2"));
  const now = Date.now();
  const toBeSigned = sequence(
    explicit(0, integer(Buffer.from([2]))),
    // A first byte of 1 makes it positive and free of leading zeros.
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    algorithm,
    commonName(authorityName),
    sequence(utcTime(new Date(now - day)), utcTime(new Date(now + 30 * day))),
    commonName(subject),
    keys.publicKey.export({ type: "spki", format: "der" }),
    explicit(
      3,
      sequence(
        ...extensions,
        // Python's strict chain check, which the Azure CLI uses, wants both key identifiers.
        extension("2.5.29.14", false, octetString(keyIdentifier(keys.publicKey))),
        extension("2.5.29.35", false, sequence(implicit(0, keyIdentifier(issuer.publicKey)))),
      ),
    ),
  );
  const signature = sign("sha256", toBeSigned, issuer.privateKey);
  const lines = sequence(toBeSigned, algorithm, bitString(signature))
    .toString("base64")
    .match(/.{1,64}/g);
  return ["-----BEGIN CERTIFICATE-----", ...(lines ?? []), "-----END CERTIFICATE-----", ""].join("\n");
}

function extension(identifier: string, critical: boolean, value: Buffer): Buffer {
  return sequence(objectIdentifier(identifier), ...(critical ? [truth()] : []), octetString(value));
}

function commonName(name: string): Buffer {
  return sequence(set(sequence(objectIdentifier("2.5.4.3"), utf8String(name))));
}

/** Host names, and the addresses of loopback. */
function subjectNames(hosts: readonly string[]): Buffer {
  const dnsNames = hosts.map((host) => implicit(2, Buffer.from(host)));
  const addresses = [Buffer.from([127, 0, 0, 1]), Buffer.concat([Buffer.alloc(15), Buffer.from([1])])];
  return sequence(...dnsNames, ...addresses.map((address) => encoded(0x87, address)));
}

/** SHA-1 of the key's bits without their header (RFC 5280 §4.2.1.2), which for this curve are the last 65 bytes. */
function keyIdentifier(key: KeyObject): Buffer {
  const bits = key.export({ type: "spki", format: "der" }).subarray(-65);
  return createHash("sha1").update(bits).digest();
}
