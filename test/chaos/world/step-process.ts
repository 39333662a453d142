// A step's process: its requests can go wrong in every way, and it can die at any moment. What it had sent may still
// arrive; what it would have done next never happens.
import type { Ports } from "../../../EphemeralAgentTask/src/lifecycle/step/step-context.ts";
import {
  type AgentPool,
  type Clock,
  type ContainerHost,
  type PipelineRun,
  ServiceFault as RealFault,
} from "../../../EphemeralAgentTask/src/ports.ts";
import { MemoryTask } from "../../in-memory/memory-task-host.ts";
import type { VirtualClock } from "../../in-memory/virtual-clock.ts";
import type { World } from "../../in-memory/world.ts";
import type { Core } from "../core.ts";
import type { FaultKind } from "../schedules/schedule.ts";

/** One for each wait: what waits for a promise that lives on is never let go of. */
const never = () => new Promise<never>(() => undefined);

/** Longer than any attempt is waited for. */
const lateMs = 75_000;

/**
 * The PUT of a group is at most so late: a repeated one restarts its container (facts aci-azure-sdk §3.5), so that the
 * task can only be right if a request that it gave up after a minute is not carried out afterwards.
 */
const latePutMs = 45_000;

/** Come in place of what was asked for, and after it. */
const instead: ReadonlySet<FaultKind> = new Set<FaultKind>([
  "fails",
  "throttled",
  "cut",
  "refused",
  "page",
  "sign-in page",
  "proxy",
  "unexpected",
]);
const afterwards: ReadonlySet<FaultKind> = new Set<FaultKind>([
  "answer lost",
  "done, then a page",
  "done, then unexpected",
]);

/** The fault for the nth request of this process, if one is planned. */
type Strike = (request: number) => FaultKind | undefined;

export class TaskProcess {
  readonly task = new MemoryTask();
  alive = true;
  requests = 0;
  /** How far its date is from the services', in milliseconds. */
  dateOffMs = 0;
  /** Faults that struck, by kind. */
  readonly struck: FaultKind[] = [];
  /** How often each record was read: who is watched by this process. */
  readonly reads = new Map<number, number>();
  private died: () => void = () => undefined;
  /** Settles when the process is killed. */
  readonly death = new Promise<"dead">((resolve) => {
    this.died = () => resolve("dead");
  });

  constructor(
    readonly world: World,
    readonly core: Core,
    readonly strike: Strike,
  ) {}

  kill(): void {
    this.alive = false;
    this.died();
  }

  private get clock(): VirtualClock {
    return this.world.clock;
  }

  private fault(kind: FaultKind, service: "Azure" | "Azure DevOps") {
    const { ServiceFault } = this.core;
    switch (kind) {
      case "throttled":
        return new ServiceFault(service, "TooManyRequests", "slow down", {
          status: 429,
          retryable: true,
          retryAfterMs: 5_000,
        });
      case "refused":
        return new ServiceFault(service, "Forbidden", "not allowed", { status: 403 });
      case "page":
      case "done, then a page":
        return new ServiceFault(service, "NotUnderstood", "answered 200 with a page", {
          kind: "foreign",
          retryable: true,
          ambiguous: true,
        });
      case "sign-in page":
        return new ServiceFault(service, "SignInPage", "answered with its sign-in page", {
          kind: "signIn",
          retryable: true,
          seldomPasses: true,
          ambiguous: true,
        });
      case "proxy":
        return new ServiceFault(service, "ProxyRefused", "the proxy answered 403", {
          kind: "proxy",
          retryable: true,
          seldomPasses: true,
        });
      case "unexpected":
      case "done, then unexpected":
        return new TypeError("incorrect header check");
      case "fails":
        return new ServiceFault(service, "InternalServerError", "try later", {
          status: 500,
          retryable: true,
          ambiguous: true,
        });
      default:
        return new ServiceFault(service, "network", "connection reset", { retryable: true, ambiguous: true });
    }
  }

  /** The world's refusals are of the real core's class, and a mutant knows only its own. */
  private own(error: unknown): unknown {
    if (!(error instanceof RealFault)) return error;
    const { service, code, message, details } = error;
    return new this.core.ServiceFault(service, code, message, details);
  }

  private async request<T>(
    service: "Azure" | "Azure DevOps",
    send: () => Promise<T>,
    late: number = lateMs,
  ): Promise<T> {
    if (!this.alive) return never();
    const kind = this.strike(this.requests++);
    if (kind) this.struck.push(kind);
    if (kind === "dies before") this.kill();
    if (!this.alive || kind === "hangs") return never();
    // Requests take a little time, so that others come in between.
    await this.clock.sleep(40 + Math.floor(this.clock.random() * 120));
    if (kind === "done late") {
      this.clock.after(late, () => void send().catch(() => undefined));
      return never();
    }
    if (kind !== undefined && instead.has(kind)) throw this.fault(kind, service);
    const answer = await send().catch((error: unknown) => {
      throw this.own(error);
    });
    if (kind === "dies after") this.kill();
    if (!this.alive) return never();
    if (kind !== undefined && afterwards.has(kind)) throw this.fault(kind, service);
    return answer;
  }

  /** The ports as this process has them. @param run the run's own port */
  ports(run: PipelineRun): Ports {
    const { pool, host } = this.world;
    const devops = <T>(send: () => Promise<T>) => this.request("Azure DevOps", send);
    const azure = <T>(send: () => Promise<T>) => this.request("Azure", send);
    const unreliablePool: AgentPool = {
      id: pool.id,
      name: pool.name,
      agentPackage: () => devops(() => pool.agentPackage()),
      register: (definition) => devops(() => pool.register(definition)),
      registerAgain: (id, definition) => devops(() => pool.registerAgain(id, definition)),
      tryCredential: (agent) => devops(() => pool.tryCredential(agent)),
      setCapabilities: (id, capabilities) => devops(() => pool.setCapabilities(id, capabilities)),
      get: (id) => {
        this.reads.set(id, (this.reads.get(id) ?? 0) + 1);
        return devops(() => pool.get(id));
      },
      find: (name) => devops(() => pool.find(name)),
      list: () => devops(() => pool.list()),
      enable: (id) => devops(() => pool.enable(id)),
      disable: (id) => devops(() => pool.disable(id)),
      remove: (id) => devops(() => pool.remove(id)),
      jobRequests: () => devops(() => pool.jobRequests()),
    };
    const unreliableHost: ContainerHost = {
      resourceGroupId: host.resourceGroupId,
      network: (subnetId) => azure(() => host.network(subnetId)),
      pullCredential: (access) => azure(() => host.pullCredential(access)),
      standbyPool: (id) => azure(() => host.standbyPool(id)),
      create: (definition) => this.request("Azure", () => host.create(definition), latePutMs),
      get: (name) => azure(() => host.get(name)),
      list: () => azure(() => host.list()),
      remove: (name) => azure(() => host.remove(name)),
      stop: (name) => azure(() => host.stop(name)),
      tag: (name, tags) => azure(() => host.tag(name, tags)),
      log: (name, lines) => azure(() => host.log(name, lines)),
    };
    const unreliableRun: PipelineRun = {
      timeline: () => devops(() => run.timeline()),
      isOver: (runId) => devops(() => run.isOver(runId)),
    };
    const mortal: Clock = {
      now: () => this.clock.now(),
      date: () => this.clock.date() + this.dateOffMs,
      random: () => this.clock.random(),
      after: (ms, action) => this.clock.after(ms, () => this.alive && action()),
      sleep: async (ms, signal) => {
        await this.clock.sleep(ms, signal);
        if (!this.alive) await never();
      },
    };
    return { clock: mortal, task: this.task, pool: unreliablePool, host: unreliableHost, run: unreliableRun };
  }
}
