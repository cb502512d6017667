/** An access review as a table, for people. */
import { nameOfPlace } from "../../lib/core/access/access-question.ts";
import type { ShownCampaign, ShownItem } from "../../lib/core/review/shown-review.ts";
import { printable } from "./describe-found.ts";
import { textTable } from "./text-table.ts";

const COLUMNS = ["person", "role", "place", "state", "due", "decided, or to be decided by"].map((heading) => ({
  heading,
}));

/** Days are those of UTC. */
export function describeReview({ project, period, openedAt, items }: ShownCampaign): string {
  const title = printable(`${project}: access review ${period}, open since ${dayOf(openedAt)}`);
  if (items.length === 0) return `${title}\nnothing to show`;
  return `${title}\n${textTable(
    COLUMNS,
    items.map((item) => cellsOf(item).map(printable)),
  )}`;
}

function cellsOf(item: ShownItem): string[] {
  const { person, role, state, due, isOverdue, decision, certifiers } = item;
  const by =
    decision === undefined ? certifiers.join(" or ") : `${decision.by}, ${dayOf(decision.time)}: ${decision.reason}`;
  return [
    ...[person, role, nameOfPlace(item)],
    isOverdue ? `${STATES[state]}, OVERDUE` : STATES[state],
    due === undefined ? "" : dayOf(due),
    by,
  ];
}

const STATES: Readonly<Record<ShownItem["state"], string>> = {
  open: "open",
  certified: "certified",
  "to-remove": "to be removed",
  gone: "no longer held",
  nobody: "nobody may certify it",
};

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, "YYYY-MM-DD".length);
}
