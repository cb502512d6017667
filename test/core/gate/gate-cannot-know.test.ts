/** What the gate cannot find out it says, follows gate.onError, and puts on record. */
import { describe, expect, test } from "vitest";
import { within } from "../../../lib/adapters/within.ts";
import { GatebookError } from "../../../lib/core/errors.ts";
import { askGate } from "../../../lib/core/gate/ask-gate.ts";
import { describeDecision } from "../../../lib/core/gate/gate-decision.ts";
import type { GateWorld } from "../../../lib/core/gate/gate-world.ts";
import type { ShardState } from "../../../lib/core/gate/shard-trees.ts";
import { decide } from "./decide.ts";
import { approved, EXECUTION, gateAfter, organisation, release, started, TO_PRODUCTION } from "./release.ts";

describe("when the gate cannot know", () => {
  const down = async (): Promise<never> => {
    throw new GatebookError("UNAVAILABLE", "the table does not answer");
  };
  const withoutBundles = (state: ShardState): ShardState => ({
    ...state,
    log: { read: (path) => (path.startsWith("tile/entries/") ? down() : state.log.read(path)) },
  });
  const allowing = organisation("gate: { onError: allow }");
  const broken: readonly (readonly [what: string, more: (world: GateWorld) => Partial<GateWorld>, said: RegExp])[] = [
    [
      "the index is down",
      ({ index }) => ({ index: { ...index, byTrace: down } }),
      /^what was recorded of the delivery: the table/,
    ],
    [
      "the log is down",
      ({ evidence }) => ({ evidence: async () => (await evidence()).map(withoutBundles) }),
      /^the records of the delivery: the table does not answer/,
    ],
    [
      "a record is not there yet",
      ({ index }) => ({
        index: {
          ...index,
          byTrace: async (trace) => (await index.byTrace(trace)).map((entry) => ({ ...entry, logIndex: 9_999 })),
        },
      }),
      /^the records of the delivery: one of them is not in the log yet/,
    ],
    [
      "KMS does not tell the log's key",
      () => ({ verifierKey: down }),
      /^whether the evidence log is in order: the table/,
    ],
    [
      "the evidence cannot be looked at",
      () => ({ evidence: down }),
      /^whether the evidence log is in order: the table/,
    ],
    [
      "the decision cannot be recorded",
      () => ({ intake: { send: down } }),
      /^whether this decision is on record: the table/,
    ],
    [
      "a store does not answer in time",
      () => ({ evidence: () => new Promise(() => undefined), within: within(20) }),
      /there was no answer within 0\.02 seconds/,
    ],
  ];

  test.each(broken)("since %s, it says so and blocks", async (_, more, said) => {
    const decision = await decide(release(), more(await gateAfter(release())));
    expect(decision).toMatchObject({ outcome: "block", because: "onError", reasons: [] });
    expect(decision.unknown).toEqual([expect.stringMatching(said)]);
    expect(describeDecision(decision, TO_PRODUCTION)).toMatch(/gate\.onError is block:\n- not known: /);
  });

  test.each(broken)("since %s, it says so and lets pass where gatebook.yml says allow", async (_, more, said) => {
    const decision = await decide(release(), { ...more(await gateAfter(release())), configuration: allowing });
    expect(decision).toMatchObject({ outcome: "pass", because: "onError" });
    expect(decision.unknown).toEqual([expect.stringMatching(said)]);
  });

  test.each([
    ["starts and approvals", 100, /^the records of the delivery: \d+ starts, approvals and findings are more than/],
    ["events", 1_000, /^what was recorded of the delivery: it has so many events/],
  ])("since somebody made too many %s, it says so and blocks", async (_, count, said) => {
    const world = await gateAfter(release());
    const [own = []] = [await world.index.byTrace(EXECUTION)];
    const start = own.find(({ action, principal }) => action === "pipeline.start" && principal.startsWith("arn:"));
    const many = Array.from({ length: count }, () => start).filter((entry) => entry !== undefined);
    const byTrace = async (trace: string) => (trace === EXECUTION ? [...own, ...many] : world.index.byTrace(trace));
    const decision = await askGate(TO_PRODUCTION, { by: "api" }, { ...world, index: { ...world.index, byTrace } });
    expect(decision).toMatchObject({ outcome: "block", because: "onError", unknown: [expect.stringMatching(said)] });
  });

  test.each([100, 1_000])("an override of a delivery with %d starts counts when it is tried again", async (count) => {
    const world = await gateAfter(release());
    const given = { by: "bo@acme.example", reason: "Payments are down" };
    const actor = { principal: "arn:aws:iam::111122223333:user/bo", granted: { by: "access-key" } } as const;
    const own = await world.index.byTrace(EXECUTION);
    const start = own.find(({ action, principal }) => action === "pipeline.start" && principal.startsWith("arn:"));
    const many = Array.from({ length: count }, () => start).filter((entry) => entry !== undefined);
    const byTrace = async (trace: string) => [...(await world.index.byTrace(trace)), ...many];
    const crowded = { ...world, index: { ...world.index, byTrace } };
    await askGate(TO_PRODUCTION, { by: "api", override: given, actor }, crowded);
    await world.tell(world.sent);
    const decision = await askGate(TO_PRODUCTION, { by: "codepipeline" }, crowded);
    expect(decision).toMatchObject({ outcome: "pass", because: "override", override: given });
  });

  test("its own findings are not too many to be looked at", async () => {
    const world = await gateAfter(release());
    const [checkpoint, tries] = [Buffer.from("nobody signed this"), 101];
    const evidence = async () => (await world.evidence()).map((state) => ({ ...state, checkpoint }));
    for (let i = 0; i < tries; i += 1) await askGate(TO_PRODUCTION, { by: "api" }, { ...world, evidence });
    const records = await world.tell(world.sent);
    expect(records.filter(({ findings }) => findings.length > 0)).toHaveLength(tries);
    expect(await decideAgain(world)).toBe("pass");
  });

  test("since it is made of more commits than are looked at, it says so and blocks", async () => {
    const world = await gateAfter(release());
    const commits = Array.from({ length: 70 }, (_, i) => `commit:${i.toString(16).padStart(40, "0")}`);
    const linksOf = async (trace: string) => (trace === EXECUTION ? commits : world.index.linksOf(trace));
    const decision = await askGate(TO_PRODUCTION, { by: "api" }, { ...world, index: { ...world.index, linksOf } });
    const unknown = [expect.stringMatching(/^what was recorded of the delivery: it is made of so many commits/)];
    expect(decision).toMatchObject({ outcome: "block", because: "onError", unknown });
  });

  test("calls that failed hide nothing", async () => {
    const failed = Array.from({ length: 101 }, () => ({
      ...approved("bo"),
      errorCode: "ApprovalAlreadyCompletedException",
    }));
    const decision = await decide([...release({ start: started("ana", false) }), ...failed]);
    expect(decision.reasons).toMatchObject([{ check: "mfa" }]);
  });

  test("a reason that is known blocks all the same", async () => {
    const messages = release({ start: started("bo") });
    const decision = await decide(messages, { evidence: down, configuration: allowing });
    expect(decision).toMatchObject({ outcome: "block", because: "checks" });
    expect(decision.unknown).toHaveLength(1);
  });

  test("what is let pass is on record, with a finding", async () => {
    const world = await gateAfter(release(), { evidence: down, configuration: allowing });
    await askGate(TO_PRODUCTION, { by: "github" }, world);
    const [record] = await world.tell(world.sent);
    expect(record).toMatchObject({ trace: EXECUTION, event: { metadata: { event_code: "gate.passed" } } });
    expect(record?.findings).toMatchObject([{ rule: { title: "Release let through without a check" }, level: "high" }]);
  });
});

test.each([
  ["gate.passed", release()],
  ["gate.blocked", []],
])("a decision is recorded as %s, with its reasons, and is no approval by anybody", async (type, messages) => {
  const world = await gateAfter(messages);
  await askGate(TO_PRODUCTION, { by: "codepipeline" }, world);
  const [record] = await world.tell(world.sent);
  expect(record).toMatchObject({
    action: "other",
    trace: EXECUTION,
    granted: { by: "service" },
    event: { metadata: { event_code: type, uid: "gate:id-1" }, unmapped: { gate: { place: "shop/production" } } },
    findings: [],
  });
  // What it said itself is nothing that the source told.
  expect(await decideAgain(world)).toBe(type === "gate.passed" ? "pass" : "block");
});

async function decideAgain(world: GateWorld): Promise<string> {
  return (await askGate(TO_PRODUCTION, { by: "api" }, world)).outcome;
}
