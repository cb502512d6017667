/** Finding out about the second factor behind an access that needs one: by the event, its session, and what was told of the account before. */
import type { RecordView } from "../detections/record-view.ts";
import { timeOf } from "../record/entry-time.ts";
import type { IndexEntry } from "../record/index-entry.ts";
import { principalOf } from "../sources/principal.ts";
import { type MfaKnowledge, type MfaState, mfaOfSession, NOT_KNOWN } from "./mfa.ts";
import { MAX_TELLINGS, type MfaIndex, type MfaTelling } from "./mfa-index.ts";
import { gitHubAccount, SIGN_IN_MS, workforceAccounts } from "./mfa-told.ts";

interface MfaAccess {
  readonly view: RecordView;
  /** What is known of whoever opened the session that acts. */
  readonly openerMfa?: MfaState | undefined;
}

export type KnowMfa = (access: MfaAccess) => Promise<MfaKnowledge>;

/** Where to look, and how long what was told there holds. */
interface Account {
  readonly name: string;
  readonly from: "sign-in" | "account" | "organisation";
}

const HOLDS_MS: Readonly<Record<Account["from"], number>> = {
  "sign-in": SIGN_IN_MS,
  account: Number.POSITIVE_INFINITY,
  organisation: Number.POSITIVE_INFINITY,
};

/**
 * For one batch: an account is looked up once, however many accesses it makes.
 *
 * @param entries of the batch, which the index cannot know yet
 * @param index without it, the batch is all there is
 */
export function mfaReader(entries: readonly IndexEntry[], index?: MfaIndex): KnowMfa {
  const together = tellingsByAccount(entries);
  const times = entries.map(timeOf);
  const [oldest, newest] = times.reduce(([a, b], time) => [Math.min(a, time), Math.max(b, time)], [Infinity, 0]);
  const asked = new Map<string, Promise<readonly MfaTelling[]>>();
  const stored = ({ name, from }: Account): Promise<readonly MfaTelling[]> => {
    const range = { since: Math.max(0, oldest - HOLDS_MS[from]), until: newest };
    const answer = asked.get(name) ?? index?.tellingsOf(name, range) ?? Promise.resolve([]);
    asked.set(name, answer);
    return answer;
  };
  return async ({ view, openerMfa }) => {
    const own = mfaOfSession(view.granted, openerMfa);
    if (own.is !== "unknown") return own;
    const told = await Promise.all(
      accountsOf(view).map(async (account) => {
        const tellings = [...(together.get(account.name) ?? []), ...(await stored(account))];
        return latest(tellings, view.time, account);
      }),
    );
    // Whichever told last, account or organisation. An organisation that asks nobody for a second factor says nothing of its members.
    const known = told.filter((each) => each?.is !== "unknown" || each.from === "sign-in");
    return known.toSorted((a, b) => (b?.since ?? 0) - (a?.since ?? 0))[0] ?? NOT_KNOWN;
  };
}

function tellingsByAccount(entries: readonly IndexEntry[]): ReadonlyMap<string, readonly MfaTelling[]> {
  const tellings = new Map<string, MfaTelling[]>();
  for (const entry of entries) {
    const { mfa, mfaOf = [] } = entry;
    if (mfa === undefined) continue;
    for (const account of mfaOf) {
      const telling = { time: timeOf(entry), mfa };
      tellings.set(account, [...(tellings.get(account) ?? []), telling].slice(-MAX_TELLINGS));
    }
  }
  return tellings;
}

function latest(tellings: readonly MfaTelling[], at: number, { from }: Account): MfaKnowledge | undefined {
  const [last] = tellings
    .filter(({ time }) => time <= at && time >= at - HOLDS_MS[from])
    .toSorted((a, b) => b.time - a.time);
  return last && { is: last.mfa, from, since: last.time };
}

const SSO_SESSION = /:assumed-role\/AWSReservedSSO_[^/]+\/[^/]+$/;

function accountsOf(view: RecordView): readonly Account[] {
  const { granted, person, opened_by: opener = "" } = view;
  const principal = principalOf(view);
  if (granted.by === "console" || granted.by === "root") return [{ name: principal, from: "sign-in" }];
  if (granted.by === "identity-center") {
    return workforceAccounts(granted.subject, person).map((name) => ({ name, from: "sign-in" }));
  }
  // The person is who the session of Identity Center belongs to: its own name could be that of a role of anybody's.
  if (granted.by === "assumed-role" && SSO_SESSION.test(opener)) {
    return workforceAccounts(undefined, person).map((name) => ({ name, from: "sign-in" }));
  }
  return view.metadata.product.vendor_name === "GitHub" ? gitHubAccounts(view, principal) : [];
}

function gitHubAccounts(view: RecordView, principal: string): readonly Account[] {
  if (!principal.startsWith("github:")) return [];
  const owners = (view.resources ?? []).flatMap(({ uid }) => /^github:[^/@]+(?=\/)/.exec(uid ?? "")?.[0] ?? []);
  const [owner] = owners;
  return [
    { name: gitHubAccount(principal), from: "account" },
    ...(owner === undefined ? [] : [{ name: gitHubAccount(owner), from: "organisation" } as const]),
  ];
}
