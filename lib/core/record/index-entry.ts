/** What the index keeps of one entry of the log: enough to answer who, what, when and where, in under one kilobyte. */
import type { MfaState } from "../access/mfa.ts";
import type { DeliveryAction } from "./delivery-action.ts";
import type { Level } from "./finding.ts";

/** The index's key: one event of one principal. Writing an event again is a no-op. */
export interface IndexKey {
  readonly principal: string;
  /** `<ISO time>#<event id>`: sorts by time within a principal. */
  readonly eventKey: string;
  /** Of an event whose time is that of its arrival: what it has in common with itself delivered again, at another time. Not read back. */
  readonly identity?: string;
}

export interface IndexEntry extends IndexKey {
  readonly action: DeliveryAction;
  readonly operation: string;
  readonly person?: string;
  readonly resource?: string;
  readonly trace?: string;
  /** Other traces that this one belongs with. Found from both ends; not read back with the entry. */
  readonly links?: readonly string[];
  /** OCSF `status_id`. */
  readonly status?: number;
  /** Identifier of the temporary credentials that this event handed out: whose uses are this person's too. */
  readonly issued?: string;
  /** The session that the emergency access was used in, of what was done with it. */
  readonly breakGlass?: string;
  /** What the event tells of a second factor: behind the credentials that it handed out, or of the accounts in `mfaOf`. Not read back. */
  readonly mfa?: MfaState;
  readonly mfaOf?: readonly string[];
  /** Its place in the log, as the index tells it: what is written has none of its own yet. */
  readonly logIndex?: number;
  /** Of the log, where that is not the first; told with `logIndex`. */
  readonly shard?: number;
  /** The highest level among the record's findings. */
  readonly finding?: Level;
}
