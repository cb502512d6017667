/** Who is behind the temporary credentials of a role: whoever assumed it. */
import type { IndexEntry } from "./index-entry.ts";
import type { PreparedRecord } from "./prepare-record.ts";

export interface Holder {
  readonly principal: string;
  /** E-mail address of the person behind the principal. */
  readonly person?: string;
}

/**
 * The index by the credentials that were handed out (their identifiers, never the secrets). Strongly consistent: it knows every session that a
 * finished write of the index has stored.
 */
export interface SessionIndex {
  holdersOf(credentials: readonly string[]): Promise<ReadonlyMap<string, Holder>>;
}

/**
 * Names the person behind each event of a session whose AssumeRole is in the index or came before it in the batch, role after role if one
 * session assumed the next. What the configuration says of a principal itself goes first.
 *
 * @param records in the order of their time
 */
export async function nameHolders<T extends PreparedRecord>(
  records: readonly T[],
  sessions: SessionIndex,
): Promise<T[]> {
  const holders = new Map(await sessions.holdersOf([...new Set(records.flatMap(unnamedCredential))]));
  return records.map((record) => {
    const [credential] = unnamedCredential(record);
    const person = credential === undefined ? undefined : holders.get(credential)?.person;
    const named = person === undefined ? record : withPerson(record, person);
    if (named.entry.issued !== undefined) holders.set(named.entry.issued, holderOf(named.entry));
    return named;
  });
}

export function holderOf({ principal, person }: IndexEntry): Holder {
  return { principal, ...(person !== undefined && { person }) };
}

/** AWS's temporary credentials; a user's own keys begin otherwise. */
const TEMPORARY = /^ASIA/;

/** The temporary credential of an event that is by nobody known. */
function unnamedCredential({ classification, normalised: { granted } }: PreparedRecord): string[] {
  const { credential } = granted;
  return classification.person === undefined && credential !== undefined && TEMPORARY.test(credential)
    ? [credential]
    : [];
}

function withPerson<T extends PreparedRecord>(record: T, person: string): T {
  return {
    ...record,
    classification: { ...record.classification, person },
    entry: { ...record.entry, person },
  };
}
