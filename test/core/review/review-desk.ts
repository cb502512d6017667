/** The example organisation's access reviews, on a log in memory that records whatever is sent at once. */
import { memoryEventIndex } from "../../../lib/adapters/memory-event-index.ts";
import type { Configuration } from "../../../lib/core/configuration/configuration.ts";
import { parseConfiguration } from "../../../lib/core/configuration/parse-configuration.ts";
import { NO_RULES } from "../../../lib/core/detections/rule-set.ts";
import type { AuditRecord } from "../../../lib/core/record/audit-record.ts";
import { createRecorder } from "../../../lib/core/record/recorder.ts";
import {
  answerReviewRequest,
  type ReviewWorld,
  type ShownReview,
} from "../../../lib/core/review/answer-review-request.ts";
import { lookAtCampaigns } from "../../../lib/core/review/open-campaigns.ts";
import { provenRecords } from "../../../lib/core/review/proven-records.ts";
import type { ShownItem } from "../../../lib/core/review/shown-review.ts";
import { ORIGIN, storedShard } from "../gate/gate-log.ts";

const USER = "arn:aws:iam::111122223333:user/";
export const DAY_MS = 24 * 60 * 60 * 1000;
/** The first morning of a quarter, in Auckland already its first afternoon. */
export const START = Date.parse("2026-10-01T05:25:00Z");

const PEOPLE = `
organisation: acme
alerts: { email: [security@acme.example] }
people:
  - { email: ana@acme.example, name: Ana, identities: ["${USER}ana"] }
  - { email: bo@acme.example, name: Bo, identities: ["${USER}bo"] }
  - { email: cy@acme.example, name: Cy, left: 2026-09-01, identities: ["${USER}cy"] }
  - { email: di@acme.example, name: Di, identities: ["${USER}di"] }
teams: { builders: [bo@acme.example, di@acme.example] }
`;
const SHOP = `
projects:
  shop:
    repositories: ["github:acme/shop"]
    environments: { production: { roles: { deployer: [di@acme.example] } } }
    roles: { developer: ["team:builders"], release-manager: [ana@acme.example] }
`;

export function organisation(more = "", projects = SHOP): Configuration {
  return parseConfiguration(`${PEOPLE}${projects}${more}`, "gatebook.yml");
}

export const DI_DEPLOYS = { person: "di@acme.example", role: "deployer", environment: "production" };
export const BO_DEVELOPS = { person: "bo@acme.example", role: "developer" };

interface Answer extends Partial<ShownReview> {
  readonly detail?: string;
  readonly items?: readonly object[];
}

export function reviewDesk(configuration = organisation()) {
  const index = memoryEventIndex();
  const written: Uint8Array[] = [];
  const records: AuditRecord[] = [];
  const clock = { now: START };
  const settings = { configuration };
  /** As functions/record does: what is known is not recorded again. */
  const record = async (bodies: readonly string[]): Promise<void> => {
    const recorder = createRecorder({ settings: { ...settings, rules: NO_RULES }, index });
    const { recorded, rejected } = await recorder(bodies.map((body, i) => ({ id: String(i), body })));
    if (rejected.length > 0) throw new Error(rejected.map(({ reason }) => reason).join("\n"));
    for (const { append, record: made } of recorded) {
      if ((await index.known([append.index])).size > 0) continue;
      const from = written.push(append.bytes) - 1;
      records.push(made);
      await index.write({ origin: ORIGIN, time: 0, from, size: from + 1, entries: [append.index] });
    }
  };
  const world: ReviewWorld = {
    get configuration() {
      return settings.configuration;
    },
    index,
    read: provenRecords(async () => [await storedShard(written)]),
    intake: {
      async send(bodies) {
        await record(bodies);
        return bodies.map(() => "id");
      },
    },
    now: () => clock.now,
  };
  const ask = async (who: string, body: unknown) => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const caller = { arn: who.startsWith("arn:") ? who : USER + who, account: "111122223333" };
    const reply = await answerReviewRequest({ body: text, caller }, world);
    return { status: reply.statusCode, ...(JSON.parse(reply.body) as Answer) };
  };
  const decide = (who: string, verdict: "keep" | "remove", ...items: readonly object[]) =>
    ask(who, { do: "decide", project: "shop", verdict, reason: "looked at", items });
  return {
    ...{ world, index, records, clock, ask, decide, record },
    /** From now on gatebook.yml says this. */
    deploy: (next: Configuration) => {
      settings.configuration = next;
    },
    /** As the schedule does. */
    look: () => lookAtCampaigns(world, clock.now),
    async shown(project = "shop"): Promise<readonly ShownItem[]> {
      const { campaigns = [] } = await ask("ana", { do: "show", project });
      return campaigns[0]?.items ?? [];
    },
    told: (type: string) => records.filter(({ event }) => event.metadata.event_code === type),
  };
}

/** With the review of the first morning. */
export async function opened(configuration = organisation()) {
  const desk = reviewDesk(configuration);
  await desk.look();
  const stateOf = async (who: string, role: string) => {
    const items = await desk.shown();
    return items.find((item) => item.person === who && item.role === role);
  };
  return { ...desk, stateOf };
}
