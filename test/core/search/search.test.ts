/** Search answers from the log, and only what is asked. */
import { describe, expect, test } from "vitest";
import { memoryEventIndex } from "../../../lib/adapters/memory-event-index.ts";
import {
  memoryEvidenceStore,
  memoryFindingsQueue,
  memoryHeadStore,
  memoryLogSource,
  memoryStagingStore,
} from "../../../lib/adapters/memory-log-stores.ts";
import { parseConfiguration } from "../../../lib/core/configuration/parse-configuration.ts";
import { NO_RULES } from "../../../lib/core/detections/rule-set.ts";
import { createAppender } from "../../../lib/core/evidence/append.ts";
import { ALL_SHARDS, shardOrigin } from "../../../lib/core/evidence/shard.ts";
import type { ShardLog } from "../../../lib/core/evidence/shard-log.ts";
import { shardEvidence, shardLog } from "../../../lib/core/evidence/shard-stores.ts";
import { createShardedAppender } from "../../../lib/core/evidence/sharded-append.ts";
import { createRecorder } from "../../../lib/core/record/recorder.ts";
import { search } from "../../../lib/core/search/search.ts";
import type { SearchQuery } from "../../../lib/core/search/search-query.ts";

const CONFIGURATION = `
organisation: acme
alerts: { email: [security@acme.example] }
people: [{ email: ana@acme.example, name: Ana, identities: ["arn:aws:iam::111122223333:user/ana"] }]
`;
const START = Date.UTC(2026, 10, 22, 8);
const SHA = "0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c";
const settings = { configuration: parseConfiguration(CONFIGURATION, "gatebook.yml"), rules: NO_RULES };

type Event = Readonly<Record<string, unknown>>;

const at = (second: number): string => new Date(START + second * 1000).toISOString();

function secretRead(second: number, user: string, secretId: string): Event {
  return {
    eventID: `read-${second}`,
    eventTime: at(second),
    eventSource: "secretsmanager.amazonaws.com",
    eventName: "GetSecretValue",
    awsRegion: "eu-west-1",
    recipientAccountId: "111122223333",
    userIdentity: { type: "IAMUser", arn: `arn:aws:iam::111122223333:user/${user}`, accountId: "111122223333" },
    requestParameters: { secretId },
  };
}

function sourceTaken(second: number, execution: string): Event {
  return {
    id: `source-${second}`,
    "detail-type": "CodePipeline Action Execution State Change",
    source: "aws.codepipeline",
    account: "111122223333",
    region: "eu-west-1",
    time: at(second),
    detail: {
      pipeline: "shop",
      "execution-id": execution,
      state: "SUCCEEDED",
      type: { category: "Source" },
      "execution-result": { "external-execution-id": SHA },
    },
  };
}

const EVENTS = [
  secretRead(1, "ana", "shop/prod/db"),
  secretRead(2, "bo", "shop/prod/db"),
  secretRead(3, "ana", "shop/test/db"),
  sourceTaken(4, "execution-1"),
  sourceTaken(5, "execution-2"),
];

async function searchable(batches: readonly (readonly Event[])[], shards = 1) {
  const index = memoryEventIndex();
  const heads = new Map(ALL_SHARDS.map((shard) => [shard, memoryHeadStore()]));
  const objects = new Map<string, Uint8Array>();
  const evidence = memoryEvidenceStore(objects);
  const staging = memoryStagingStore();
  let now = START;
  const append = createShardedAppender(
    (shard) =>
      createAppender({
        origin: shardOrigin("log.example/0", shard),
        heads: heads.get(shard) ?? memoryHeadStore(),
        staging,
        evidence: shardEvidence(evidence, shard),
        index,
        findings: memoryFindingsQueue(),
        now: () => now,
        newCommitId: () => crypto.randomUUID(),
      }),
    shards,
  );
  const record = createRecorder({ settings, index });
  for (const [i, batch] of batches.entries()) {
    now = START + (i + 1) * 10_000;
    const { recorded } = await record(batch.map((event, n) => ({ id: String(n), body: JSON.stringify(event) })));
    await append(recorded.map((each) => each.append));
  }
  const all = memoryLogSource(objects);
  const logs: ShardLog[] = [];
  for (const [shard, store] of heads) {
    const head = await store.read();
    if (head !== undefined) logs.push({ shard, log: shardLog(all, shard), size: head.size });
  }
  const world = { index, shards: logs };
  return async (query: SearchQuery): Promise<string[]> => {
    const found: string[] = [];
    for await (const { record: each } of search(query, world)) found.push(each.event.metadata.uid);
    return found;
  };
}

describe.each([1, 3, 16])("what is found in %i shards", (shards) => {
  const questions: [string, SearchQuery, readonly string[]][] = [
    ["by person", { person: "ana@acme.example" }, ["read-1", "read-3"]],
    ["by principal, through the index", { principal: "arn:aws:iam::111122223333:user/bo" }, ["read-2"]],
    ["by a pattern of principals", { principal: "*:user/*" }, ["read-1", "read-2", "read-3"]],
    ["by resource", { resource: "*:secret:shop/prod/*" }, ["read-1", "read-2"]],
    ["by action", { action: "secret.read", since: START + 2000, until: START + 3000 }, ["read-2"]],
    ["by several at once", { person: "ana@acme.example", resource: "*shop/test*" }, ["read-3"]],
    ["by execution", { trace: "execution-1" }, ["source-4"]],
    ["by commit, whatever came of it", { trace: `commit:${SHA}` }, ["source-4", "source-5"]],
    ["that no delivery accounts for", { trace: "none", person: "ana@acme.example" }, ["read-1", "read-3"]],
    ["not by a trace that is nobody's", { trace: "execution-3" }, []],
    ["not by a finding that there is none of", { finding: "low" }, []],
  ];
  test.each(questions)("%s", async (_, query, expected) => {
    const ask = await searchable([EVENTS], shards);
    const found = await ask(query);
    // Traces that a commit leads to come in no order of their own.
    expect(query.trace === `commit:${SHA}` ? found.sort() : found).toEqual(expected);
  });

  test("is the same over several batches, and from a time on reads only what was recorded since", async () => {
    const ask = await searchable([EVENTS.slice(0, 2), EVENTS.slice(2)], shards);
    expect(await ask({ since: START })).toHaveLength(EVENTS.length);
    expect(await ask({ action: "secret.read" })).toEqual(["read-1", "read-2", "read-3"]);
    // Recorded by second 10 at the earliest: an event of second 3 was recorded with the second batch.
    expect(await ask({ since: START + 3000, action: "secret.read" })).toEqual(["read-3"]);
  });
});
