/** Who is behind the temporary credentials of a role: whoever assumed it. */
import { type MfaState, mfaOfSession } from "../access/mfa.ts";
import type { IndexEntry } from "./index-entry.ts";
import type { PreparedRecord } from "./prepare-record.ts";

export interface Holder {
  readonly principal: string;
  /** E-mail address of the person behind the principal. */
  readonly person?: string;
  /** The delivery that the session was opened for: of the build whose role this is. */
  readonly trace?: string;
  /** What is known of the second factor behind the session's opening. */
  readonly mfa?: MfaState;
}

/**
 * The index by the credentials that were handed out (their identifiers, never the secrets). Strongly consistent: it knows every session that a
 * finished write of the index has stored.
 */
export interface SessionIndex {
  holdersOf(credentials: readonly string[]): Promise<ReadonlyMap<string, Holder>>;
}

/**
 * Names the person behind each event of a session, and the delivery that it is part of, where its AssumeRole is in the index or came before it in the batch, role after role if one
 * session assumed the next. What the configuration says of a principal itself goes first.
 *
 * @param records in the order of their time
 */
export async function nameHolders<T extends PreparedRecord>(
  records: readonly T[],
  sessions: SessionIndex,
): Promise<T[]> {
  const holders = new Map(await sessions.holdersOf([...new Set(records.flatMap(temporaryCredential))]));
  return records.map((record) => {
    const [credential] = temporaryCredential(record);
    const holder = credential === undefined ? undefined : holders.get(credential);
    const named = holder === undefined ? record : withHolder(record, holder);
    if (named.entry.issued !== undefined) holders.set(named.entry.issued, holderOf(named.entry));
    return named;
  });
}

export function holderOf({ principal, person, trace, mfa }: IndexEntry): Holder {
  return {
    principal,
    ...(person !== undefined && { person }),
    ...(trace !== undefined && { trace }),
    ...(mfa !== undefined && { mfa }),
  };
}

/** AWS's temporary credentials; a user's own keys begin otherwise. */
const TEMPORARY = /^ASIA/;

function temporaryCredential({ normalised: { granted } }: PreparedRecord): string[] {
  const { credential } = granted;
  return credential !== undefined && TEMPORARY.test(credential) ? [credential] : [];
}

/** What the event says of itself goes first. */
function withHolder<T extends PreparedRecord>(record: T, holder: Holder): T {
  const person = record.classification.person ?? holder.person;
  const trace = record.entry.trace ?? holder.trace;
  return {
    ...record,
    openedBy: holder.principal,
    ...(holder.mfa !== undefined && { openerMfa: holder.mfa }),
    classification: { ...record.classification, ...(person !== undefined && { person }) },
    entry: {
      ...record.entry,
      ...(person !== undefined && { person }),
      ...(trace !== undefined && { trace }),
      ...(record.entry.issued !== undefined && { mfa: mfaOfSession(record.normalised.granted, holder.mfa).is }),
    },
  };
}
