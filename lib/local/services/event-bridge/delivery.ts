/** From an event on a bus to the targets of the rules that match it. */
import { setTimeout as sleep } from "node:timers/promises";
import { AwsError } from "../../aws-service.ts";
import type { BusEvent } from "./event.ts";
import { compileEventPattern, type EventPattern } from "./event-pattern.ts";
import type { Rule, RuleStore, Target } from "./rule-store.ts";

/** One attempt to hand something to a target. */
export interface Delivery {
  /** The target's ARN, or its dead-letter queue's. */
  readonly targetArn: string;
  readonly rule: Rule;
  /** What the target gets: the event, or the target's constant Input. */
  readonly event: unknown;
  readonly target: Target;
  /** On the way to the dead-letter queue: the message attributes that tell why, by their names on AWS. */
  readonly deadLetter?: Readonly<Record<string, string>>;
}

/**
 * Resolves once the target has accepted. It is the deliverer's to authorise `events.amazonaws.com`, with the rule's ARN as `aws:SourceArn`
 * (or the target's RoleArn), against the target's policy, and to reject where that denies.
 */
export type Deliver = (delivery: Delivery) => Promise<void>;

const DEFAULT_RETRIES = 3;
const FIRST_RETRY_MS = 50;

/**
 * Delivers to every target of every rule that matches, and resolves when all have accepted: whoever awaits PutEvents knows that the event is
 * where it belongs. EventBridge answers at once and retries for a day; nothing here would outlive a restart, so that a target that does not
 * accept after a few attempts gets the event in its dead-letter queue, and without one the sender is told that the entry failed.
 *
 * @returns a sentence for each target that was not reached in either way.
 */
export async function deliverEvent(
  store: RuleStore,
  deliver: Deliver,
  bus: string,
  event: BusEvent,
): Promise<string[]> {
  const matching = store.rules.filter((rule) => rule.bus === bus && isFor(rule, event));
  const failures = await Promise.all(matching.map((rule) => deliverToTargets(rule, event, deliver)));
  return failures.flat();
}

export async function deliverToTargets(rule: Rule, event: BusEvent, deliver: Deliver): Promise<string[]> {
  const outcomes = rule.targets.map(async (target) => {
    const payload = target.Input === undefined ? event : JSON.parse(target.Input);
    try {
      await deliverToTarget({ targetArn: target.Arn, rule, event: payload, target }, deliver);
      return [];
    } catch (error) {
      return [`${rule.arn} did not reach ${target.Arn}: ${messageOf(error)}`];
    }
  });
  return (await Promise.all(outcomes)).flat();
}

async function deliverToTarget(delivery: Delivery, deliver: Deliver): Promise<void> {
  const { rule, target } = delivery;
  const retries = Math.min(target.RetryPolicy?.MaximumRetryAttempts ?? DEFAULT_RETRIES, DEFAULT_RETRIES);
  try {
    await attempt(() => deliver(delivery), retries);
  } catch (error) {
    const queue = target.DeadLetterConfig?.Arn;
    if (queue === undefined) throw error;
    const deadLetter = {
      RULE_ARN: rule.arn,
      TARGET_ARN: target.Arn,
      ERROR_CODE: error instanceof AwsError ? error.code : "INTERNAL_ERROR",
      ERROR_MESSAGE: messageOf(error),
      RETRY_ATTEMPTS: String(retries),
    };
    await attempt(() => deliver({ ...delivery, targetArn: queue, deadLetter }), DEFAULT_RETRIES);
  }
}

/** A refusal (4xx) will be one the next time too. */
async function attempt(action: () => Promise<void>, retries: number): Promise<void> {
  for (let retry = 0; ; retry += 1) {
    try {
      await action();
      return;
    } catch (error) {
      if (retry >= retries || (error instanceof AwsError && error.status < 500)) throw error;
      await sleep(FIRST_RETRY_MS * 2 ** retry);
    }
  }
}

const compiled = new Map<string, EventPattern>();

function isFor(rule: Rule, event: BusEvent): boolean {
  if (rule.state === "DISABLED" || rule.pattern === undefined) return false;
  if (isReadOnlyCall(event) && rule.state !== "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS") return false;
  return patternOf(rule.pattern)(event);
}

/** A pattern is compiled once, however many events pass. */
function patternOf(source: string): EventPattern {
  const pattern = compiled.get(source) ?? compileEventPattern(source);
  compiled.set(source, pattern);
  return pattern;
}

/** EventBridge withholds these calls from rules that do not ask for all of them (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail-management.html). */
function isReadOnlyCall(event: BusEvent): boolean {
  return (
    event["detail-type"] === "AWS API Call via CloudTrail" &&
    /^(?:List|Get|Describe)/.test(String(event.detail["eventName"]))
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
