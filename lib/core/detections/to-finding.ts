/** A rule's match, made into a finding. */
import { hash } from "node:crypto";
import type { Finding } from "../record/finding.ts";
import { principalOf } from "../sources/principal.ts";
import type { RecordView } from "./record-view.ts";
import type { Rule } from "./rule.ts";

/** What a finding says of the rule that made it. */
type FindingRule = Pick<Rule, "id" | "title" | "level" | "description" | "runbook">;

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
    ...(view.person === undefined ? {} : { person: view.person }),
    action: view.action,
    operation: view.api?.operation ?? event_code,
    ...(resource === undefined ? {} : { resource }),
    event,
    granted: view.granted,
    why: rule.description || rule.title,
    next: rule.runbook,
  };
}
