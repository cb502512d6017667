/** Which records are of the access that is kept for emergencies, and of which session of it. */
import type { Configuration } from "../configuration/configuration.ts";
import { remembered } from "../configuration/remembered.ts";
import { withSessions } from "../configuration/role-sessions.ts";
import { matcherOf } from "../configuration/wildcard.ts";
import type { RecordView } from "../detections/record-view.ts";
import { FAILURE } from "../record/ocsf.ts";
import { boundedPrincipal, principalOf } from "../sources/principal.ts";

/** The rule that alerts when it is used: rules/detections/break-glass-used. */
export const BREAK_GLASS_RULE = "f2e2c2d4-e434-47cd-b310-3615f707268e";

/** Principals come again and again; whoever sends others costs time and no memory. */
const MAX_REMEMBERED = 4_096;
const OWN_VENDOR = "Gatebook";

/** The session's name as a principal, or undefined for what is no emergency access. */
export type EmergencyOf = (view: RecordView) => string | undefined;

/**
 * A session is whoever acts: an assumed role's session, or a user that is kept for emergencies. To it belongs that it was taken on, and what is
 * done in a role that it took on itself. What was refused is no access.
 */
export function emergencyReader({ breakGlass }: Pick<Configuration, "breakGlass">): EmergencyOf {
  if (breakGlass.length === 0) return () => undefined;
  const isKept = remembered(MAX_REMEMBERED, matcherOf(withSessions(breakGlass)));
  return (view) => {
    // Explaining an emergency is none, whoever does it.
    if (view.status_id === FAILURE || view.metadata.product.vendor_name === OWN_VENDOR) return undefined;
    if (view.break_glass === true) return principalOf(view);
    if (view.opened_by !== undefined && isKept(view.opened_by)) return boundedPrincipal(view.opened_by);
    return view.action === "access.assume" ? takenOn(view, isKept) : undefined;
  };
}

/** The session that is handed out; where the answer does not name it, the role. */
function takenOn({ resources = [] }: RecordView, isKept: (uid: string) => boolean): string | undefined {
  const kept = resources.flatMap(({ uid }) => (uid !== undefined && isKept(uid) ? [uid] : []));
  const session = kept.find((uid) => uid.includes(":assumed-role/")) ?? kept[0];
  return session === undefined ? undefined : boundedPrincipal(session);
}
