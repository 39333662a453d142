// Creates a self-signed client certificate.
import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import {
  bitString,
  encoded,
  explicit,
  integer,
  objectIdentifier,
  sequence,
  set,
  utcTime,
  utf8String,
} from "../http/der-encoding.ts";

interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

const day = 24 * 60 * 60 * 1000;
const sha256WithRsa = sequence(objectIdentifier("1.2.840.113549.1.1.11"), encoded(0x05));

/**
 * A self-signed certificate and its key in one PEM text, in the order in which a service connection keeps them
 * (facts aci-azure-sdk §4.1): key first.
 */
export function clientCertificate(subject: string, validity: Partial<Validity> = {}): string {
  const { notBefore = new Date(Date.now() - day), notAfter = new Date(Date.now() + 30 * day) } = validity;
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const name = sequence(set(sequence(objectIdentifier("2.5.4.3"), utf8String(subject))));
  const toBeSigned = sequence(
    explicit(0, integer(Buffer.from([2]))),
    // A first byte of 1 makes it positive and free of leading zeros.
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    sha256WithRsa,
    name,
    sequence(utcTime(notBefore), utcTime(notAfter)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
  );
  const signature = sign("sha256", toBeSigned, privateKey);
  const certificate = sequence(toBeSigned, sha256WithRsa, bitString(signature));
  const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const lines = certificate.toString("base64").match(/.{1,64}/g) ?? [];
  return [`${key}-----BEGIN CERTIFICATE-----`, ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}
