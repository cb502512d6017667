/** How each item of a campaign stands: held or not, decided, due, overdue. */
import type { Configuration } from "../configuration/configuration.ts";
import { rolesHeld } from "../configuration/role-members.ts";
import type { Campaign, Decision } from "./campaign.ts";
import { certifiersAt } from "./certifiers.ts";
import { keyOfItem, type ReviewItem } from "./review-item.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const WEEK_MS = 7 * DAY_MS;

/** The campaign that stands, and the one before it: what was not settled then is due since then. */
export interface Campaigns {
  readonly current: Campaign;
  readonly previous?: Campaign;
}

export interface ReviewedItem {
  readonly item: ReviewItem;
  /** gatebook.yml still gives the role. */
  readonly isHeld: boolean;
  /** Who may certify it as of now. */
  readonly certifiers: readonly string[];
  readonly decision?: Decision;
  /** Epoch milliseconds; only where something is still to be done, and somebody can do it: what was decided to go, gatebook.yml can always let go. */
  readonly due?: number;
  readonly isOverdue: boolean;
}

/** Items that are overdue, for so many whole weeks since the last of them became so. */
export interface Overdue {
  readonly items: readonly ReviewedItem[];
  readonly week: number;
  /** When that week began, epoch milliseconds. */
  readonly time: number;
}

/**
 * An item is settled when it is certified, or when gatebook.yml no longer gives the role. What nobody may certify is never due: it would stop
 * each release for ever.
 *
 * @param now epoch milliseconds
 */
export function standingOf(
  { current, previous }: Campaigns,
  configuration: Configuration,
  now: number,
): ReviewedItem[] {
  const dueAfter = configuration.review.dueAfterDays * DAY_MS;
  const held = new Set(rolesHeld(configuration).map(keyOfItem));
  const certifiersOf = certifiersAt(configuration, now);
  const unsettled = new Set(previous === undefined ? [] : unsettledIn(previous));
  return current.items.map(({ uncertifiable, ...item }) => {
    const key = keyOfItem(item);
    const decision = current.decisions.get(key);
    const certifiers = certifiersOf(item);
    const isSettled = decision?.verdict === "keep" || !held.has(key);
    const canBeDone = decision !== undefined || (certifiers.length > 0 && uncertifiable !== true);
    const isAsked = !isSettled && canBeDone;
    const openedAt = unsettled.has(key) && previous !== undefined ? previous.openedAt : current.openedAt;
    const due = openedAt + dueAfter;
    return {
      ...{ item, certifiers, isHeld: held.has(key), isOverdue: isAsked && now >= due },
      ...(decision !== undefined && { decision }),
      ...(isAsked && { due }),
    };
  });
}

export function overdueIn(reviewed: readonly ReviewedItem[], now: number): Overdue | undefined {
  const items = reviewed.filter(({ isOverdue }) => isOverdue);
  if (items.length === 0) return undefined;
  // Of those of the period before the weeks began earlier: what became overdue since then is told at once, and not with their next.
  const latest = Math.max(...items.flatMap(({ due }) => due ?? []));
  const week = Math.floor((now - latest) / WEEK_MS);
  return { items, week, time: latest + week * WEEK_MS };
}

function unsettledIn({ items, decisions }: Campaign): string[] {
  return items
    .filter(({ uncertifiable }) => uncertifiable !== true)
    .map(keyOfItem)
    .filter((key) => decisions.get(key)?.verdict !== "keep");
}
