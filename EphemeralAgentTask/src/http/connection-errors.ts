// Turns failures on the way to a service (DNS, TLS, proxy, timeout) into `ServiceFault`.
import { type FaultDetails, ServiceFault } from "../ports.ts";
import type { MachineProxy } from "./transport.ts";

/** A request, as far as its faults tell of it. */
export interface Asked {
  readonly service: ServiceFault["service"];
  readonly url: string;
  readonly method: string;
  /** It makes, changes or removes something: when its answer is lost, nobody knows whether it was carried out. */
  readonly changes: boolean;
}

const host = ({ url }: Asked) => new URL(url).host;

/** OpenSSL's and Node's names for a certificate that is not trusted. */
const untrusted =
  /^(CERT_|CRL_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH|HOSTNAME_MISMATCH|ERROR_IN_C|ERR_TLS_CERT)/;

/** No connection came about, so nobody has read the request. */
const neverSent = /^(ECONNREFUSED|ENOTFOUND|EAI_|EHOSTUNREACH|ENETUNREACH|ERR_INVALID_)/;

/** Something answered, but not in TLS or not in HTTP. */
const otherProtocol = /^(EPROTO|HPE_|ERR_SSL_)/;

/** @param proxy that the request went through */
export function silence(asked: Asked, error: unknown, proxy: MachineProxy | undefined): ServiceFault {
  if (error instanceof ServiceFault) return error;
  const { code = "NoAnswer", message, syscall, path } = error as NodeJS.ErrnoException;
  const through = proxy ? ` (through the proxy ${new URL(proxy.url).host})` : "";
  const details = { host: host(asked), retryable: true } as const;
  if (syscall === "open") {
    const said = `the certificates of this machine's agent cannot be read from ${path}: ${code}.`;
    return new ServiceFault(asked.service, code, said, { ...details, kind: "certificate", retryable: false });
  }
  const said = `${message || code}${through}`;
  if (untrusted.test(code)) {
    return new ServiceFault(asked.service, code, said, { ...details, kind: "certificate", seldomPasses: true });
  }
  if (otherProtocol.test(code)) {
    const what = `${host(asked)} did not answer in HTTPS: ${said}`;
    return new ServiceFault(asked.service, "NotUnderstood", what, {
      ...details,
      kind: "foreign",
      ambiguous: asked.changes,
    });
  }
  return new ServiceFault(asked.service, code, said, {
    ...details,
    kind: "silence",
    ambiguous: asked.changes && !neverSent.test(code),
  });
}

/** @param status that the proxy answered instead of making a tunnel */
export function refusedByProxy(asked: Asked, status: number, proxy: MachineProxy | undefined): ServiceFault {
  const name = proxy ? ` ${new URL(proxy.url).host}` : "";
  const said = `the proxy${name} answered ${status} instead of connecting to ${host(asked)}.`;
  return new ServiceFault(asked.service, "ProxyRefused", said, {
    kind: "proxy",
    status,
    host: host(asked),
    retryable: true,
    // A gateway that is overloaded recovers; a rule or a password stays as it is.
    seldomPasses: status < 500,
  });
}

/**
 * An answer that says nothing of what was asked.
 * @param what came, e.g. `a page titled 'Sign In'`; no text of a body, which may hold secrets
 */
export function foreign(asked: Asked, status: number, what: string, more: FaultDetails = {}): ServiceFault {
  return new ServiceFault(asked.service, "NotUnderstood", `${host(asked)} answered ${status} with ${what}.`, {
    kind: "foreign",
    status,
    host: host(asked),
    retryable: true,
    ambiguous: asked.changes,
    ...more,
  });
}

/** An answer that began and did not end, or cannot be unpacked. */
export function broken(asked: Asked, status: number, error: Error): ServiceFault {
  return error instanceof ServiceFault ? error : foreign(asked, status, `a body that cannot be read: ${error.message}`);
}

/** A sign-in page: the credential was not taken, as if it were a browser that asked. */
export function signIn(asked: Asked, status: number, what: string): ServiceFault {
  const said = `${host(asked)} answered ${status} with its sign-in page (${what}) instead of data.`;
  return new ServiceFault(asked.service, "SignInPage", said, {
    kind: "signIn",
    status,
    host: host(asked),
    retryable: true,
    seldomPasses: true,
    ambiguous: asked.changes,
  });
}
