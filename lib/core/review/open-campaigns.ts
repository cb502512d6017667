/** The daily look at access reviews: those of a new period are opened, and what is overdue is told. */
import type { Configuration } from "../configuration/configuration.ts";
import { rolesHeld } from "../configuration/role-members.ts";
import type { IntakeQueue } from "../receive/intake-queue.ts";
import type { CampaignName, OpenedItem } from "./campaign.ts";
import { openedEvents, overdueEvent, type ReviewAct } from "./campaign-events.ts";
import { certifiersAt } from "./certifiers.ts";
import type { CampaignLog } from "./read-campaign.ts";
import { periodsAt } from "./review-period.ts";
import { overdueIn, standingOf } from "./standing.ts";
import { readCampaigns } from "./standing-campaign.ts";

export interface CampaignWorld extends CampaignLog {
  readonly configuration: Configuration;
  readonly intake: IntakeQueue;
}

/**
 * A project whose campaign cannot be read keeps no other from being looked at. Two that open one at the same time open the same: the earlier
 * counts.
 *
 * @param now epoch milliseconds: the same for an attempt that is repeated, so that what it tells is recorded once
 * @returns the projects whose campaigns were opened, and those where something is overdue
 * @throws AggregateError with what failed, after all others are looked at
 */
export async function lookAtCampaigns(world: CampaignWorld, now: number) {
  const opened: string[] = [];
  const overdue: string[] = [];
  const failures: unknown[] = [];
  for (const project of reviewedProjects(world.configuration)) {
    try {
      const done = await lookAt(project, world, now);
      if (done.isOpened) opened.push(project);
      if (done.isOverdue) overdue.push(project);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) {
    throw new AggregateError(failures, `the access reviews of ${failures.length} projects could not be looked at`);
  }
  return { opened, overdue };
}

/** Projects without a role have nothing to review. */
export function reviewedProjects(configuration: Configuration): string[] {
  return [...new Set(rolesHeld(configuration).map(({ project }) => project))];
}

export async function openCampaign(
  campaign: CampaignName,
  world: CampaignWorld,
  act: ReviewAct,
): Promise<OpenedItem[]> {
  const { configuration, intake } = world;
  const certifiersOf = certifiersAt(configuration, act.time);
  const held = rolesHeld(configuration).filter(({ project }) => project === campaign.project);
  const items = held.map(
    (item): OpenedItem => (certifiersOf(item).length > 0 ? item : { ...item, uncertifiable: true }),
  );
  await intake.send(openedEvents(campaign, items, act));
  return items;
}

async function lookAt(project: string, world: CampaignWorld, now: number) {
  const { configuration, intake } = world;
  const period = periodsAt(configuration, now).current;
  const campaigns = await readCampaigns(project, { ...world, now });
  const isOpened = campaigns?.current.period !== period;
  if (isOpened) await openCampaign({ period, project }, world, { time: now });
  if (campaigns === undefined) return { isOpened, isOverdue: false };
  const overdue = overdueIn(standingOf(campaigns, configuration, now), now);
  if (overdue !== undefined) await intake.send([overdueEvent(campaigns.current, overdue)]);
  return { isOpened, isOverdue: overdue !== undefined };
}
