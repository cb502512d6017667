/** What becomes of a campaign, as events of Gatebook's own for the intake queue: one project's of one period are one trace. */
import { type CampaignName, type Decision, type OpenedItem, traceOfCampaign, type Verdict } from "./campaign.ts";
import { overdueFinding, uncertifiableFinding } from "./campaign-findings.ts";
import { describeItem, type ReviewItem, resourceOfItem } from "./review-item.ts";
import type { Overdue } from "./standing.ts";

/** As which Gatebook itself opens campaigns, and says what is overdue. */
const REVIEW = "gatebook:review";

export const OPENED = "review.opened";
const OVERDUE = "review.overdue";
/** Neither is an access of its own: gatebook.yml alone gives and takes roles. */
export const DECIDED: Readonly<Record<Verdict, string>> = { keep: "review.certified", remove: "review.declined" };

/** Of the items of one event: a record has 60,000 bytes, and the rest of it needs some. */
const MAX_ITEMS_CHARS = 12_000;

/** Who did something to a campaign, and when. */
export interface ReviewAct {
  /** As which they called, where somebody did: an identity of theirs. */
  readonly principal?: string;
  /** Epoch milliseconds. */
  readonly time: number;
}

type GivenDecision = ReviewAct & Decision;

/** More than one where there are many items; the first carries what was found. */
export function openedEvents(campaign: CampaignName, items: readonly OpenedItem[], act: ReviewAct): string[] {
  const { period, project } = campaign;
  const uncertifiable = items.filter((item) => item.uncertifiable === true);
  const parts = inParts(items);
  return parts.map((part, i) => {
    const uid = `${OPENED}:${traceOfCampaign(campaign)}:${i + 1}`;
    const findings =
      i === 0 && uncertifiable.length > 0
        ? [uncertifiableFinding(campaign, uncertifiable, { event: uid, time: act.time })]
        : undefined;
    return told(campaign, act, {
      uid,
      type: OPENED,
      message: `the access review ${period} of ${project} is open: ${items.length} roles that people hold`,
      ...(findings !== undefined && { findings }),
      details: { items: part, part: i + 1, parts: parts.length },
    });
  });
}

/** What is told again is known by its id, for as long as it is the same person's doing at the same time. */
export function decidedEvent(campaign: CampaignName, item: ReviewItem, decision: GivenDecision): string {
  const { verdict, by, reason, time } = decision;
  const type = DECIDED[verdict];
  const words = verdict === "keep" ? "certifies" : "wants no longer";
  return told(campaign, decision, {
    uid: `${type}:${campaign.period}:${resourceOfItem(item)}:${time}`,
    type,
    resource: resourceOfItem(item),
    message: `${by} ${words} ${describeItem(item)}: ${reason}`,
    details: { item, verdict, by, reason },
  });
}

/** The same event for as long as it is the same week since something became overdue last: told each day, it is recorded once. */
export function overdueEvent(campaign: CampaignName, overdue: Overdue): string {
  const { items, week, time } = overdue;
  const uid = `${OVERDUE}:${traceOfCampaign(campaign)}:${week}`;
  const { period, project } = campaign;
  return told(
    campaign,
    { time },
    {
      uid,
      type: OVERDUE,
      message: `${items.length} roles of ${project} are overdue in the access review ${period}`,
      findings: [overdueFinding(campaign, overdue, uid)],
      details: { overdue: items.length },
    },
  );
}

interface Told {
  readonly uid: string;
  readonly type: string;
  readonly message: string;
  readonly resource?: string;
  readonly findings?: readonly object[];
  readonly details: object;
}

function told(campaign: CampaignName, { principal = REVIEW, time }: ReviewAct, { details, ...event }: Told): string {
  const trace = traceOfCampaign(campaign);
  const { period, project } = campaign;
  return JSON.stringify({
    v: 1,
    kind: "gatebook",
    ...{ time, principal, resource: trace, trace, ...event },
    details: { review: { period, project, ...details } },
  });
}

/** Some whole items each. */
function inParts(items: readonly OpenedItem[]): OpenedItem[][] {
  const parts: OpenedItem[][] = [];
  let room = 0;
  for (const item of items) {
    const chars = JSON.stringify(item).length;
    if (chars > room) {
      parts.push([]);
      room = MAX_ITEMS_CHARS;
    }
    parts.at(-1)?.push(item);
    room -= chars;
  }
  return parts;
}
