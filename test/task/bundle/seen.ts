/** Things as they come, each told to those who wait for one like it. */
export class Seen<Item> {
  readonly items: Item[] = [];
  readonly #waiting = new Set<(item: Item) => void>();

  readonly push = (item: Item): void => {
    this.items.push(item);
    for (const look of [...this.#waiting]) look(item);
  };

  /** Resolves with the first one that fits, at once if it has come already. */
  first(fits: (item: Item) => boolean): Promise<Item> {
    const past = this.items.find(fits);
    if (past !== undefined) return Promise.resolve(past);
    return new Promise((resolve) => {
      const look = (item: Item): void => {
        if (!fits(item)) return;
        this.#waiting.delete(look);
        resolve(item);
      };
      this.#waiting.add(look);
    });
  }
}

/** The first line that matches. */
export const line = (lines: Seen<string>, pattern: RegExp): Promise<string> => lines.first((one) => pattern.test(one));
