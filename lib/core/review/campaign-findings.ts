/** Findings that an access review makes by itself: a role is overdue, or nobody may certify it. */
import { hash } from "node:crypto";
import type { Finding, Level } from "../record/finding.ts";
import { type CampaignName, traceOfCampaign } from "./campaign.ts";
import { describeItem, type ReviewItem } from "./review-item.ts";
import type { Overdue } from "./standing.ts";

/** Of one finding: the command that it names shows the rest. */
const MAX_LISTED = 8;

interface ReviewRule {
  readonly id: string;
  readonly title: string;
  readonly level: Level;
  readonly operation: string;
  readonly next: readonly string[];
}

/** What whoever names a rule calls them. */
export const CAMPAIGN_RULES = {
  overdue: {
    id: "2d7e6b1c-93a4-4f0e-8a52-6c1f0b7e4d35",
    title: "Access review overdue",
    level: "medium",
    operation: "review.overdue",
    next: [
      "What it means: nobody has said that these people still need these roles, and the gate stops releases that they take part in.",
      "What to check: gatebook review show --overdue lists them, with who may certify each.",
      "How to contain: have one of those decide with gatebook review decide; take roles out of gatebook.yml that nobody answers for.",
    ],
  },
  uncertifiable: {
    id: "e4b09a6f-5c1d-4b7a-9d38-f27c0a81b6e3",
    title: "Role that nobody can certify",
    level: "low",
    operation: "review.opened",
    next: [
      "What it means: whoever would certify these roles holds them, and nobody certifies themselves.",
      "What to check: who else knows whether these people still need them.",
      "How to contain: name somebody else under the project's certifiers in gatebook.yml.",
    ],
  },
} as const satisfies Readonly<Record<string, ReviewRule>>;

interface Told {
  /** The id of the event that carries it. */
  readonly event: string;
  readonly time: number;
}

export function uncertifiableFinding(campaign: CampaignName, items: readonly ReviewItem[], told: Told): Finding {
  const why = `gatebook.yml names nobody but themselves who may certify ${listed(items.map(describeItem))}.`;
  return toFinding(CAMPAIGN_RULES.uncertifiable, campaign, why, told);
}

export function overdueFinding(campaign: CampaignName, { items, time }: Overdue, event: string): Finding {
  const texts = items.map(({ item, due = time, decision }) => {
    const what = decision === undefined ? "not certified" : `to go, says ${decision.by}, and still in gatebook.yml`;
    return `${describeItem(item)} (${what}, due since ${new Date(due).toISOString()})`;
  });
  const why = `In the access review ${campaign.period} of ${campaign.project} these are overdue: ${listed(texts)}.`;
  return toFinding(CAMPAIGN_RULES.overdue, campaign, why, { event, time });
}

function toFinding(
  { id, title, level, operation, next }: ReviewRule,
  campaign: CampaignName,
  why: string,
  { event, time }: Told,
): Finding {
  const trace = traceOfCampaign(campaign);
  return {
    uid: hash("sha256", [id, event, String(time)].join("\n"), "hex"),
    rule: { id, title },
    level,
    time,
    principal: "gatebook:review",
    action: "other",
    operation,
    resource: trace,
    event,
    granted: { by: "service" },
    why,
    next,
    trace,
  };
}

function listed(texts: readonly string[]): string {
  const rest = texts.length - MAX_LISTED;
  return rest > 0 ? `${texts.slice(0, MAX_LISTED).join("; ")}; and ${rest} more` : texts.join("; ");
}
