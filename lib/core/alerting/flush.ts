/** Each minute: what waited to be told together is mailed. */
import type { Configuration } from "../configuration/configuration.ts";
import { GatebookError } from "../errors.ts";
import { type Finding, LEVELS } from "../record/finding.ts";
import type { AlertTopic } from "./alert-topic.ts";
import type { AlertWindows } from "./alert-windows.ts";
import { type Alert, formatAlert, type Repeats } from "./format-alert.ts";
import { formatDigest } from "./format-digest.ts";
import type { Outbox, WaitingFinding } from "./outbox.ts";
import { groupOf, MINUTE_MS, STORM } from "./pace.ts";
import { suppressionOf } from "./suppression.ts";

/** Within one run: more than that is told a minute later. */
const MAX_FLUSHED = 10_000;
/** Longer than a run may take, shorter than until the next one. */
const LEASE_MS = 50_000;
/** After a digest of many, findings are collected for this long, and mailed one by one again when fewer came. */
const CALM_MS = 5 * MINUTE_MS;
/** Of a group, the events that its mail names. */
const MAX_EVENTS = 10;

export interface Flusher {
  readonly configuration: Configuration;
  readonly windows: AlertWindows;
  readonly outbox: Outbox;
  readonly topic: AlertTopic;
  /** What tells this run from another one. */
  readonly run: string;
  readonly now: () => number;
}

export type Flushed =
  | { readonly outcome: "flushed"; readonly findings: number; readonly mails: number }
  | { readonly outcome: "busy" };

interface Batch {
  readonly alert: Alert;
  readonly waiting: readonly WaitingFinding[];
  /** Opened before the mail goes, so that what comes after it waits in turn. */
  readonly window: { readonly name: string; readonly until: number } | undefined;
}

/**
 * Mails what is due: of each group that was mailed before, how often it happened again; of a storm, one digest. What is mailed is removed
 * after that, so that a crash between the two mails it once more. One run at a time: another one finds it `busy`.
 *
 * @throws GatebookError `UNAVAILABLE` when some mails could not go; what they tell is still there for the next run
 */
export async function flush({ configuration, windows, outbox, topic, run, now }: Flusher): Promise<Flushed> {
  const at = now();
  const lease = await windows.open("flush", run, { now: at, until: at + LEASE_MS });
  if (!lease.isHolder) return { outcome: "busy" };
  const due = await outbox.due(at, MAX_FLUSHED);
  const batches = toBatches(due, configuration, at);
  const failures: unknown[] = [];
  for (const { alert, waiting, window } of batches) {
    try {
      if (window !== undefined)
        await windows.open(window.name, `${run}/${window.name}`, { now: at, until: window.until });
      await topic.publish(alert);
      await outbox.remove(waiting);
    } catch (cause) {
      failures.push(cause);
    }
  }
  if (failures.length > 0) {
    const message = `${failures.length} of ${batches.length} mails about waiting findings could not be sent; the next run tries again`;
    throw new GatebookError("UNAVAILABLE", message, { cause: failures[0] });
  }
  return { outcome: "flushed", findings: due.length, mails: batches.length };
}

function toBatches(due: readonly WaitingFinding[], configuration: Configuration, at: number): Batch[] {
  const { repeatAfterMinutes, maxMailsPerMinute } = configuration.alerts;
  const groups = Map.groupBy(
    due.filter(({ reason }) => reason === "repeat"),
    ({ finding }) => groupOf(finding),
  );
  const worstFirst = [...groups.values()].sort((a, b) => rankOf(b) - rankOf(a) || b.length - a.length);
  const storm = due.filter(({ reason }) => reason === "storm");
  // A thousand groups that were mailed an hour ago are a storm of their own.
  const collected = [...storm, ...worstFirst.slice(maxMailsPerMinute).flat()];
  const again = worstFirst.slice(0, maxMailsPerMinute).map((waiting): Batch => {
    const until = at + repeatAfterMinutes * MINUTE_MS;
    const [{ finding }] = waiting as [WaitingFinding];
    const window = repeatAfterMinutes > 0 ? { name: groupOf(finding), until } : undefined;
    return { alert: formatRepeats(waiting, configuration, at), waiting, window };
  });
  if (collected.length === 0) return again;
  const isGoingOn = collected.length > maxMailsPerMinute;
  const window = isGoingOn ? { name: STORM, until: at + CALM_MS } : undefined;
  return [{ alert: formatCollected(collected, configuration, at), waiting: collected, window }, ...again];
}

function rankOf(waiting: readonly WaitingFinding[]): number {
  return Math.max(...waiting.map(({ finding }) => LEVELS.indexOf(finding.level)));
}

function formatCollected(collected: readonly WaitingFinding[], configuration: Configuration, at: number): Alert {
  const [only] = collected;
  if (only === undefined || collected.length > 1 || only.reason === "repeat") {
    return formatDigest(
      collected.map(({ finding }) => finding),
      configuration,
    );
  }
  // The last of a storm, all by itself: a mail like any other.
  const { expired } = suppressionOf(only.finding, configuration, at);
  return formatAlert(only.finding, configuration, { expired });
}

function formatRepeats(waiting: readonly WaitingFinding[], configuration: Configuration, at: number): Alert {
  const byUid = new Map(waiting.map(({ finding }) => [finding.uid, finding]));
  const findings = [...byUid.values()].sort((a, b) => a.time - b.time);
  const [first, last] = [findings[0], findings.at(-1)] as [Finding, Finding];
  const repeats: Repeats = {
    count: findings.length,
    first: first.time,
    last: last.time,
    events: findings.slice(0, MAX_EVENTS).map(({ event }) => event),
  };
  const { expired } = suppressionOf(last, configuration, at);
  return formatAlert(last, configuration, { repeats, expired });
}
