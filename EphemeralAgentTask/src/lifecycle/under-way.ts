// Requests that make something and have no answer yet: a cancel gives up waiting for them, the service does not.
import type { AgentPool, ContainerHost } from "../ports.ts";

export interface UnderWay {
  readonly host: ContainerHost;
  readonly pool: AgentPool;
  /** Settles once each of them is answered, however. */
  answered(): Promise<void>;
}

/** The same ports, whose requests that make something are noted while they are under way. */
export function notingUnderWay(host: ContainerHost, pool: AgentPool): UnderWay {
  const open = new Set<Promise<unknown>>();
  function noted<T>(request: Promise<T>): Promise<T> {
    const over: Promise<unknown> = request.catch(() => undefined).then(() => open.delete(over));
    open.add(over);
    return request;
  }
  return {
    host: { ...host, create: (definition, signal) => noted(host.create(definition, signal)) },
    pool: {
      ...pool,
      register: (definition, signal) => noted(pool.register(definition, signal)),
      registerAgain: (id, definition, signal) => noted(pool.registerAgain(id, definition, signal)),
    },
    async answered() {
      await Promise.all(open);
    },
  };
}
