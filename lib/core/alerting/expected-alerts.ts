/** How loud rules would have been: the mails that notify would have sent for findings of the past. */
import type { Configuration } from "../configuration/configuration.ts";
import { type Finding, isAtLeast, LEVELS, type Level } from "../record/finding.ts";
import { groupOf, MINUTE_MS } from "./pace.ts";
import { suppressionOf } from "./suppression.ts";

/** What of a finding decides whether it is a mail of its own. */
export interface PastFinding
  extends Pick<Finding, "uid" | "rule" | "level" | "principal" | "person" | "resource" | "staged"> {
  /** Epoch milliseconds; NaN where nobody knows, and then it is merged with no other. */
  readonly time: number;
}

/** When the first and the last of the events happened, whether a rule matched them or not: epoch milliseconds. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

export interface RuleOutlook {
  readonly rule: PastFinding["rule"];
  /** The highest of its findings. */
  readonly level: Level;
  /** It is on trial: nobody would have been told, and `alerts` says what they would have been spared. */
  readonly staged: boolean;
  readonly matches: number;
  /** Mails: what repeats within `alerts.repeatAfterMinutes` is counted in one more. */
  readonly alerts: number;
  /** Absent where the events are of less than a day, which tells nothing of a week. */
  readonly perWeek?: number;
  /** Matches that somebody answers for, and those below `alerts.minimumLevel`: no alerts. */
  readonly suppressed: number;
  readonly belowLevel: number;
  /** The few who made most of the matches. */
  readonly by: readonly { readonly who: string; readonly matches: number }[];
}

type Alerting = Pick<Configuration, "alerts" | "timezone" | "businessHours">;

const MAX_NAMED = 3;
const DAY_MS = 24 * 60 * 60 * 1000;
const WEEK_MS = 7 * DAY_MS;

/**
 * The loudest first. Digests, into which a storm of mails is put, are not worked out: they are no fewer things to read.
 *
 * @param span undefined where no event tells its time
 */
export function expectAlerts(
  findings: readonly PastFinding[],
  configuration: Alerting,
  span: Span | undefined,
): RuleOutlook[] {
  return [...Map.groupBy(findings, ({ rule }) => rule.id).values()]
    .map((ofRule) => outlookOf(ofRule, configuration, span))
    .sort((a, b) => b.alerts - a.alerts || b.matches - a.matches || (a.rule.title < b.rule.title ? -1 : 1));
}

function outlookOf(findings: readonly PastFinding[], configuration: Alerting, span: Span | undefined): RuleOutlook {
  const [{ rule }] = findings as [PastFinding];
  const { minimumLevel, repeatAfterMinutes } = configuration.alerts;
  const loud = findings.filter(({ level }) => isAtLeast(level, minimumLevel));
  const told = loud.filter((finding) => !isSuppressed(finding, configuration));
  const alerts = countMails(told, repeatAfterMinutes * MINUTE_MS);
  const length = span === undefined ? 0 : span.until - span.from;
  return {
    rule,
    level: LEVELS.findLast((level) => findings.some((finding) => finding.level === level)) ?? "informational",
    staged: findings.some(({ staged }) => staged === true),
    matches: findings.length,
    alerts,
    ...(length >= DAY_MS && { perWeek: (alerts * WEEK_MS) / length }),
    suppressed: loud.length - told.length,
    belowLevel: findings.length - loud.length,
    by: mostOf(findings),
  };
}

/** On the day on which it happened; of what has no time, whoever answers for it ever did so then. */
function isSuppressed(finding: PastFinding, configuration: Alerting): boolean {
  const day = Number.isFinite(finding.time) ? finding.time : 0;
  return suppressionOf(finding, configuration, day).active !== undefined;
}

/** As `whatToWaitFor` and `flush` have it: the first is a mail, and when its window closes, what came meanwhile is another and opens the next. */
function countMails(findings: readonly PastFinding[], windowMs: number): number {
  const once = [...new Map(findings.map((finding) => [finding.uid, finding])).values()];
  const timed = once.filter(({ time }) => Number.isFinite(time)).sort((a, b) => a.time - b.time);
  let mails = once.length - timed.length;
  for (const group of Map.groupBy(timed, groupOf).values()) {
    let [until, isWaiting] = [Number.NEGATIVE_INFINITY, false];
    for (const { time } of group) {
      if (isWaiting && time >= until) {
        mails += 1;
        [until, isWaiting] = [until + windowMs, false];
      }
      if (time < until) isWaiting = true;
      else {
        mails += 1;
        until = time + windowMs;
      }
    }
    if (isWaiting) mails += 1;
  }
  return mails;
}

function mostOf(findings: readonly PastFinding[]): RuleOutlook["by"] {
  return [...Map.groupBy(findings, ({ person, principal }) => person ?? principal)]
    .map(([who, theirs]) => ({ who, matches: theirs.length }))
    .sort((a, b) => b.matches - a.matches || (a.who < b.who ? -1 : 1))
    .slice(0, MAX_NAMED);
}
