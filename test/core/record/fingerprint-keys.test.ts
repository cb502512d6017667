/** Fingerprints are in the evidence, never in the keys of its index: whoever has no key for them comes to the same. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { memoryEventIndex } from "../../../lib/adapters/memory-event-index.ts";
import { parseConfiguration } from "../../../lib/core/configuration/parse-configuration.ts";
import { NO_RULES } from "../../../lib/core/detections/rule-set.ts";
import { GatebookError } from "../../../lib/core/errors.ts";
import { classifier } from "../../../lib/core/record/classify.ts";
import { prepareRecord } from "../../../lib/core/record/prepare-record.ts";
import { createRecorder } from "../../../lib/core/record/recorder.ts";
import { fingerprinter } from "../../../lib/core/redaction/fingerprint.ts";
import { base64, mixed } from "./redact-planted.ts";

const configuration = parseConfiguration(readFileSync("gatebook.yml", "utf8"), "gatebook.yml");
const classify = classifier(configuration);
const fingerprint = fingerprinter(Buffer.alloc(32, "a"));
const another = fingerprinter(Buffer.alloc(32, "b"));
const TOKEN = `ghp_${mixed(36)}`;

const cloudTrail = (members: object): object => ({
  eventVersion: "1.11",
  eventTime: "2026-11-18T10:00:00Z",
  eventSource: "codebuild.amazonaws.com",
  eventName: "UpdateProject",
  awsRegion: "eu-west-1",
  ...members,
});
const eventBridge = (detail: object): object => ({
  "detail-type": "CodePipeline Pipeline Execution State Change",
  source: "aws.codepipeline",
  account: "111122223333",
  region: "eu-west-1",
  time: "2026-11-18T10:00:00Z",
  detail: { pipeline: "shop", state: "STARTED", ...detail },
});
const webhook = (payload: object): object => ({
  v: 1,
  kind: "webhook",
  source: "github",
  receivedAt: Date.UTC(2026, 10, 24),
  headers: { "x-github-event": "deploy_key" },
  body: base64(JSON.stringify(payload)),
});

/** Each with a secret in what its key may be made of. */
const EVENTS: readonly (readonly [where: string, event: object])[] = [
  [
    "the principal's ARN",
    cloudTrail({ eventID: "e", userIdentity: { type: "IAMUser", arn: `arn:aws:iam::111122223333:user/${TOKEN}` } }),
  ],
  ["the id of the event", cloudTrail({ eventID: TOKEN })],
  ["a call without an id, by its name", cloudTrail({ requestParameters: { password: "correct-horse" } })],
  [
    "a call without an id, in base64",
    cloudTrail({ requestParameters: { userData: base64(`export TOKEN=${TOKEN}\nnpm start`) } }),
  ],
  [
    "the name of a resource",
    cloudTrail({ eventID: "e", resources: [{ ARN: `arn:aws:s3:::${TOKEN}`, type: "AWS::S3::Bucket" }] }),
  ],
  ["an event without an id", eventBridge({ "execution-id": TOKEN })],
  ["the trace", { ...eventBridge({ "execution-id": TOKEN }), id: "e" }],
  ["the sender of a webhook", webhook({ sender: { login: TOKEN }, repository: { full_name: "acme/shop" } })],
  ["the repository of a webhook", webhook({ sender: { login: "ana" }, repository: { full_name: `acme/${TOKEN}` } })],
];

describe.each(EVENTS)("of an event with a secret in %s", (_, event) => {
  const body = JSON.stringify(event);

  test("the entry of the index is the same without a key, with one and with another", async () => {
    const [plain, ...marked] = await Promise.all(
      [undefined, fingerprint, another].map((by) => prepareRecord(body, classify, by)),
    );
    for (const { entry } of marked) expect(entry).toEqual(plain?.entry);
    expect(JSON.stringify(plain?.entry)).not.toMatch(/\[redacted:[a-z-]+:/);
  });

  test("the evidence has the fingerprint, by this key", async () => {
    const { normalised, redactions } = await prepareRecord(body, classify, fingerprint);
    expect(redactions[0]?.fingerprint).toMatch(/^[0-9a-f]{12}$/);
    const other = await prepareRecord(body, classify, another);
    expect(other.normalised.event.raw_data).not.toBe(normalised.event.raw_data);
  });
});

test("whatever holds secrets, the entry of the index is the same with and without a key", async () => {
  const text = fc
    .array(fc.constantFrom(TOKEN, `password=${mixed(12)}`, "shop", "/", ":", " ", base64(`token=${TOKEN} `)), {
      maxLength: 4,
    })
    .map((parts) => parts.join(""));
  const call = fc.record({ arn: text, eventID: fc.option(text, { nil: undefined }), name: text });
  await fc.assert(
    fc.asyncProperty(call, async ({ arn, eventID, name }) => {
      const body = JSON.stringify(
        cloudTrail({ eventID, userIdentity: { type: "IAMUser", arn }, requestParameters: { projectName: name } }),
      );
      const [plain, marked] = [await prepareRecord(body, classify), await prepareRecord(body, classify, fingerprint)];
      expect(marked.entry).toEqual(plain.entry);
    }),
    { numRuns: 200 },
  );
});

describe("a key for fingerprints that cannot be read", () => {
  const body = JSON.stringify(cloudTrail({ eventID: "e", requestParameters: { password: "correct-horse" } }));
  const settings = { configuration, rules: NO_RULES };

  test("fails the batch, which then comes again, and rejects nothing of it", async () => {
    let isThere = false;
    const record = createRecorder({
      settings,
      index: memoryEventIndex(),
      fingerprint: async () => {
        if (!isThere) throw new GatebookError("UNAVAILABLE", "no key");
        return fingerprint;
      },
    });
    await expect(record([{ id: "a", body }])).rejects.toMatchObject({ code: "UNAVAILABLE" });
    isThere = true;
    const { recorded, rejected } = await record([{ id: "a", body }]);
    expect([recorded.length, rejected]).toEqual([1, []]);
    expect(recorded[0]?.record.event.raw_data).toContain(`[redacted:password:${fingerprint("correct-horse")}]`);
  });
});
