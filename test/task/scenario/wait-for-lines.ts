// Waits for lines and requests as they come.

/** Things as they come, each told to those who wait for one like it. */
export class Seen<Item> {
  readonly items: Item[] = [];
  readonly #waiting = new Set<(item: Item) => void>();
  readonly #refusing = new Set<(reason: Error) => void>();

  readonly push = (item: Item): void => {
    this.items.push(item);
    for (const look of [...this.#waiting]) look(item);
  };

  /** Nothing more comes for now: who waits would wait for ever. */
  over(reason: () => string): void {
    for (const refuse of [...this.#refusing]) refuse(new Error(reason()));
  }

  /** Resolves with the first one that fits, at once if it has come already. @throws when `over` comes first */
  first(fits: (item: Item) => boolean): Promise<Item> {
    const past = this.items.find(fits);
    if (past !== undefined) return Promise.resolve(past);
    const found = new Promise<Item>((resolve, reject) => {
      const done = (): void => {
        this.#waiting.delete(look);
        this.#refusing.delete(refuse);
      };
      const look = (item: Item): void => {
        if (!fits(item)) return;
        done();
        resolve(item);
      };
      const refuse = (reason: Error): void => {
        done();
        reject(reason);
      };
      this.#waiting.add(look);
      this.#refusing.add(refuse);
    });
    // Somebody may have stopped looking before.
    found.catch(() => undefined);
    return found;
  }
}

/** The first line that matches. */
export const line = (lines: Seen<string>, pattern: RegExp): Promise<string> => lines.first((one) => pattern.test(one));
