// A container without a container: the folders that the task mounts, an agent whose listener is a small shell script,
// and the real start script run by bash.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { endSession } from "./sessions.ts";
import { Uptime } from "./uptime.ts";

const machinePath = process.env.PATH ?? "";
const script = (name: string): string => fileURLToPath(new URL(`../../agent-image/${name}`, import.meta.url));

/** What the secret volume holds besides the script. The values are searched for in what is printed. */
export const agentFiles = {
  "agent.json": '{ "agentName": "content-of-agent-json" }',
  "credentials.json": '{ "scheme": "content-of-credentials-json" }',
  "rsaparams.json": '{ "d": "content-of-rsaparams-json" }',
} as const;

/** Ends only when it is told to. As one process, so that nothing of it is left behind. */
export const listensForever = "exec sleep 600";

/** Leaves everything it can tell about its start below `seen/`. */
export const tellsAll = 'env -0 >"$SEEN/environment"; echo "$*" >"$SEEN/arguments"; id -u >"$SEEN/user"';

export interface ContainerOptions {
  /** Lines of `start.env`. */
  readonly startEnv?: Readonly<Record<string, string | number>>;
  /** What the image's ENV adds. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Numeric id that the container runs as, instead of this process's. */
  readonly user?: number;
  /** Scripts in the `bin` folder of an agent that the image brings; none when it brings no agent. */
  readonly baked?: Readonly<Record<string, string>>;
  /** The image runs the script itself: nothing is mounted, and the script lies in the image. */
  readonly standalone?: boolean;
  /** The only commands that the image has; all of this machine's when it is left out. */
  readonly commands?: readonly string[];
  /** Scripts that take the place of commands of the image. */
  readonly programs?: Readonly<Record<string, string>>;
  /** Files of the image by their absolute paths, where the script looks for them; this machine's when it is left out. */
  readonly files?: Readonly<Record<string, string>>;
  /** The script is process 1 of a process namespace, as in a container; for root, where `ownNamespace` is true. */
  readonly firstProcess?: boolean;
  /** The clock stands until a test sets it. */
  readonly ownClock?: boolean;
}

/** What the start script cannot do without, besides something to download with. */
export const neededCommands: readonly string[] =
  "bash env id mkdir chmod chown stat install rm mv tar gzip sha256sum true touch".split(" ");

const namespace = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"];

/** Whether this process may make a process namespace, as root usually may. */
export const ownNamespace = spawnSync("unshare", [...namespace.slice(1), "true"]).status === 0;

interface Ended {
  readonly exitCode: number | null;
  readonly output: string;
}

export class Container {
  readonly folder = mkdtempSync(join(tmpdir(), "agent-image-"));
  readonly startFiles = join(this.folder, "start");
  readonly root = join(this.folder, "azp");
  readonly state = join(this.folder, "state");
  readonly seen = join(this.folder, "seen");
  /** What stands for the root of the image's own files. */
  readonly image = join(this.folder, "image");

  readonly #uptime = new Uptime(join(this.folder, "uptime"));
  readonly #ends: (() => void)[] = [];

  constructor(private readonly options: ContainerOptions) {
    chmodSync(this.folder, 0o755);
    for (const path of [this.startFiles, this.root, this.state, this.seen]) mkdirSync(path);
    chmodSync(this.seen, 0o777);
    if (options.baked !== undefined) this.bake(options.baked);
    for (const [path, content] of Object.entries(options.files ?? {})) {
      mkdirSync(dirname(join(this.image, path)), { recursive: true });
      writeFileSync(join(this.image, path), content);
    }
    if (options.standalone) {
      for (const name of ["entrypoint.sh", "standalone.sh"]) cpSync(script(name), join(this.root, name));
      return;
    }
    cpSync(script("entrypoint.sh"), join(this.startFiles, "entrypoint.sh"));
    const lines = Object.entries(options.startEnv ?? {}).map(([key, value]) => `${key}=${value}\n`);
    for (const [name, content] of Object.entries({ ...agentFiles, "start.env": lines.join("") })) {
      writeFileSync(join(this.startFiles, name), content);
    }
  }

  /** Puts an agent into the image: `config.sh` lies at its top, everything else in its `bin`. */
  bake(scripts: Readonly<Record<string, string>>): void {
    const agent = join(this.root, "agent");
    mkdirSync(join(agent, "bin"), { recursive: true });
    for (const [name, body] of Object.entries(scripts)) {
      const place = name === "config.sh" ? agent : join(agent, "bin");
      writeFileSync(join(place, name), executable(this, body), { mode: 0o755 });
    }
  }

  /** @param seconds since the machine was started, 1000 at first */
  setClock(seconds: number): void {
    this.#uptime.set(seconds);
  }

  /** Lets time pass, by a minute at each look, until something has happened. */
  async passTime(happened: Promise<unknown>): Promise<void> {
    let over = false;
    const seen = happened.finally(() => {
      over = true;
    });
    while (!over) {
      this.#uptime.advance(60);
      await Promise.race([seen, delay(50)]);
    }
  }

  /** Resolves once there is such a file below the container's folder. */
  async made(path: string): Promise<void> {
    while (!this.has(path)) await delay(20);
  }

  /** A file's content, by its path below the container's folder. */
  read(path: string): string {
    return readFileSync(join(this.folder, path), "utf8");
  }

  has(path: string): boolean {
    return existsSync(join(this.folder, path));
  }

  /** Whether the listener has run, and left something below `seen/`. */
  get listenerRan(): boolean {
    return readdirSync(this.seen).length > 0;
  }

  /** @param more variables, beside those of the image */
  start(more: Readonly<Record<string, string>> = {}) {
    const { user, environment, standalone, files, ownClock, firstProcess } = this.options;
    const place = standalone ? this.root : this.startFiles;
    const [file = "", ...args] = [...(firstProcess ? namespace : []), "bash", join(place, "entrypoint.sh")];
    const child = spawn(file, args, {
      cwd: "/",
      env: {
        PATH: this.#path(),
        EPHEMERAL_AGENT_ROOT: this.root,
        EPHEMERAL_STATE: this.state,
        ...(files && { EPHEMERAL_IMAGE: this.image }),
        ...(ownClock && { EPHEMERAL_UPTIME: this.#uptime.path }),
        ...environment,
        ...more,
      },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
      ...(user !== undefined && { uid: user, gid: user }),
    });
    // With a container's first process, all its others end.
    const end = () => endSession(child.pid);
    child.once("exit", end);
    this.#ends.push(end);
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    }
    return {
      /** Resolves once the container's log holds the text. */
      async printed(text: string): Promise<void> {
        while (!output.includes(text)) await once(child.stdout, "data");
      },
      kill: (signal: NodeJS.Signals) => child.kill(signal),
      ended: once(child, "close").then((): Ended => ({ exitCode: child.exitCode, output })),
    };
  }

  run(more: Readonly<Record<string, string>> = {}): Promise<Ended> {
    return this.start(more).ended;
  }

  /** Ends what a failed test has left running. */
  remove(): void {
    for (const end of this.#ends) end();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #path(): string {
    const { commands, programs = {} } = this.options;
    const folder = join(this.folder, "programs");
    mkdirSync(folder, { recursive: true });
    for (const [name, body] of Object.entries(programs))
      writeFileSync(join(folder, name), executable(this, body), { mode: 0o755 });
    const others = commands === undefined ? machinePath : this.#linkCommands(commands);
    return `${folder}${delimiter}${others}`;
  }

  #linkCommands(names: readonly string[]): string {
    const folder = join(this.folder, "commands");
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    for (const name of names) {
      const found = machinePath.split(delimiter).find((place) => existsSync(join(place, name)));
      if (found === undefined) throw new Error(`This machine has no ${name}.`);
      symlinkSync(join(found, name), join(folder, name));
    }
    return folder;
  }
}

/** A script of the agent, told where it lies and where it may leave something to see. */
export function executable(container: Container, body: string): string {
  return `#!/usr/bin/env bash\nSEEN=${container.seen} AGENT=${container.root}/agent\n${body}\n`;
}

/** Makes containers and removes them after each test of the suite that calls it. */
export function containers(): (options?: ContainerOptions) => Container {
  const made: Container[] = [];
  afterEach(() => {
    for (const container of made.splice(0)) container.remove();
  });
  return (options = {}) => {
    const container = new Container(options);
    made.push(container);
    return container;
  };
}
