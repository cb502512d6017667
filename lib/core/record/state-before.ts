/** The state that a thing was in before an event, as an earlier event of the same thing told it. */
import type { ChangeSubject } from "../changes/change.ts";
import { changeSubject } from "../changes/change-subject.ts";
import { type Changes, describeChange } from "../changes/describe-change.ts";
import type { EntryPlace } from "../evidence/entry-place.ts";
import { parseJson } from "../sources/json.ts";
import { parseMessage } from "../sources/message.ts";
import { normalise } from "../sources/normalise.ts";
import { recordedMessage } from "../sources/recorded/recorded.ts";
import type { DeliveryAction } from "./delivery-action.ts";
import type { DeliveryIndex } from "./delivery-index.ts";
import type { IndexEntry } from "./index-entry.ts";
import { FAILURE } from "./ocsf.ts";
import type { PreparedRecord } from "./prepare-record.ts";

/** How far back to look for the last state: the latest events of the thing, of which few tell one. */
const MAX_LOOKED_AT = 100;
/** Each is a bundle fetched from the log. */
const MAX_READ = 8;

/** What events that tell a state mean: others of the same thing are not read for one. */
const TELLING: readonly DeliveryAction[] = [
  "pipeline.edit",
  "build.edit",
  "access.policy",
  "access.grant",
  "access.revoke",
  "artifact.share",
  "source.protect",
  "source.admin",
  "identity.create",
  "identity.remove",
  "other",
];

/** Events that are in the log, read back. */
export interface RecordedEvents {
  /** The redacted original of the entry at a place in the log; undefined where it cannot be read yet. */
  rawAt(place: EntryPlace): Promise<string | undefined>;
}

/** The states that the events of a batch have told so far, which neither index nor log know yet. */
export type StatesSeen = Map<string, unknown>;

/**
 * Events are asked about in the order of their time.
 *
 * @returns what describes, in sentences, what the event changed; undefined where it tells no state
 */
export async function changesOf(
  { change, entry }: PreparedRecord,
  seen: StatesSeen,
  world: { readonly index: DeliveryIndex; readonly events?: RecordedEvents | undefined },
): Promise<(() => Changes) | undefined> {
  if (change === undefined) return undefined;
  const name = JSON.stringify([change.resource, change.kind]);
  const isKnown = change.before !== undefined || seen.has(name);
  const before = isKnown ? seen.get(name) : await recordedState(change, entry, world);
  if (change.isPartial !== true) seen.set(name, change.after);
  return () => describeChange(change, before);
}

async function recordedState(
  change: ChangeSubject,
  entry: IndexEntry,
  { index, events }: { readonly index: DeliveryIndex; readonly events?: RecordedEvents | undefined },
): Promise<unknown> {
  if (events === undefined) return undefined;
  const before = Date.parse(entry.eventKey.slice(0, entry.eventKey.indexOf("#")));
  const known = await index.byResource(entry.resource ?? change.resource, { before, limit: MAX_LOOKED_AT });
  const telling = known.filter(({ action, status }) => status !== FAILURE && TELLING.includes(action));
  for (const { logIndex, shard = 0 } of telling.slice(0, MAX_READ)) {
    const raw = logIndex === undefined ? undefined : await events.rawAt({ shard, index: logIndex });
    const told = raw === undefined ? undefined : subjectIn(raw, before);
    if (told !== undefined && isStateOf(told, change)) return told.after;
  }
  return undefined;
}

function isStateOf(other: ChangeSubject, { kind, resource }: ChangeSubject): boolean {
  return other.isPartial !== true && other.kind === kind && other.resource === resource;
}

/** The original has lost the envelope that it came in: it is read as a recording, which is told by its shape. */
function subjectIn(raw: string, receivedAt: number): ChangeSubject | undefined {
  try {
    const message = parseMessage(recordedMessage(parseJson(raw, "a recorded event"), receivedAt));
    return changeSubject(message, normalise(message));
  } catch {
    // Nothing here asks a store: whatever cannot be read back tells no state, and must not keep the events after it from being recorded.
    return undefined;
  }
}
