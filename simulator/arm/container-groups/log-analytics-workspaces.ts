// Log Analytics workspaces that container groups send their logs to.

/** A row of the table `ContainerInstanceLog_CL`, as far as the simulator fills it. */
interface WorkspaceLine {
  readonly time: string;
  readonly containerGroup: string;
  readonly container: string;
  readonly message: string;
}

/** Log Analytics workspaces: what containers wrote whose group names one. Nothing is sent; keys are not checked. */
export class Workspaces {
  readonly #lines = new Map<string, WorkspaceLine[]>();
  readonly #open = new Map<string, string>();

  /** What a workspace was sent, oldest first. */
  lines(workspaceId: string): readonly WorkspaceLine[] {
    return this.#lines.get(workspaceId) ?? [];
  }

  /** Takes a piece of output; whole lines become rows. */
  append(workspaceId: string, containerGroup: string, container: string, text: string): void {
    const key = `${workspaceId}/${containerGroup}`;
    const [last = "", ...whole] = ((this.#open.get(key) ?? "") + text).split("\n").reverse();
    this.#open.set(key, last);
    const rows = this.#lines.get(workspaceId) ?? [];
    const time = new Date().toISOString();
    rows.push(...whole.reverse().map((message) => ({ time, containerGroup, container, message })));
    this.#lines.set(workspaceId, rows);
  }
}
