/** A bucket whose time is over: what its events come to, as an event of Gatebook's own. */
import type { Finding } from "../../record/finding.ts";
import { withMatch } from "../finding-of-match.ts";
import type { DueBucket } from "../memory/open-buckets.ts";
import { expiryOf, membersIn } from "./bucket-writes.ts";
import { completionsIn } from "./completions.ts";
import { CORRELATION_EVENT } from "./correlation-event.ts";
import { describeCompletion } from "./describe-completion.ts";
import { decodeLatest } from "./latest-event.ts";
import { endOf } from "./leave-open.ts";
import type { LinkedCorrelation } from "./link-correlations.ts";

/** Gatebook's own name as a principal. */
const PRINCIPAL = "gatebook:correlate";

export interface JudgedBucket {
  /** For the intake queue; undefined where the condition does not hold. */
  readonly message: string | undefined;
  /** When it may be forgotten, epoch milliseconds. */
  readonly expires: number;
}

/** Its bucket as the memory has it. */
interface Recalled {
  readonly members: Iterable<string>;
  readonly latest: string;
  readonly isCut: boolean;
}

/** The same as a backtest finds in the same events. However often it is judged, what it says has one id and one time. */
export function judgeBucket(correlation: LinkedCorrelation, due: DueBucket, recalled: Recalled): JudgedBucket {
  const { rule } = correlation;
  const bucket = Number(due.bucket);
  const expires = expiryOf(rule, bucket);
  const [completion] = completionsIn(rule, membersIn(rule, bucket, recalled.members), bucket);
  if (completion === undefined) return { message: undefined, expires };

  const { label, finding: ofLatest } = decodeLatest(recalled.latest);
  const group = due.key.slice(due.key.indexOf(":") + 1);
  const { why, ...description } = describeCompletion(correlation, completion, { label, id: completion.at.id });
  const cut = recalled.isCut ? " There were more events than can be kept of one period." : "";
  const match = { rule, subject: `${group}:${due.bucket}`, why: `${why}${cut}`, ...description };
  const finding = withMatch(ofLatest, match);
  return { message: JSON.stringify(toMessage(finding, endOf(rule, bucket))), expires };
}

function toMessage(finding: Finding, end: number) {
  return {
    v: 1,
    kind: "gatebook",
    uid: finding.uid,
    // Not when it was judged, nor when the latest event was: the log knows an event by its id and its time.
    time: Math.max(0, end),
    principal: PRINCIPAL,
    resource: finding.resource ?? finding.principal,
    type: CORRELATION_EVENT,
    message: `${finding.rule.title}: ${finding.why}`,
    findings: [finding],
  };
}
