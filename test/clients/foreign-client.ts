// A program in another language that calls that language's clients of Azure and Azure DevOps. It is told what to call by
// a line of JSON, and answers what the client made of the service's answer, under the names of the wire.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { goClients, python, pythonClients } from "../../scripts/test/foreign-clients.ts";
import { called, versionsOf } from "./calls.ts";

/** How a client says that it was refused. */
interface Refusal {
  /** The type of its error. */
  readonly type: string;
  /** Where the client keeps the HTTP status. */
  readonly status?: number;
  /** `typeKey` or error code. */
  readonly code?: string;
  readonly message: string;
}

interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: Refusal;
}

type Language = "Go" | "Python";

export const languages: readonly Language[] = ["Go", "Python"];

const programs: Readonly<Record<Language, readonly [string, ...string[]]>> = {
  Go: [goClients],
  Python: [python, pythonClients],
};

export class ForeignClient {
  readonly language: Language;
  readonly #folder = mkdtempSync(join(tmpdir(), "foreign-client-"));
  readonly #child;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #last = 0;

  /** @param caFile authority that it is to trust, and none but it */
  constructor(language: Language, caFile: string) {
    this.language = language;
    const [command, ...args] = programs[language];
    const { PATH = "", HOME = "" } = process.env;
    this.#child = spawn(command, args, {
      stdio: ["pipe", "pipe", "ignore"],
      env: {
        ...{ PATH, HOME, SSL_CERT_FILE: caFile, REQUESTS_CA_BUNDLE: caFile, PYTHONDONTWRITEBYTECODE: "1" },
        // Where the Python client keeps location tables, which are another simulator's next time.
        AZURE_DEVOPS_CACHE_DIR: this.#folder,
      },
    });
    createInterface({ input: this.#child.stdout }).on("line", (line) => {
      const answer = JSON.parse(line) as Answer;
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    });
    this.#child.once("exit", (code) => {
      const error = { type: "driver", message: `The ${language} program has ended with ${code}.` };
      for (const [id, settle] of this.#waiting) settle({ id, error });
    });
  }

  /** @throws when the client was refused. */
  async call<Value = unknown>(method: string, args: object = {}): Promise<Value> {
    const { value, error } = await this.#ask(method, args);
    assert.ok(
      error === undefined,
      `${method}: ${error?.type} ${error?.status ?? ""} ${error?.code ?? ""} ${error?.message}`,
    );
    return value as Value;
  }

  /** How the client says that it was refused. @throws when it was not. */
  async refused(method: string, args: object = {}): Promise<Refusal> {
    const { error } = await this.#ask(method, args);
    assert.ok(error, `${method} is not refused`);
    return error;
  }

  /** Calls again until the answer is as wanted. */
  async until<Value>(method: string, args: object, fits: (value: Value) => boolean): Promise<Value> {
    for (;;) {
      const value = await this.call<Value>(method, args);
      if (fits(value)) return value;
    }
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.stdin.end();
    await ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #ask(method: string, args: object): Promise<Answer> {
    const answer = await this.#send(method, args);
    assert.notEqual(answer.error?.type, "driver", answer.error?.message);
    called(this.language, method, answer.error?.code ?? answer.error?.type);
    return answer;
  }

  async #send(method: string, args: object): Promise<Answer> {
    this.#last += 1;
    const id = this.#last;
    const answered = new Promise<Answer>((resolve) => this.#waiting.set(id, resolve));
    this.#child.stdin.write(`${JSON.stringify({ id, method, args })}\n`);
    return answered;
  }

  /** Tells the list of calls which versions it is about. */
  async introduce(): Promise<this> {
    const { value } = await this.#send("versions", {});
    versionsOf(this.language, value as Record<string, string>);
    return this;
  }
}
