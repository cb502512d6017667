/** Who last changed a pipeline stands outside of the delivery's own traces: their calls are proved to be in the log, too. */
import type { DeliveryIndex } from "../record/delivery-index.ts";
import { timeOf } from "../record/entry-time.ts";
import type { IndexEntry } from "../record/index-entry.ts";

export interface EditWatch {
  readonly index: DeliveryIndex;
  /** The latest change that the index told of by each of these people. */
  readonly lastBy: (editors: readonly string[]) => IndexEntry[];
}

/** @returns an index that answers as the given one, and remembers the changes of pipelines among its answers */
export function watchEdits(index: DeliveryIndex): EditWatch {
  const last = new Map<string, IndexEntry>();
  return {
    index: {
      ...index,
      async byResource(resource, range) {
        const found = await index.byResource(resource, range);
        for (const entry of found) {
          const who = entry.person ?? entry.principal;
          const known = last.get(who);
          const isLater = known === undefined || timeOf(entry) > timeOf(known);
          if (entry.action === "pipeline.edit" && isLater) last.set(who, entry);
        }
        return found;
      },
    },
    lastBy: (editors) => editors.flatMap((editor) => last.get(editor) ?? []),
  };
}
