// What a container's own words tell about why its agent is not there. They are text from outside: they choose among the
// catalog's entries and are quoted, and nothing else is done with them.
import type { ErrorCode } from "../catalog.ts";

/** In the order in which one line is judged: the first kind may be said in the words of a later one. */
const signs: readonly (readonly [words: RegExp, code: ErrorCode])[] = [
  // runc, as container instances pass it on (MicrosoftDocs/azure-docs #39726 and #106296).
  [/exec format error/i, "EA609"],
  [/\/bin\/bash\b.*(no such file or directory|executable file not found)/i, "EA610"],
  // The start script, before it starts anything.
  [/^The image lacks |^The image's bash is version /, "EA619"],
  // The start script; musl's loader; and the kernel, which does not find the agent's (azure-pipelines-agent #1829, #1319).
  [
    /^The image is built on musl|Error loading shared library ld-linux|Agent\.Listener.*(required file not found|No such file or directory)/i,
    "EA620",
  ],
  // .NET and glibc's loader.
  [
    /valid ICU package|No usable version of (libssl|the libssl|OpenSSL)|cannot open shared object file|Unable to load shared library/i,
    "EA621",
  ],
  // tar and others, curl (exit code 23).
  [/No space left on device|Disk quota exceeded|\(23\) (Failure|Failed) writing/i, "EA622"],
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
    /could not resolve (host|proxy)|unable to resolve host|name or service not known|temporary failure in name resolution|resource temporarily unavailable \(|no such host is known|nodename nor servname|\b(EAI_AGAIN|ENOTFOUND)\b/i,
    "EA611",
  ],
  // curl, wget, .NET (microsoft/azure-pipelines-agent #3977 and #3281; "Agent connect error: The HTTP request timed out").
  [
    /connection refused|timed out|timeout (was|of \d+ seconds)|network is unreachable|no route to host|failed to connect to|connection attempt failed|\b(ECONNREFUSED|ETIMEDOUT|ENETUNREACH)\b/i,
    "EA612",
  ],
];

/** Which entry of the catalog a line is about, if about one of these. */
export const signOf = (line: string): ErrorCode | undefined => signs.find(([words]) => words.test(line))?.[1];

/** Lines that the start script always prints. */
const usual =
  /^(The container ends\.|The variable \S+ is not handed to the agent|The image has no authorities of its own|Starting the listener|The image brings the agent|The image has no user 'agent')/;
/** Lines that it prints after the reason. */
const consequence =
  /^(The listener ended with exit code|The agent package could not be (downloaded|unpacked)|Downloading the agent)/;

/** Lines that a shell adds when a program crashes. */
const epitaph = /^(\S+: line \d+: *\d* *)?(Aborted|Killed|Terminated|Segmentation fault)\b/;

/** Not what went wrong, but where: the line before it says why. */
const trace: readonly RegExp[] = [
  /^at \S.*(\)|:\d+)( in .*:line \d+)?$/, // .NET, Node, Java
  /^--- End of /,
  /^\.\.\. \d+ (more|common frames omitted)$/, // Java
  /^(\+ ~+|\^+|~+|[}\]);]+)$/,
  /^(Node\.js v\d|Require stack:$|- (\/|[A-Z]:\\))/,
  /^File ".*", line \d+/, // Python
  /^(\[signal SIG\w+: .*\]$|goroutine \d+ \[|created by \S+|exit status \d+$|[\w./*()-]+\(.*\)$|\S+\.go:\d+)/, // Go
  /^(note: .*\bRUST_BACKTRACE=|note: Some details are omitted|stack backtrace:$|\d+: \w+(::|$))/, // Rust
  /^from \S+:\d+:in /, // Ruby
  /^\+ (CategoryInfo|FullyQualifiedErrorId) *:/, // Windows PowerShell
];
const isTrace = (line: string) => trace.some((form) => form.test(line));

/** What takes several lines, and is known by the first of them. */
const unfolded = (log: string): string =>
  log
    // Node's properties of an error, after its last frame.
    .replace(/^( *at [^\n]*[):\d]) \{\r?\n(?: +[^\n]*\n){1,20}\}/gm, "$1")
    .replace(/( panicked at [^\n]{0,300}:\d+:\d+:)\r?\n/g, "$1 ")
    // Windows PowerShell quotes the command; PowerShell puts its message behind a bar.
    .replace(/^At [^\n]* char:\d+\r?\n\+ [^\n]*$/gm, "")
    .replace(/^ +\| (?=[^\s~])/gm, "");

/** Longest quotation from a line. */
const quotable = 300;

/** Removes colors and other control sequences. */
function printable(line: string): string {
  const text = line.replace(/\p{Cc}(\[[0-9;]*[A-Za-z])?/gu, " ").trim();
  return text.length > quotable ? `${text.slice(0, quotable)}…` : text;
}

export interface LastWords {
  /** The most telling line. */
  readonly line: string;
  readonly code: ErrorCode | undefined;
}

/** How many lines are searched: earlier ones no longer matter. */
const lines = 60;

/**
 * The decisive line of a log: the last one that tells of a known trouble, or else the last that is any news.
 * @returns undefined for a log that says nothing
 */
export function lastWords(log: string): LastWords | undefined {
  const said = unfolded(log)
    .split("\n")
    .map(printable)
    .filter((line) => line !== "" && !isTrace(line));
  const latest = said.slice(-lines).reverse();
  for (const line of latest) {
    const code = signOf(line);
    if (code) return { line, code };
  }
  const news = latest.filter((line) => !usual.test(line));
  const reasons = news.filter((line) => !consequence.test(line));
  const line = reasons.find((each) => !epitaph.test(each)) ?? reasons[0] ?? news[0];
  return line === undefined ? undefined : { line, code: undefined };
}
