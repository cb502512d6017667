/** What an event changed is told against the state that was seen last, in the batch or in the log. */
import { beforeEach, describe, expect, test } from "vitest";
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
import { recordedEvents } from "../../../lib/core/evidence/recorded-events.ts";
import { createRecorder } from "../../../lib/core/record/recorder.ts";

const settings = {
  configuration: parseConfiguration("organisation: acme\nalerts: { email: [a@acme.example] }\n", "gatebook.yml"),
  rules: NO_RULES,
};
const ACCOUNT = "111122223333";
type Event = Readonly<Record<string, unknown>>;

const timeAt = (second: number): string => new Date(Date.UTC(2026, 10, 24, 10, 0, second)).toISOString();

function call(service: string, eventName: string, second: number, requestParameters: Event, more: Event = {}): Event {
  return {
    eventID: crypto.randomUUID(),
    eventTime: timeAt(second),
    eventSource: `${service}.amazonaws.com`,
    eventName,
    awsRegion: "eu-west-1",
    recipientAccountId: ACCOUNT,
    userIdentity: { type: "IAMUser", arn: `arn:aws:iam::${ACCOUNT}:user/ana`, accountId: ACCOUNT },
    requestParameters,
    ...more,
  };
}

const stage = (name: string, category: string, provider: string): Event => ({
  name,
  actions: [{ name, actionTypeId: { category, owner: "AWS", provider, version: "1" }, configuration: {} }],
});
const SOURCE = stage("Source", "Source", "CodeCommit");
const APPROVE = stage("Approve", "Approval", "Manual");
const DEPLOY = stage("Deploy", "Deploy", "CodeDeploy");

const pipeline = (second: number, eventName: string, stages: readonly Event[], more: Event = {}): Event =>
  call("codepipeline", eventName, second, { pipeline: { name: "shop-release", version: 1, stages } }, more);

const protection = (second: number, changes: Event): Event => ({
  headers: { "X-GitHub-Event": "branch_protection_rule", "X-GitHub-Delivery": crypto.randomUUID() },
  body: {
    action: "edited",
    rule: { name: "main", updated_at: timeAt(second), required_approving_review_count: 0 },
    changes,
    repository: { full_name: "acme/shop" },
    sender: { login: "analima" },
  },
});

const bucketPolicy = (second: number, principal: string, padding = ""): Event =>
  call("s3", "PutBucketPolicy", second, {
    bucketName: "acme-releases",
    bucketPolicy: {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { AWS: principal },
          Action: "s3:GetObject",
          Resource: "arn:aws:s3:::acme-releases/*",
        },
      ],
    },
    ...(padding !== "" && { padding }),
  });

let record: (...events: readonly Event[]) => Promise<(readonly string[] | undefined)[]>;
let objects: Map<string, Uint8Array>;

beforeEach(() => {
  const index = memoryEventIndex();
  const heads = memoryHeadStore();
  objects = new Map();
  const append = createAppender({
    origin: "log.example/acme",
    heads,
    staging: memoryStagingStore(),
    evidence: memoryEvidenceStore(objects),
    index,
    findings: memoryFindingsQueue(),
    now: () => 0,
    newCommitId: () => crypto.randomUUID(),
  });
  const recorder = createRecorder({ settings, index, events: recordedEvents(memoryLogSource(objects), () => heads) });
  record = async (...events) => {
    const bodies = events.map((event) => ("headers" in event ? toWebhook(event) : event));
    const { recorded } = await recorder(bodies.map((body, i) => ({ id: String(i), body: JSON.stringify(body) })));
    expect(recorded).toHaveLength(events.length);
    await append(recorded.map((each) => each.append));
    return recorded.map(({ record: { changes } }) => changes && [changes.before, ...changes.lines]);
  };
});

function toWebhook({ headers, body }: Event): Event {
  const names = Object.entries(headers as Event).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    v: 1,
    kind: "webhook",
    source: "github",
    receivedAt: Date.parse(timeAt(59)),
    headers: Object.fromEntries(names),
    body: Buffer.from(JSON.stringify(body)).toString("base64"),
  };
}

describe("a pipeline whose approval is taken out", () => {
  const approvalGone = ["seen", expect.stringContaining('stage "Approve" was removed (manual approval "Approve")')];

  test("is told against the definition in the log", async () => {
    await record(pipeline(0, "CreatePipeline", [SOURCE, APPROVE, DEPLOY]));
    // Others in between tell no definition.
    await record(call("codepipeline", "StartPipelineExecution", 1, { name: "shop-release" }));
    expect(await record(pipeline(2, "UpdatePipeline", [SOURCE, DEPLOY]))).toEqual([approvalGone]);
  });

  test("is told against the definition in the same batch, whichever arrives first", async () => {
    const [before, after] = [
      pipeline(1, "UpdatePipeline", [SOURCE, APPROVE, DEPLOY]),
      pipeline(2, "UpdatePipeline", [SOURCE, DEPLOY]),
    ];
    expect((await record(after, before))[1]).toEqual(approvalGone);
  });

  test("is not told against an update that was refused, or that came later", async () => {
    await record(pipeline(0, "CreatePipeline", [SOURCE, APPROVE, DEPLOY]));
    await record(pipeline(1, "UpdatePipeline", [SOURCE, DEPLOY], { errorCode: "AccessDenied" }));
    await record(pipeline(9, "UpdatePipeline", [SOURCE]));
    expect(await record(pipeline(2, "UpdatePipeline", [SOURCE, DEPLOY]))).toEqual([approvalGone]);
  });

  test("is said to be unknown where no definition was ever seen", async () => {
    const [changes] = await record(pipeline(2, "UpdatePipeline", [SOURCE, DEPLOY]));
    expect(changes?.[0]).toBe("unknown");
  });
});

test("a policy is told by who may now do what, also where the state before lies in an object of its own", async () => {
  await record(bucketPolicy(0, `arn:aws:iam::${ACCOUNT}:root`, "x".repeat(80_000)));
  expect([...objects.keys()].some((path) => path.startsWith("payload/"))).toBe(true);
  const [changes] = await record(bucketPolicy(1, "*"));
  expect(changes?.[0]).toBe("seen");
  expect(changes?.join("\n")).toMatch(/now allows everybody to do s3:GetObject on arn:aws:s3:::acme-releases\/\*/);
});

test("a webhook that tells both sides itself needs no state before", async () => {
  const [changes] = await record(protection(5, { required_approving_review_count: { from: 2 } }));
  expect(changes?.[0]).toBe("told");
  expect(changes?.join("\n")).toMatch(/2 → 0/);
});

test("events that tell no state carry no changes, and a log that cannot be read yet leaves it unknown", async () => {
  expect(await record(call("codepipeline", "StartPipelineExecution", 1, { name: "shop-release" }))).toEqual([
    undefined,
  ]);
  await record(pipeline(2, "CreatePipeline", [SOURCE, APPROVE, DEPLOY]));
  for (const path of objects.keys()) if (path.startsWith("tile/entries")) objects.delete(path);
  const changes = await record(pipeline(3, "UpdatePipeline", [SOURCE, DEPLOY]));
  expect(changes[0]?.[0]).toBe("unknown");
});

test("an entry that a later Gatebook wrote keeps nothing from being recorded", async () => {
  await record(pipeline(2, "CreatePipeline", [SOURCE, APPROVE, DEPLOY]));
  const later = Buffer.from(JSON.stringify({ v: 2 }));
  objects.set("tile/entries/000.p/1", Buffer.concat([Buffer.of(0, later.length), later]));
  const changes = await record(pipeline(3, "UpdatePipeline", [SOURCE, DEPLOY]));
  expect(changes[0]?.[0]).toBe("unknown");
});
