/** Who lately changed what an approval rests on, its pipeline aside: how the source is protected, and the approver's own rights. */
import type { BatchEntries } from "./batch-entries.ts";
import { sourceEvents, whoIn } from "./delivery-authors.ts";
import type { DeliveryIndex } from "./delivery-index.ts";
import { timeOf } from "./entry-time.ts";
import { actsIn } from "./execution-events.ts";
import type { IndexEntry } from "./index-entry.ts";

/** A change that is older was there for others to see, and for reviews of access to find. */
const LATELY_MS = 7 * 24 * 60 * 60 * 1000;
/** Of one thing, the latest events. */
const MAX_LOOKED_AT = 1_000;
/** Repositories of one delivery, and names of one person: each is a question. */
const MAX_THINGS = 10;

/** A person's identities by their e-mail address: in AWS, on code hosts, with whoever signs them in. */
export type IdentitiesOf = (person: string) => readonly string[];

export interface ApprovalGuards {
  readonly protectors: readonly string[];
  readonly granters: readonly string[];
}

interface GuardWorld {
  readonly batch: BatchEntries;
  readonly index: DeliveryIndex;
  readonly identitiesOf: IdentitiesOf;
}

export async function findGuards(
  { trace, decision }: { readonly trace: string; readonly decision: IndexEntry },
  { batch, index, identitiesOf }: GuardWorld,
): Promise<ApprovalGuards> {
  const changesOf = changesBefore(timeOf(decision), batch, index);
  const sources = (await sourceEvents(trace, batch, index)).filter(({ action }) => BRINGS_COMMITS.has(action));
  const [protections, rights] = await Promise.all([
    changesOf(
      sources.flatMap(({ resource }) => resource ?? []),
      PROTECTS,
    ),
    changesOf(namesOf(decision, identitiesOf), GRANTS),
  ]);
  return { protectors: whoIn(protections), granters: whoIn(rights) };
}

const BRINGS_COMMITS: ReadonlySet<string> = new Set(["source.push", "source.merge"]);
const PROTECTS: ReadonlySet<string> = new Set(["source.protect"]);
const GRANTS: ReadonlySet<string> = new Set(["access.grant", "access.policy"]);

type ChangesOf = (things: readonly string[], actions: ReadonlySet<string>) => Promise<readonly IndexEntry[]>;

function changesBefore(decided: number, batch: BatchEntries, index: DeliveryIndex): ChangesOf {
  const isLately = (entry: IndexEntry): boolean => timeOf(entry) <= decided && timeOf(entry) > decided - LATELY_MS;
  return async (things, actions) => {
    const asked = [...new Set(things)].slice(0, MAX_THINGS);
    const known = await Promise.all(
      asked.map((thing) => index.byResource(thing, { before: decided + 1, limit: MAX_LOOKED_AT })),
    );
    const together = asked.flatMap((thing) => batch.ofResource(thing));
    return actsIn([...known.flat(), ...together]).filter((entry) => actions.has(entry.action) && isLately(entry));
  };
}

const ROLE_SESSION = /^arn:([^:]+):sts::([^:]*):assumed-role\/([^/]+)\//;

/** As whom they decided, the role behind a session, and every other name of theirs that rights are given to in AWS. */
function namesOf({ principal, person }: IndexEntry, identitiesOf: IdentitiesOf): readonly string[] {
  const [, partition, account, role] = ROLE_SESSION.exec(principal) ?? [];
  const others = person === undefined ? [] : identitiesOf(person);
  const names = [
    principal,
    ...(role === undefined ? [] : [`arn:${partition}:iam::${account}:role/${role}`]),
    ...others,
  ];
  return names.filter((name) => name.startsWith("arn:"));
}
