// The agent's keep-alive may be handed a message and throw it away without deleting it; it is delivered again.
import type { AddedFault, Faults } from "../../../simulator/http/request-faults.ts";

interface Discarded extends Pick<AddedFault, "remove"> {
  /** Numbers of the messages that polls were answered with, in order; the first ones did not reach the listener. */
  readonly delivered: readonly number[];
}

/** @param count so many answers with a message are lost on an agent that asked for them */
export function discardMessages(faults: Faults, count: number): Discarded {
  const delivered: number[] = [];
  const { remove } = faults.add({
    ...{ site: "devops", method: "GET", path: /\/messages\?/ },
    effect: {
      alter(answer) {
        if (answer.status !== 200) return answer;
        delivered.push((answer.body as { readonly messageId: number }).messageId);
        return delivered.length > count ? answer : { status: 202 };
      },
    },
  });
  return { delivered, remove };
}
