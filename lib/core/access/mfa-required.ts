/** Whether gatebook.yml asks for a second factor behind an access. */
import type { Configuration } from "../configuration/configuration.ts";
import { actionsNamed, type MfaRequirement } from "../configuration/mfa.ts";
import { withSessions } from "../configuration/role-sessions.ts";
import { matcherOf } from "../configuration/wildcard.ts";
import type { RecordView } from "../detections/record-view.ts";
import { FAILURE } from "../record/ocsf.ts";
import { principalOf } from "../sources/principal.ts";
import { workloadPatterns } from "./access-entities.ts";

export type RequiresMfa = (view: RecordView) => boolean;

/** Only people sign in so: who is not in gatebook.yml is one, too. */
const PEOPLES_WAYS: ReadonlySet<string> = new Set(["console", "root", "identity-center"]);

type Names = (view: RecordView) => boolean;

/** What was refused accessed nothing, and a cloud service has no second factor: whoever asked it to act is told by their own event. */
export function mfaRequirement({ mfa, projects }: Pick<Configuration, "mfa" | "projects">): RequiresMfa {
  const isWorkload = matcherOf(withSessions(workloadPatterns(projects)));
  const requirements = mfa.requiredFor.map((requirement) => ({
    actions: new Set(requirement.actions.flatMap(actionsNamed)),
    isEverywhere: requirement.where === "all",
    names: namesOf(requirement, isWorkload),
  }));
  return (view) => {
    if (view.status_id === FAILURE || view.by_service === true) return false;
    return requirements.some(
      ({ actions, isEverywhere, names }) =>
        actions.has(view.action) && (isEverywhere || view.production === true) && names(view),
    );
  };
}

function namesOf({ who }: MfaRequirement, isWorkload: (name: string) => boolean): Names {
  switch (who) {
    case "everybody":
      return () => true;
    case "people":
      return ({ person, granted }) => person !== undefined || PEOPLES_WAYS.has(granted.by);
    case "workloads":
      return (view) => view.person === undefined && principalsOf(view).some(isWorkload);
    default: {
      const matches = matcherOf(withSessions([who]));
      return (view) => [...principalsOf(view), ...(view.person === undefined ? [] : [view.person])].some(matches);
    }
  }
}

function principalsOf(view: RecordView): string[] {
  const issuer = view.actor?.session?.issuer;
  return [principalOf(view), ...(issuer === undefined ? [] : [issuer])];
}
