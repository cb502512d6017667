/** What an event changed: the thing whose state it tells, and how that thing is after it. */
import type { JsonObject } from "../sources/json.ts";

export interface ChangeSubject {
  /**
   * In words: "bucket policy", "inline policy deploy", "branch protection main". Two events with the same resource and the same kind tell
   * successive states of one thing.
   */
  readonly kind: string;
  /** The uid of the event's first resource, which the index is asked by; a name of the thing where the event has no resource. */
  readonly resource: string;
  /** JSON; null where the event removed it. */
  readonly after: unknown;
  /** The state before, where the event itself tells it: null where the thing is new. */
  readonly before?: unknown;
  /** `after` has only what the event set, and the rest stays as it was: no state that a later event is compared with. */
  readonly isPartial?: true;
  /** The AWS account that the thing is in: access for another one is told first. */
  readonly account?: string;
}

/** What a source's reader finds; `resource` is what the thing is called where the event names no resource. */
export type ToldChange = Omit<ChangeSubject, "resource" | "account"> & { readonly resource?: string | undefined };

export const PIPELINE = "pipeline definition";
/** Followed by the ARN of the policy. */
export const ATTACHED = "attached policy ";

/** What a call to AWS asked for, and what it was answered; either may be missing, and then has no members. */
export interface Call {
  readonly operation: string;
  readonly request: JsonObject;
  readonly response: JsonObject;
}

export type ReadChange = (call: Call) => ToldChange | undefined;

/** A name from outside, which may be no text at all. */
export function nameOf(value: unknown, otherwise = "without a name"): string {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value : otherwise;
}
