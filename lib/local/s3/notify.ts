/** Hands what happens to objects to EventBridge, for the buckets that ask for it. */
import type { ServiceEvent } from "../services/event-bridge/event.ts";
import type { BucketState } from "./bucket-state.ts";
import { notifiesEventBridge } from "./notification.ts";
import { type ObjectChange, objectEvent, sequencers } from "./object-event.ts";

/** Where events of objects go. */
export interface EventOutlet {
  /** Resolves once the event is where the rules want it. */
  deliver(event: ServiceEvent): Promise<void>;
  /** Told of a delivery that failed. */
  onFault(error: unknown): void;
}

/** Never rejects: what S3 has stored is stored, whoever hears of it. */
export type Notify = (bucket: { readonly state: BucketState }, change: ObjectChange) => Promise<void>;

/**
 * S3 notifies some time after it has answered. Here a request is answered once its event was delivered: of what was answered with a success
 * nothing can be lost to the end of this process. Call it outside of the key's turn, since a target may write the same key.
 */
export function createNotify(now: () => number, outlet: EventOutlet | undefined): Notify {
  const nextSequencer = sequencers(now);
  return async ({ state }, change) => {
    if (outlet === undefined || !notifiesEventBridge(state)) {
      return;
    }
    try {
      await outlet.deliver(objectEvent(state, change, { at: now(), sequencer: nextSequencer() }));
    } catch (cause) {
      const what = `${change.reason} of ${state.name}/${change.version.key}`;
      outlet.onFault(new Error(`The event of ${what} was not delivered; the object is as it was put`, { cause }));
    }
  };
}
