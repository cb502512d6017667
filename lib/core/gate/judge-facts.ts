/** From the facts to the reasons against a release. */
import { calendarOf } from "../configuration/calendar.ts";
import type { Configuration } from "../configuration/configuration.ts";
import { placementOf } from "../configuration/placement.ts";
import type { ReviewedItem } from "../review/standing.ts";
import { breakGlassReasons, breakGlassRemarks } from "./break-glass-reasons.ts";
import type { DeliveryPeople } from "./delivery-people.ts";
import { evidenceReasons } from "./evidence-reasons.ts";
import { findingReasons } from "./finding-reasons.ts";
import { fourEyesReasons } from "./four-eyes-reasons.ts";
import type { GateReason, Judgement } from "./gate-decision.ts";
import type { GateFacts } from "./gate-facts.ts";
import { type GateQuestion, isKnownPlace, placeOf } from "./gate-question.ts";
import { type Known, unknownOf } from "./known.ts";
import { leaverReasons } from "./leaver-reasons.ts";
import { mfaOfDelivery } from "./mfa-reasons.ts";
import { reviewReasons } from "./review-reasons.ts";
import { sourceReasons, standstillReasons } from "./source-reasons.ts";

const NO_CAMPAIGN =
  "whether anybody in it is overdue in the access review is not known: no review of this project was opened yet";

interface Circumstances {
  readonly configuration: Configuration;
  /** Epoch milliseconds. */
  readonly now: number;
}

export function judgeFacts(question: GateQuestion, facts: GateFacts, { configuration, now }: Circumstances): Judgement {
  const { people, records, evidence, emergencies, review, elsewhere } = facts;
  const recorded = "known" in records ? records.known : [];
  const here = recorded.filter((record) => !elsewhere.records.has(record));
  const mfa = mfaOfDelivery(here, configuration);
  const named = "known" in people ? people.known : undefined;
  return {
    reasons: [
      ...placeReasons(question, configuration),
      ...(named === undefined ? [] : [...strangerReasons(question, named), ...sourceReasons(named)]),
      ...standstillReasons(facts.recordedLast, now),
      ...(named?.isTold ? fourEyesReasons(named, configuration) : []),
      ...mfa.reasons,
      ...(named === undefined ? [] : leaverReasons(named, { configuration, now })),
      ...(named === undefined ? [] : reviewReasons(named, overdueIn(facts), configuration)),
      ...breakGlassReasons(emergencies, configuration),
      ...findingReasons(recorded, { configuration, now, emergencies }),
      ...evidenceReasons(facts),
      ...windowReasons({ configuration, now }),
    ],
    unknown: [people, records, evidence, emergencies, review].flatMap((fact: Known<unknown>) => unknownOf(fact)),
    remarks: [
      ...mfa.remarks,
      ...authorRemarks(named),
      ...readRemarks(facts),
      ...breakGlassRemarks(emergencies, configuration),
      ...reviewRemarks(facts),
    ],
  };
}

function placeReasons(question: GateQuestion, configuration: Configuration): GateReason[] {
  const { project, asker } = question;
  if (!isKnownPlace(question, configuration)) {
    return [{ check: "place", text: `gatebook.yml has no environment ${placeOf(question)}: name one of its own` }];
  }
  if (asker === undefined || placementOf(configuration)(undefined, [asker]).projects.includes(project)) return [];
  // Whoever edits a pipeline writes what it asks with: the question of another project's would be answered by its facts.
  return [{ check: "place", text: `${asker} is neither among the pipelines nor the repositories of ${project}` }];
}

/** A good release of another project's proves nothing of this one. */
function strangerReasons({ project, trace }: GateQuestion, { projects }: DeliveryPeople): GateReason[] {
  if (projects.length === 0 || projects.includes(project)) return [];
  return [{ check: "place", text: `${trace} is a delivery of ${projects.join(", ")}, and not of ${project}` }];
}

function authorRemarks(people: DeliveryPeople | undefined): string[] {
  if (people === undefined || !people.isTold || people.committers.length > 0) return [];
  return ["who wrote it is not known: no push of its commits was recorded"];
}

function readRemarks({ elsewhere, unread }: GateFacts): string[] {
  const others = elsewhere.approved.map((uid) => `an approval for ${uid} counts there alone`);
  if (unread === 0) return others;
  return [...others, `${unread} pushes, reviews and the like are what the index says: they are too many to be proved`];
}

function overdueIn({ review }: GateFacts): readonly ReviewedItem[] {
  return "known" in review ? (review.known?.overdue ?? []) : [];
}

function reviewRemarks({ review }: GateFacts): string[] {
  return "known" in review && review.known?.isOpen === false ? [NO_CAMPAIGN] : [];
}

function windowReasons({ configuration, now }: Circumstances): GateReason[] {
  const { gate, businessHours, timezone } = configuration;
  if (gate.releaseWindow === "always") return [];
  const { business_hours: isOpen, weekday, date, time } = calendarOf(configuration)(now);
  if (isOpen) return [];
  const { days, from, to } = businessHours;
  const text = `it is outside the release window (${days.join(", ")} from ${from} to ${to}, without holidays): in ${timezone} it is ${weekday} ${date}, ${time}`;
  return [{ check: "window", text }];
}
