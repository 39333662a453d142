// Collects the differences between answers and recordings.
import type { Answer } from "../http/plain-request.ts";
import { differences, keyOf, type Shape } from "./shape.ts";

/** What the simulator's answers were compared with, and what differed. */
export class Looks {
  readonly #shapes: ReadonlyMap<string, Shape>;
  readonly #found = new Map<string, readonly string[]>();

  constructor(shapes: readonly Shape[]) {
    this.#shapes = new Map(shapes.map((shape) => [keyOf(shape), shape]));
  }

  /** Compares an answer with what was recorded for that request, status and state. @returns the answer */
  async at(key: string, asked: Promise<Answer>): Promise<Answer> {
    const answer = await asked;
    const shape = this.#shapes.get(key);
    if (shape === undefined) throw new Error(`There is no shape ${key}.`);
    if (answer.status !== shape.status) throw new Error(`${key}: ${answer.status} ${answer.text}`);
    const found = differences(shape, answer);
    this.#found.set(key, [...(this.#found.get(key) ?? []), ...found]);
    return answer;
  }

  /** @returns what differed; undefined when nobody looked */
  found(key: string): readonly string[] | undefined {
    return this.#found.get(key);
  }
}
