/** The delivery index, asked each question once: a thousand approvals of one delivery in a batch are one query, not a thousand. */
import type { DeliveryIndex } from "./delivery-index.ts";
import type { IndexEntry } from "./index-entry.ts";

/** For as long as nothing is written: the events of one batch. */
export function rememberDeliveries(index: DeliveryIndex): DeliveryIndex {
  const resources = once<IndexEntry[]>();
  const traces = once<IndexEntry[]>();
  const links = once<string[]>();
  return {
    byResource: (resource, range) =>
      resources([resource, range.before, range.limit], () => index.byResource(resource, range)),
    byTrace: (trace) => traces([trace], () => index.byTrace(trace)),
    linksOf: (trace) => links([trace], () => index.linksOf(trace)),
  };
}

function once<T>(): (question: readonly (string | number)[], ask: () => Promise<T>) => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  return (question, ask) => {
    const name = JSON.stringify(question);
    const answer = answers.get(name) ?? ask();
    answers.set(name, answer);
    return answer;
  };
}
