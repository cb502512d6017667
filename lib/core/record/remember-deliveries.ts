/** The delivery index, asked each question once: a thousand approvals of one delivery in a batch are one query, not a thousand. */
import type { DeliveryIndex } from "./delivery-index.ts";
import type { IndexEntry } from "./index-entry.ts";

/** For as long as nothing is written: the events of one batch. */
export function rememberDeliveries(index: DeliveryIndex): DeliveryIndex {
  const answers = new Map<string, Promise<IndexEntry[]>>();
  const once = (question: readonly (string | number)[], ask: () => Promise<IndexEntry[]>): Promise<IndexEntry[]> => {
    const name = JSON.stringify(question);
    const answer = answers.get(name) ?? ask();
    answers.set(name, answer);
    return answer;
  };
  return {
    byResource: (resource, range) =>
      once([resource, range.before, range.limit], () => index.byResource(resource, range)),
    byTrace: (trace) => once([trace], () => index.byTrace(trace)),
  };
}
