/** The example organisation with its break-glass role: what is told is recorded, and what is sent is recorded with the next tick. */
import { memoryEventIndex } from "../../../lib/adapters/memory-event-index.ts";
import { answerBreakGlassRequest } from "../../../lib/core/break-glass/answer-break-glass-request.ts";
import { HOUR_MS } from "../../../lib/core/break-glass/break-glass-index.ts";
import { findOverdue } from "../../../lib/core/break-glass/find-overdue.ts";
import type { ListedUses, ShownUse } from "../../../lib/core/break-glass/list-uses.ts";
import { readRecords } from "../../../lib/core/break-glass/read-records.ts";
import { NO_RULES } from "../../../lib/core/detections/rule-set.ts";
import { lastingName } from "../../../lib/core/evidence/event-index.ts";
import type { AuditRecord } from "../../../lib/core/record/audit-record.ts";
import { decodeRecord } from "../../../lib/core/record/decode-record.ts";
import { createRecorder } from "../../../lib/core/record/recorder.ts";
import { ACCOUNT, call, type Message, organisation, timeAt } from "../record/views.ts";

export const SESSION = `arn:aws:sts::${ACCOUNT}:assumed-role/break-glass/bo`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/break-glass`;
export const FIRST = Date.parse(timeAt(0));
export const DAY_MS = 24 * HOUR_MS;
const CREDENTIAL = "ASIAEXAMPLEGLASS0001";

/** A role's session as CloudTrail names it. */
export function sessionCall(operation: string, at: number, session = SESSION, more: Message = {}): Message {
  const [, role = ""] = /assumed-role\/([^/]+)/.exec(session) ?? [];
  const issuer = { type: "Role", arn: `arn:aws:iam::${ACCOUNT}:role/${role}`, accountId: ACCOUNT, userName: role };
  const userIdentity = {
    type: "AssumedRole",
    arn: session,
    accountId: ACCOUNT,
    accessKeyId: CREDENTIAL,
    sessionContext: { sessionIssuer: issuer },
  };
  return call(operation, at, session, { userIdentity, ...more });
}

/** Somebody takes a role on, as which they act from then on. */
export function taken(by: string, at: number, more: { session?: string; credential?: string } = {}): Message {
  const { session = SESSION, credential = CREDENTIAL } = more;
  const [, role = ""] = /assumed-role\/([^/]+)/.exec(session) ?? [];
  return call("sts:AssumeRole", at, by, {
    requestParameters: { roleArn: `arn:aws:iam::${ACCOUNT}:role/${role}`, roleSessionName: "bo" },
    responseElements: {
      credentials: { accessKeyId: credential, expiration: "Nov 24, 2026, 11:00:00 AM" },
      assumedRoleUser: { assumedRoleId: "AROAEXAMPLE:bo", arn: session },
    },
  });
}

export const stopped = (at: number, session = SESSION): Message =>
  sessionCall("ecs:UpdateService", at, session, { requestParameters: { cluster: "shop", service: "checkout" } });

interface Answer extends Partial<ListedUses> {
  readonly status: number;
  readonly detail?: string;
  readonly use?: ShownUse;
  readonly already?: boolean;
}

export function emergencyDesk({
  change,
  index = memoryEventIndex(),
}: {
  change?: readonly [string, string];
  index?: ReturnType<typeof memoryEventIndex>;
} = {}) {
  const configuration = change === undefined ? organisation() : organisation(...change);
  const record = createRecorder({ settings: { configuration, rules: NO_RULES }, index });
  const written: Uint8Array[] = [];
  const sent: string[] = [];
  const clock = { now: FIRST + HOUR_MS };
  const recordAt = async ({ index: place }: { readonly index: number }) => {
    const bytes = written[place];
    return bytes && decodeRecord(bytes);
  };
  const world = {
    configuration,
    index,
    recordAt,
    read: (entries: Parameters<typeof readRecords>[0]) => readRecords(entries, recordAt),
    explainWithinMs: configuration.review.explainWithinHours * HOUR_MS,
    now: () => clock.now,
    intake: {
      async send(bodies: readonly string[]) {
        sent.push(...bodies);
        return bodies.map(String);
      },
    },
  };
  /** As functions/record does: what is known is not recorded twice. */
  const tell = async (messages: readonly (Message | string)[]): Promise<AuditRecord[]> => {
    const bodies = messages.map((each, i) => ({
      id: String(i),
      body: typeof each === "string" ? each : JSON.stringify(each),
    }));
    const { recorded, rejected } = await record(bodies);
    if (rejected.length > 0) throw new Error(rejected.map(({ reason }) => reason).join("\n"));
    const known = await index.known(recorded.map(({ append }) => append.index));
    const fresh = new Map(
      recorded
        .filter(({ append }) => !known.has(JSON.stringify([append.index.principal, append.index.eventKey])))
        .map((each) => [lastingName(each.append.index), each]),
    );
    const from = written.length;
    written.push(...[...fresh.values()].map(({ append }) => append.bytes));
    const entries = [...fresh.values()].map(({ append }) => append.index);
    await index.write({ origin: "o", time: 0, from, size: written.length, entries });
    return [...fresh.values()].map((each) => each.record);
  };
  const ask = async (arn: string, body: unknown): Promise<Answer> => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const reply = await answerBreakGlassRequest({ body: text, caller: { arn, account: ACCOUNT } }, world);
    return { status: reply.statusCode, ...(JSON.parse(reply.body) as object) };
  };
  return {
    ...{ ask, tell, clock, sent, written, world },
    /** What was sent meanwhile is recorded. */
    tick: () => tell(sent.splice(0)),
    look: () => findOverdue(world, clock.now),
    async list(all = false): Promise<readonly ShownUse[]> {
      return (await ask(`${ROLE}/x`, { do: "list", all })).uses ?? [];
    },
  };
}
