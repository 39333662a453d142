// What a container's own words tell about why its agent is not there. They are text from outside: they choose among the
// catalogue's entries and are quoted, and nothing else is done with them.
import type { ErrorCode } from "../../errors.ts";

/** In the order in which one line is judged: the first kind may be said in the words of a later one. */
const signs: readonly (readonly [words: RegExp, code: ErrorCode])[] = [
  // runc, as container instances pass it on (MicrosoftDocs/azure-docs #39726 and #106296).
  [/exec format error/i, "EA609"],
  [/\/bin\/bash\b.*(no such file or directory|executable file not found)/i, "EA610"],
  // The agent prints the first and logs the second (microsoft/azure-pipelines-agent, `LocalClockSkewed`; #2393, #3919).
  [/clock may be out of sync|Current server time is/i, "EA613"],
  [/ran out of memory|\bout of memory\b|OutOfMemoryException|cannot allocate memory/i, "EA608"],
  // curl, wget, OpenSSL, .NET.
  [
    /SSL certificate problem|certificate verify failed|SSL connection could not be established|remote certificate is invalid|cannot verify .*certificate|unable to get local issuer certificate|self[- ]signed certificate/i,
    "EA615",
  ],
  // VS30063 and TF400813 are the service's for a token that may not come in; the others its token endpoint's.
  [
    /VS30063|TF400813|invalid_client|The client is not (valid|known)|not authorized to access|(status code|error)[: ]*401|\b401 \(?Unauthorized|Access denied\. .* needs/i,
    "EA614",
  ],
  // curl, wget, glibc as .NET passes it on with the host and port (microsoft/azure-pipelines-ephemeral-agents #2).
  [
    /could not resolve (host|proxy)|unable to resolve host|name or service not known|temporary failure in name resolution|resource temporarily unavailable \(|no such host is known|nodename nor servname|EAI_AGAIN|ENOTFOUND/i,
    "EA611",
  ],
  // curl, wget, .NET (microsoft/azure-pipelines-agent #3977 and #3281; "Agent connect error: The HTTP request timed out").
  [
    /connection refused|timed out|timeout (was|of \d+ seconds)|network is unreachable|no route to host|failed to connect to|connection attempt failed|ECONNREFUSED|ETIMEDOUT|ENETUNREACH/i,
    "EA612",
  ],
];

/** Which entry of the catalogue a line is about, if about one of these. */
export const signOf = (line: string): ErrorCode | undefined => signs.find(([words]) => words.test(line))?.[1];

/** What the start script says in any case: no news. */
const usual = /^(The container ends\.|Starting the listener|The image brings the agent|The image has no user 'agent')/;
/** What it says after the reason was told. */
const consequence =
  /^(The listener ended with exit code|The agent package could not be downloaded|Downloading the agent)/;

/** As much of a line as one quotes. */
const quotable = 300;

/** Without colours and other things that are no text. */
function printable(line: string): string {
  const text = line.replace(/\p{Cc}(\[[0-9;]*[A-Za-z])?/gu, " ").trim();
  return text.length > quotable ? `${text.slice(0, quotable)}…` : text;
}

export interface LastWords {
  /** The line that tells most. */
  readonly line: string;
  readonly code: ErrorCode | undefined;
}

/** How far back one looks: what was said before was overcome. */
const lines = 60;

/**
 * The decisive line of a log: the last one that tells of a known trouble, or else the last that is any news.
 * @returns undefined for a log that says nothing
 */
export function lastWords(log: string): LastWords | undefined {
  const latest = log.split("\n").map(printable).filter(Boolean).slice(-lines).reverse();
  for (const line of latest) {
    const code = signOf(line);
    if (code) return { line, code };
  }
  const news = latest.filter((line) => !usual.test(line));
  const line = news.find((each) => !consequence.test(each)) ?? news[0];
  return line === undefined ? undefined : { line, code: undefined };
}
