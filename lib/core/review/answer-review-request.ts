/** `POST /v1/reviews`, in a request that IAM has let in: an access review is shown, opened, and decided. */
import { callerOf, type GrantCaller } from "../grants/grant-caller.ts";
import { answerIamRequest, type IamRequest, jsonReply, Refusal } from "../receive/answer-iam-request.ts";
import type { HttpReply } from "../receive/problem.ts";
import type { EventCaller } from "../sources/cloudevent-schema.ts";
import type { CampaignName } from "./campaign.ts";
import { decidedEvent } from "./campaign-events.ts";
import { type CampaignWorld, openCampaign, reviewedProjects } from "./open-campaigns.ts";
import { describeItem, keyOfItem, type ReviewItem } from "./review-item.ts";
import { periodsAt } from "./review-period.ts";
import { type ReviewRequest, readReviewRequest } from "./review-request.ts";
import { type ShownCampaign, shownCampaign } from "./shown-review.ts";
import { type ReviewedItem, standingOf } from "./standing.ts";
import { readCampaigns } from "./standing-campaign.ts";

/** 200 items with long names. */
const MAX_BODY_CHARS = 256 * 1024;
/** Of one campaign: beyond that its trace could not be read whole, and the gate would know nothing of it. */
const MAX_DECISIONS = 900;

export interface ReviewWorld extends CampaignWorld {
  readonly now: () => number;
}

type Asked<Verb> = Extract<ReviewRequest, { do: Verb }>;

/** What `show` and `run` answer. */
export interface ShownReview {
  readonly campaigns: readonly ShownCampaign[];
  /** Projects whose campaign of this period is not open yet. */
  readonly unopened: readonly string[];
  /** Who asks, where gatebook.yml knows. */
  readonly you?: string;
}

export function answerReviewRequest(request: IamRequest, world: ReviewWorld): Promise<HttpReply> {
  return answerIamRequest(request, MAX_BODY_CHARS, async (told, caller) => {
    const asked = readReviewRequest(told);
    // Whoever IAM lets in may look; only people of gatebook.yml open and decide.
    if (asked.do === "show") return jsonReply(200, await show(asked.project, caller, world));
    const who = callerOf(caller, world.configuration, world.now());
    if ("refusal" in who) throw new Refusal(403, who.refusal);
    if (asked.do === "run") return jsonReply(200, await run(who, caller, world));
    return jsonReply(200, { items: await decide(asked, who, world) });
  });
}

async function show(project: string | undefined, caller: EventCaller, world: ReviewWorld): Promise<ShownReview> {
  const { configuration } = world;
  const now = world.now();
  if (project !== undefined) checkProject(project, world);
  const projects = project === undefined ? reviewedProjects(configuration) : [project];
  const read = await Promise.all(
    projects.map(async (name) => ({ name, campaigns: await readCampaigns(name, { ...world, now }) })),
  );
  const { current } = periodsAt(configuration, now);
  const who = callerOf(caller, configuration, now);
  return {
    campaigns: read.flatMap(({ campaigns }) =>
      campaigns === undefined ? [] : [shownCampaign(campaigns, configuration, now)],
    ),
    unopened: read.flatMap(({ name, campaigns }) => (campaigns?.current.period === current ? [] : [name])),
    ...("person" in who && { you: who.person }),
  };
}

async function run({ principal }: GrantCaller, caller: EventCaller, world: ReviewWorld): Promise<ShownReview> {
  const { configuration } = world;
  const before = await show(undefined, caller, world);
  const time = world.now();
  const { current: period } = periodsAt(configuration, time);
  const opened = await Promise.all(
    before.unopened.map(async (project) => {
      const last = await readCampaigns(project, { ...world, now: time });
      // Opened by somebody else meanwhile.
      if (last?.current.period === period) return shownCampaign(last, configuration, time);
      const items = await openCampaign({ period, project }, world, { principal, time });
      const current = { period, project, openedAt: time, items, decisions: new Map(), events: 0 };
      // Not read back: what was enqueued just now is in the log in a few seconds.
      return shownCampaign({ current, ...(last && { previous: last.current }) }, configuration, time);
    }),
  );
  const kept = before.campaigns.filter(({ project }) => !before.unopened.includes(project));
  return { ...before, campaigns: [...kept, ...opened], unopened: [] };
}

/** All of them or none. */
async function decide(
  { project, items: named, verdict, reason }: Asked<"decide">,
  { person: by, principal }: GrantCaller,
  world: ReviewWorld,
): Promise<ReviewItem[]> {
  const { configuration, intake } = world;
  const time = world.now();
  checkProject(project, world);
  const campaigns = await readCampaigns(project, { ...world, now: time });
  if (campaigns === undefined) {
    throw new Refusal(409, `No access review of ${project} is open: gatebook review run opens it.`);
  }
  const { current } = campaigns;
  if (current.events + named.length > MAX_DECISIONS) {
    throw new Refusal(
      409,
      `The access review ${current.period} of ${project} has ${current.events} events already: ${MAX_DECISIONS} is the limit.`,
    );
  }
  const reviewed = new Map(standingOf(campaigns, configuration, time).map((each) => [keyOfItem(each.item), each]));
  const items = named.map((each): ReviewItem => {
    const item = { ...each, project };
    const refusal = refusalToDecide(by, item, reviewed.get(keyOfItem(item)), current);
    if (refusal !== undefined) throw refusal;
    return item;
  });
  await intake.send(items.map((item) => decidedEvent(current, item, { verdict, by, principal, reason, time })));
  return items;
}

function refusalToDecide(
  by: string,
  item: ReviewItem,
  reviewed: ReviewedItem | undefined,
  { period, project }: CampaignName,
): Refusal | undefined {
  const what = describeItem(item);
  if (reviewed === undefined) {
    return new Refusal(404, `${what} is not in the access review ${period} of ${project}: show lists what is.`);
  }
  if (by === item.person) return new Refusal(403, `${by} holds it: somebody else has to certify ${what}.`);
  const { certifiers, isHeld } = reviewed;
  if (!certifiers.includes(by)) {
    const others = certifiers.length === 0 ? "gatebook.yml names nobody who may" : `ask ${certifiers.join(" or ")}`;
    return new Refusal(403, `${by} may not certify ${what}: ${others}.`);
  }
  if (!isHeld) return new Refusal(409, `gatebook.yml no longer gives ${what}: there is nothing to decide.`);
  return undefined;
}

function checkProject(project: string, { configuration }: ReviewWorld): void {
  const projects = reviewedProjects(configuration);
  if (projects.includes(project)) return;
  const names = projects.join(", ") || "none";
  throw new Refusal(404, `${project} is no project of gatebook.yml in which anybody holds a role: there are ${names}.`);
}
