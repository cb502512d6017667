/** What an event changed, in sentences: from the state before to the state after, the most important first. */
import { isObject } from "../sources/json.ts";
import { isSame } from "./canonical-text.ts";
import { ATTACHED, type ChangeSubject, PIPELINE } from "./change.ts";
import { type Differences, jsonDifferences, jsonState, lineOf } from "./json-difference.ts";
import { boundedLines, cut, MAX_LINE_CHARS } from "./lines.ts";
import { isPipeline, pipelineDifference, pipelineState } from "./pipeline-difference.ts";
import { policyDifference, policyState } from "./policy-difference.ts";
import { isPolicyDocument } from "./policy-document.ts";

export interface Changes {
  /** The subject's kind. */
  readonly subject: string;
  /** Whether the event itself told the state before, an earlier event did, or nobody. */
  readonly before: "told" | "seen" | "unknown";
  /** At most MAX_LINES and one that counts the rest, of at most MAX_LINE_CHARS each. Never empty. */
  readonly lines: readonly string[];
}

/** How one sort of thing is told. */
interface Telling {
  state(after: unknown): Told;
  difference(before: unknown, after: unknown): Told;
  /** Whether the difference from nothing says enough, without that the thing is new. */
  readonly tellsNew?: boolean;
}

interface Told {
  readonly lines: readonly string[];
  readonly more: number;
}

/**
 * Any JSON is described, whatever it claims to be.
 *
 * @param before the state that the last event of this kind and resource left; undefined where none was ever seen
 * @example
 * describeChange(subject, seen?.after).lines
 * // ["now allows arn:aws:iam::999988887777:root to do s3:GetObject, s3:PutObject on arn:aws:s3:::acme-releases/*"]
 */
export function describeChange(subject: ChangeSubject, before: unknown): Changes {
  const { lines, more } = sentences(subject, subject.before === undefined ? before : subject.before);
  return {
    subject: cut(subject.kind, MAX_LINE_CHARS),
    before: subject.before !== undefined ? "told" : before === undefined ? "unknown" : "seen",
    lines: lines.length === 0 ? ["nothing changed"] : boundedLines(lines, more),
  };
}

function sentences(subject: ChangeSubject, before: unknown): Told {
  const { kind, after } = subject;
  const telling = tellingOf(subject, before);
  if (kind.startsWith(ATTACHED)) return attachment(kind, before, after);
  if (after === null) return removal(kind, before, telling);
  if (before === undefined) return orElse(telling.state(after), `the ${kind} is empty`);
  if (before !== null) return telling.difference(subject.isPartial === true ? partOf(before, after) : before, after);
  if (telling.tellsNew) return orElse(telling.difference(null, after), `the ${kind} is new, and empty`);
  const { lines, more } = telling.state(after);
  return { lines: [`the ${kind} is new`, ...lines], more };
}

function orElse(told: Told, line: string): Told {
  return told.lines.length === 0 ? { lines: [line], more: 0 } : told;
}

function removal(kind: string, before: unknown, telling: Telling): Told {
  if (before === null) return { lines: [], more: 0 };
  if (before === undefined) return { lines: [`the ${kind} was removed; what it was is not known`], more: 0 };
  const { lines, more } = telling.tellsNew ? telling.difference(before, null) : telling.state(before);
  const prefix = telling.tellsNew ? "" : "it was: ";
  return { lines: [`the ${kind} was removed`, ...lines.map((line) => `${prefix}${line}`)], more };
}

function attachment(kind: string, before: unknown, after: unknown): Told {
  if (before !== undefined && isSame(before, after)) return { lines: [], more: 0 };
  const what = kind.slice(ATTACHED.length);
  return { lines: [after === null ? `${what} is no longer attached` : `${what} is now attached`], more: 0 };
}

function tellingOf({ kind, after, account }: ChangeSubject, before: unknown): Telling {
  const states = [before, after].filter((state) => state !== undefined && state !== null);
  if (kind === PIPELINE && states.every(isPipeline)) return PIPELINES;
  return states.length > 0 && states.every(isPolicyDocument) ? policies(account) : members(kind);
}

const PIPELINES: Telling = {
  state: (after) => ({ lines: pipelineState(after), more: 0 }),
  difference: pipelineDifference,
};

function policies(account: string | undefined): Telling {
  return {
    state: (after) => ({ lines: policyState(after, account), more: 0 }),
    difference: (before, after) => ({ lines: policyDifference(before, after, account), more: 0 }),
    tellsNew: true,
  };
}

function members(kind: string): Telling {
  const told = ({ found, more }: Differences) => ({ lines: found.map((each) => lineOf(each, kind)), more });
  return {
    state: (after) => told(jsonState(after)),
    difference: (before, after) => told(jsonDifferences(before, after)),
  };
}

/** Of a call that sets some members and leaves the others alone. */
function partOf(before: unknown, after: unknown): unknown {
  if (!isObject(before) || !isObject(after)) return before;
  return Object.fromEntries(Object.entries(before).filter(([name]) => Object.hasOwn(after, name)));
}
