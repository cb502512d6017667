/** A detector's match, made into a finding of the event that it belongs to. */
import { hash } from "node:crypto";
import type { Finding } from "../record/finding.ts";
import type { Match } from "./detection.ts";
import type { RecordView } from "./record-view.ts";
import { toFinding } from "./to-finding.ts";

/** A finding about more than one event has one uid, whichever of them it is attached to. */
export function findingOfMatch(match: Match, view: RecordView): Finding {
  const { rule } = match;
  const why = [match.why, ...rolesOfOne(rule, view)].filter((words) => words !== undefined).join(" ");
  return withMatch(toFinding(rule, view), { ...match, why });
}

/** The finding of one event, made into that of all which the match is about. */
export function withMatch(finding: Finding, { rule, subject, why = "", events = [], count }: Match): Finding {
  return {
    ...finding,
    ...(subject !== undefined && { uid: hash("sha256", `${rule.id}\n${subject}`, "hex") }),
    ...(why !== "" && { why: rule.description === "" ? why : `${rule.description} ${why}` }),
    ...(events.length > 0 && { events }),
    ...(count !== undefined && { count }),
  };
}

/** Roles of a delivery that different people are to hold, as rules write them. */
const ROLES = /^delivery\.(?:starters|approvers|committers|editors|protectors|granters)$/;

/** A rule that compares two roles has found whoever holds both: they are named, with every role of theirs. */
function rolesOfOne(rule: Match["rule"], { delivery }: RecordView): readonly string[] {
  const compares =
    "selections" in rule &&
    rule.selections.some(({ alternatives }) =>
      alternatives
        .flat()
        .some(
          ({ comparison, field, values }) =>
            comparison === "fieldref" && [field, ...values].every((name) => ROLES.test(String(name))),
        ),
    );
  return compares ? (delivery?.several_roles ?? []).map((sentence) => `${sentence}.`) : [];
}
