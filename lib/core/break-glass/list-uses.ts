/** What was done with emergency access: what is to be explained, and what was. */
import * as z from "zod";
import { concurrently } from "../evidence/concurrently.ts";
import { HOT_MS } from "../evidence/event-index.ts";
import type { RecordAt } from "../second-look/record-at.ts";
import { type BreakGlassIndex, type EmergencyHour, HOUR_MS } from "./break-glass-index.ts";
import type { Explanation } from "./explanation.ts";
import { type OpenUse, openUse } from "./open-use.ts";
import { type StepsWorld, sessionSteps } from "./session-steps.ts";

/** Of one answer, the latest: each is some calls of the index and of the log. */
const MAX_SESSIONS = 200;
const MAX_CONCURRENT = 8;

export interface UsesWorld extends StepsWorld {
  readonly index: BreakGlassIndex & StepsWorld["index"];
  readonly recordAt: RecordAt;
  readonly explainWithinMs: number;
  readonly now: () => number;
}

const time = z.number();
const text = z.string();

export const ShownUse = z.object({
  session: text,
  state: z.enum(["open", "overdue", "explained"]),
  /** The first and the last access, and until when it has to be explained: epoch milliseconds. */
  since: time,
  until: time,
  due: time.exactOptional(),
  accesses: z.number(),
  isMore: z.boolean(),
  people: z.array(text),
  others: z.array(text).exactOptional(),
  first: z.object({ operation: text, resource: text.exactOptional() }).exactOptional(),
  explained: z
    .object({
      by: text,
      usedIt: z.enum(["yes", "no", "unknown"]),
      reason: text,
      ticket: text.exactOptional(),
      at: time,
    })
    .exactOptional(),
});
/** As the command line shows it. */
export type ShownUse = z.infer<typeof ShownUse>;

export const ListedUses = z.object({ uses: z.array(ShownUse), isCut: z.boolean() });
export type ListedUses = z.infer<typeof ListedUses>;

/** What is open comes first, the longest due before the others; with `all`, what was explained follows, the latest first. */
export async function listUses(world: UsesWorld, all: boolean): Promise<ListedUses> {
  const now = world.now();
  const hours = await world.index.emergencyHours({ since: now - HOT_MS, until: now + HOUR_MS });
  const sessions = [...Map.groupBy(hours.toReversed(), ({ session }) => session)];
  const open: ShownUse[] = [];
  const explained: ShownUse[] = [];
  await concurrently(MAX_CONCURRENT, sessions.slice(0, MAX_SESSIONS), async ([session, ofSession]) => {
    const { use, explanations } = await stateOf(session, ofSession, world);
    if (use !== undefined) open.push(shownOpen(use, world.explainWithinMs, now));
    if (all) explained.push(...explanations.map(shownExplained));
  });
  open.sort((a, b) => a.since - b.since || (a.session < b.session ? -1 : 1));
  explained.sort((a, b) => b.until - a.until || (a.session < b.session ? -1 : 1));
  return { uses: [...open, ...explained], isCut: sessions.length > MAX_SESSIONS };
}

export interface SessionState {
  readonly use: OpenUse | undefined;
  readonly explanations: readonly Explanation[];
}

/** @param hours those of one session */
export async function stateOf(
  session: string,
  hours: readonly EmergencyHour[],
  world: UsesWorld,
): Promise<SessionState> {
  const { explanations, explainedUntil } = await sessionSteps(session, world);
  return { use: await openUse(hours, explainedUntil, world.index), explanations };
}

function shownOpen(use: OpenUse, explainWithinMs: number, now: number): ShownUse {
  const due = use.since + explainWithinMs;
  const { people, others, first, ...rest } = use;
  return { ...rest, people: [...people], others: [...others], first, due, state: now >= due ? "overdue" : "open" };
}

export function shownExplained(explanation: Explanation): ShownUse {
  const { session, since, until, accesses, isMore = false, people, by, usedIt, reason, ticket, at } = explanation;
  const explained = { by, usedIt, reason, ...(ticket !== undefined && { ticket }), at };
  return { session, state: "explained", since, until, accesses, isMore, people: [...people], explained };
}
