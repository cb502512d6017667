/** What the same person did just before and just after. */
import type { Configuration } from "../configuration/configuration.ts";
import type { Finding } from "../record/finding.ts";
import type { IndexEntry } from "../record/index-entry.ts";
import { FAILURE } from "../record/ocsf.ts";
import { describeMoment, type MailSettings, shortResource } from "./mail-text.ts";
import type { PrincipalHistory } from "./principal-history.ts";

/** On either side. */
const MAX_EVENTS = 5;
/** Of one person; each costs two queries. */
const MAX_PRINCIPALS = 6;
/** As gatebook.yml writes a user of Identity Center, who acts as the session of a role. */
const NO_PRINCIPAL = /^sso:/;

export type History =
  | { readonly outcome: "read"; readonly before: readonly IndexEntry[]; readonly after: readonly IndexEntry[] }
  | { readonly outcome: "failed" };

/** Events by the finding's principal and by whatever else gatebook.yml says is the same person; the finding's own events are left out. */
export async function readHistory(
  finding: Finding,
  people: Configuration["people"],
  history: PrincipalHistory,
): Promise<History> {
  const principals = principalsOf(finding, people);
  try {
    // The own event is among the latter, and any number of repetitions of it.
    const [before, since] = await Promise.all([
      Promise.all(principals.map((principal) => history.before(principal, finding.time, MAX_EVENTS))),
      Promise.all(principals.map((principal) => history.since(principal, finding.time, 2 * MAX_EVENTS))),
    ]);
    const others = (entries: readonly (readonly IndexEntry[])[]) =>
      entries
        .flat()
        .filter((entry) => !isOwn(entry, finding))
        .toSorted((a, b) => (a.eventKey < b.eventKey ? -1 : 1));
    return { outcome: "read", before: others(before).slice(-MAX_EVENTS), after: others(since).slice(0, MAX_EVENTS) };
  } catch {
    // The mail matters more than what would have stood in it: it says that this is missing.
    return { outcome: "failed" };
  }
}

/** A line of the mail for each event. */
export function historyLines(history: History, { timezone }: Pick<MailSettings, "timezone">): string[] {
  if (history.outcome === "failed") return ["the index could not be read; search for it as below"];
  const { before, after } = history;
  const none = before.length + after.length === 0;
  if (none) return ["nothing else is known of this person"];
  const lineOf = (entry: IndexEntry) => describeEntry(entry, timezone);
  return [...before.map(lineOf), "-> this event", ...after.map(lineOf)];
}

function describeEntry({ eventKey, action, operation, resource, status }: IndexEntry, timezone: string): string {
  const time = Date.parse(eventKey.slice(0, eventKey.indexOf("#")));
  const where = resource === undefined ? "" : ` on ${shortResource(resource)}`;
  return `${describeMoment(time, timezone)} ${action}, ${operation}${where}${status === FAILURE ? ", FAILED" : ""}`;
}

function principalsOf({ principal, person }: Finding, people: Configuration["people"]): string[] {
  const identities = people.find(({ email }) => email === person)?.identities ?? [];
  const others = identities.filter((identity) => !NO_PRINCIPAL.test(identity) && !/[*?]/.test(identity));
  return [...new Set([principal, ...others])].slice(0, MAX_PRINCIPALS);
}

/** Behind the source's id may stand more, where the source repeats its ids. */
function isOwn({ eventKey }: IndexEntry, { event, events = [] }: Finding): boolean {
  const id = eventKey.slice(eventKey.indexOf("#") + 1);
  return [event, ...events].some((own) => id === own || id.startsWith(`${own}:`));
}
