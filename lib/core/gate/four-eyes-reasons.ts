/** Whether two people have looked at a delivery: whoever approved it is not who wrote it, started it or changed its pipeline. */
import type { Configuration } from "../configuration/configuration.ts";
import type { DeliveryPeople } from "./delivery-people.ts";
import type { GateReason } from "./gate-decision.ts";
import { nameOf } from "./name-of.ts";
import { CHANGED_PIPELINE, inWords } from "./parts.ts";

export function fourEyesReasons(people: DeliveryPeople, configuration: Configuration): GateReason[] {
  const { approvers, reviewers, committers, starters, editors, isApproverMissing } = people;
  const own = approvers.flatMap((approver) => {
    const parts = [
      ...(committers.includes(approver) ? ["wrote"] : []),
      ...(starters.includes(approver) ? ["started"] : []),
      ...(editors.includes(approver) ? [CHANGED_PIPELINE] : []),
    ];
    if (parts.length === 0) return [];
    return [`${nameOf(approver, configuration)} ${inWords([...parts, "approved"])}: somebody else has to approve`];
  });
  const texts = own.length > 0 ? own : approvers.length > 0 || isApproverMissing ? [] : unseen(reviewers, committers);
  return texts.map((text) => ({ check: "four-eyes", text }));
}

/** Nobody approved it: then somebody who did not write it must have reviewed it. */
function unseen(reviewers: readonly string[], committers: readonly string[]): string[] {
  if (reviewers.length === 0) return ["nobody has approved or reviewed it"];
  return reviewers.some((reviewer) => !committers.includes(reviewer))
    ? []
    : ["nobody has approved it, and only those who wrote it have reviewed it"];
}
