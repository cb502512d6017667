/** A rule's match, made into a finding. */
import { hash } from "node:crypto";
import type { Finding } from "../record/finding.ts";
import { principalOf } from "../sources/principal.ts";
import type { RecordView } from "./record-view.ts";
import type { Rule } from "./rule.ts";

/** Of each list that a finding repeats of its record or its rule: the record has all of it. */
const MAX_LISTED = 10;

/** What a finding says of the rule that made it. */
type FindingRule = Pick<Rule, "id" | "title" | "level" | "description" | "runbook"> &
  Partial<Pick<Rule, "falsepositives" | "tags" | "staged">>;

/** Whichever event of a delivery and whichever worker makes it, the finding of one rule about one resource and one person has one uid. */
export function toFinding(rule: FindingRule, view: RecordView): Finding {
  const { uid: event, event_code } = view.metadata;
  const [target] = view.resources ?? [];
  const resource = target?.uid ?? target?.name;
  const principal = principalOf(view);
  const identity = [rule.id, view.trace ?? event, resource ?? "", view.person ?? principal];
  return {
    uid: hash("sha256", identity.join("\n"), "hex"),
    rule: { id: rule.id, title: rule.title },
    level: rule.level,
    time: view.time,
    principal,
    ...(view.person !== undefined && { person: view.person }),
    action: view.action,
    operation: view.api?.operation ?? event_code,
    ...(resource !== undefined && { resource }),
    event,
    granted: view.granted,
    why: rule.description || rule.title,
    next: rule.runbook,
    ...moreOfRule(rule),
    ...moreOfEvent(view),
  };
}

function moreOfRule({ tags, falsepositives, staged }: FindingRule): Partial<Finding> {
  const [named, falsePositives] = [few(tags), few(falsepositives)];
  return {
    ...(named && { tags: named }),
    ...(falsePositives && { falsePositives }),
    ...(staged === true && { staged }),
  };
}

function moreOfEvent({ components: touched, changes: changed, production, trace }: RecordView): Partial<Finding> {
  const [components, changes] = [few(touched), few(changed?.lines)];
  return {
    ...(components && { components }),
    ...(production !== undefined && { production }),
    ...(changes && { changes }),
    ...(trace !== undefined && { trace }),
  };
}

/** Undefined where there is nothing to say. */
function few(texts: readonly string[] = []): readonly string[] | undefined {
  return texts.length === 0 ? undefined : texts.slice(0, MAX_LISTED);
}
