/** What rules see of the delivery that an event belongs to, by the names that they write. */
import type { AccessPlace } from "../access/access-question.ts";
import { calendarOf } from "../configuration/calendar.ts";
import type { Configuration } from "../configuration/configuration.ts";
import { type Placement, placesIn } from "../configuration/placement.ts";
import { placesOf } from "../configuration/project.ts";
import { type MayRelease, releaseManagers } from "../configuration/release-managers.ts";
import type { DeliveryView } from "../detections/record-view.ts";
import type { Grant } from "../grants/grant.ts";
import type { GrantsAround } from "../grants/recent-grants.ts";
import { releasingGrants, withoutGranted } from "../grants/releasing-grants.ts";
import type { IdentitiesOf } from "./approval-guards.ts";
import type { BatchEntries } from "./batch-entries.ts";
import { type ChangedExecution, findChangedExecution, mayChangeApproved } from "./changed-after-approval.ts";
import { isReviewOutdated, mayOutdateReview } from "./changed-after-review.ts";
import { type Delivery, findDelivery } from "./delivery.ts";
import { whoIn } from "./delivery-authors.ts";
import type { DeliveryIndex } from "./delivery-index.ts";
import { timeOf } from "./entry-time.ts";
import { actsIn, eventsOfExecution, isOutcome } from "./execution-events.ts";
import type { IndexEntry } from "./index-entry.ts";
import { isMergePush } from "./merge-push.ts";
import { severalRoles } from "./several-roles.ts";

/** What the batch and the index say of an event's delivery. */
export interface FoundDelivery {
  readonly delivery?: Delivery;
  /** By which those who let it pass are release managers for a while. */
  readonly grants?: readonly Grant[];
  /** The approved execution that the event changes. */
  readonly changed?: ChangedExecution;
  readonly isReviewOutdated?: boolean;
  /** By whom the execution was let pass whose deployment the event starts. */
  readonly approvals?: readonly IndexEntry[];
  readonly isMergePush?: boolean;
  /** The event is no approval itself: those who let it pass did so in an environment that it does not name. */
  readonly isStart?: boolean;
}

export interface DeliveryViewer {
  find(entry: IndexEntry, batch: BatchEntries, index: DeliveryIndex): Promise<FoundDelivery>;
  show(found: FoundDelivery, placement: Placement): DeliveryView | undefined;
}

/** @param grantsAround is asked where somebody let pass what gatebook.yml does not let them */
export function deliveryViewer(configuration: Configuration, grantsAround?: GrantsAround): DeliveryViewer {
  const mayRelease = releaseManagers(configuration);
  const mayReleaseSomewhere = somewhere(mayRelease);
  const places = placesOf(configuration.projects);
  const calendar = calendarOf(configuration);
  const known = new Map(configuration.people.map((person) => [person.email, person]));
  const identitiesOf: IdentitiesOf = (person) => known.get(person)?.identities ?? [];
  const nameOf = (person: string): string => known.get(person)?.name ?? person;
  return {
    async find(entry, batch, index) {
      const found = await find(entry, { batch, index, identitiesOf });
      const { releasers = [] } = found.delivery ?? {};
      // Where it happened is not known yet: somebody may be entitled elsewhere, and by a grant there.
      const isSure = places.every((place) => mayRelease([place], releasers) !== false);
      if (grantsAround === undefined || isSure) return found;
      return { ...found, grants: releasingGrants(await grantsAround(timeOf(entry)), releasers, timeOf(entry)) };
    },
    show({ delivery, grants, changed, isReviewOutdated: isOutdated, approvals = [], isStart }, placement) {
      if (delivery !== undefined) {
        const of = isStart === true ? places.filter(isIn(placement)) : placesIn(placement);
        const mayReleaseNow = (people: readonly string[]) =>
          (isStart === true ? mayReleaseSomewhere : mayRelease)(of, withoutGranted(people, of, grants));
        // Each approval answers for itself: what is wrong with another one is not for whoever gave this one.
        const { approvers, releasers: own } = delivery;
        const judged = { ...delivery, approvers: own.length > 0 ? own : approvers };
        return { ...shown(judged, mayReleaseNow), ...rolesIn(judged, nameOf) };
      }
      if (changed !== undefined) {
        const people = { starters: whoIn(changed.starters), approvers: whoIn(actsIn(changed.approvals)) };
        return { ...people, changed_after_approval: changed.changed };
      }
      if (approvals.length > 0) {
        const isInHours = approvals.every((approval) => calendar(timeOf(approval)).business_hours);
        return { starters: [], approvers: whoIn(actsIn(approvals)), approved_in_business_hours: isInHours };
      }
      return isOutdated === true ? { starters: [], approvers: [], changed_after_review: true } : undefined;
    },
  };
}

interface FindWorld {
  readonly batch: BatchEntries;
  readonly index: DeliveryIndex;
  readonly identitiesOf: IdentitiesOf;
}

/** Nothing but these is judged by who else acted, or by what was approved: the others ask nothing. */
async function find(entry: IndexEntry, { batch, index, identitiesOf }: FindWorld): Promise<FoundDelivery> {
  if (DECIDES.has(entry.action)) {
    const delivery = await findDelivery(entry, batch, index, identitiesOf);
    return delivery === undefined ? {} : { delivery, ...(entry.action === "pipeline.start" && { isStart: true }) };
  }
  if (mayChangeApproved(entry)) {
    const changed = await findChangedExecution(entry, batch, index);
    const isMerge = await isMergePush(entry, batch, index);
    return { ...(changed !== undefined && { changed }), ...(isMerge && { isMergePush: true }) };
  }
  if (entry.action === "deploy.start" && entry.trace !== undefined) {
    const { told, acts } = await eventsOfExecution(entry.trace, batch, index);
    const given = [...acts, ...told.filter(isOutcome)].filter(({ action }) => action === "pipeline.approve");
    return { approvals: given.filter((approval) => timeOf(approval) <= timeOf(entry)) };
  }
  return mayOutdateReview(entry) ? { isReviewOutdated: await isReviewOutdated(entry, batch, index) } : {};
}

const DECIDES: ReadonlySet<string> = new Set(["pipeline.start", "pipeline.approve", "pipeline.reject"]);

function shown(
  { trace: _, approval: __, releasers, approvalSeconds, editedAfterStart, changedAfterApproval, ...people }: Delivery,
  mayRelease: (people: readonly string[]) => boolean | undefined,
): DeliveryView {
  const entitled = releasers.length === 0 ? undefined : mayRelease(releasers);
  return {
    ...people,
    ...(approvalSeconds !== undefined && { approval_seconds: approvalSeconds }),
    ...(editedAfterStart !== undefined && { edited_after_start: editedAfterStart }),
    ...(changedAfterApproval !== undefined && { changed_after_approval: changedAfterApproval }),
    ...(entitled !== undefined && { entitled }),
  };
}

/** Of an approval that names no environment, each person may have meant another. */
function somewhere(mayRelease: MayRelease): MayRelease {
  return (of, people) => {
    if (mayRelease(of, []) === undefined) return undefined;
    return people.every((person) => of.some((place) => mayRelease([place], [person]) === true));
  };
}

function isIn({ projects }: Placement): (place: AccessPlace) => boolean {
  return ({ project }) => projects.includes(project);
}

function rolesIn(delivery: Delivery, nameOf: (person: string) => string): Pick<DeliveryView, "several_roles"> {
  const roles = severalRoles(delivery, nameOf);
  return roles.length === 0 ? {} : { several_roles: roles };
}
