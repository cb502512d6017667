/** What recorders could not see of each other, or was told too late, is found on a second look: once, and nothing else is. */
import { describe, expect, test } from "vitest";
import { ANA, BO, call } from "../record/views.ts";
import { approve, asked, askedAtStaging, edit, push, start, took } from "./release-calls.ts";
import {
  createWorld,
  findingsOf,
  isOwn,
  MINUTE,
  messagesOf,
  recordApart,
  SECOND,
  SELF_APPROVAL,
  titlesOf,
  type World,
} from "./second-look-world.ts";

const BY_COMMITTER = "Pipeline execution approved by somebody who wrote what it delivers";
const CHANGED = "Pipeline changed while an approved delivery runs through it";

const ownIn = async (world: World) => (await world.records()).filter(isOwn);

async function bothLooks(world: World): Promise<void> {
  world.pass(MINUTE);
  await world.look();
  world.pass(15 * MINUTE);
  await world.look();
}

describe("a start and its approval by the same person, recorded in the same second", () => {
  const batches = [[start(ANA)], [asked, approve(ANA)]];

  test.each([
    ["in this order", batches],
    ["the other way round", batches.toReversed()],
    ["each by itself", batches.flat().map((message) => [message])],
  ])("are found on the second look, once: %s", async (_, apart) => {
    const world = createWorld();
    await recordApart(world, apart);
    expect(await titlesOf(world, SELF_APPROVAL)).toEqual([]);
    await bothLooks(world);
    const [finding, ...more] = await titlesOf(world, SELF_APPROVAL);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      person: "ana@acme.example",
      principal: ANA,
      action: "pipeline.approve",
      operation: "PutApprovalResult",
      time: Date.UTC(2026, 10, 24, 10, 1),
      trace: "E1",
    });
    expect(finding?.why).toContain("Ana Lima started it and approved it.");
    expect(finding?.why).toMatch(/it was looked at again\.$/);
  });

  test("is an event of Gatebook's own in the delivery's trace, which says what the access policy would now say", async () => {
    const world = createWorld();
    await recordApart(world, batches);
    const approval = (await world.records()).find(({ action }) => action === "pipeline.approve");
    await bothLooks(world);
    const found = (await ownIn(world)).filter(({ findings }) =>
      findings.some(({ rule }) => rule.title === SELF_APPROVAL),
    );
    expect(found).toMatchObject([
      {
        trace: "E1",
        action: "other",
        granted: { by: "service" },
        event: {
          actor: { user: { uid: "gatebook:second-look" } },
          metadata: { uid: expect.stringMatching(/^second-look:[0-9a-f]{64}$/) },
          unmapped: { second_look: { event: approval?.event.metadata.uid, principal: ANA } },
        },
      },
    ]);
    const again = (await world.records()).find(({ action }) => action === "pipeline.approve");
    expect(again).toEqual(approval);
  });

  test("is told once, however often it is looked at", async () => {
    const world = createWorld();
    await recordApart(world, batches);
    world.pass(MINUTE);
    const [look] = await world.pending.due(Number.MAX_SAFE_INTEGER, 10);
    if (look === undefined) throw new Error("nothing is due");
    expect((await world.look()).told).toBeGreaterThan(0);
    const size = (await world.records()).length;
    await world.pending.note([look]);
    expect((await world.look()).told).toBe(0);
    world.pass(15 * MINUTE);
    expect(await world.look()).toEqual({ looks: 1, told: 0 });
    expect(await world.look()).toEqual({ looks: 0, told: 0 });
    expect(await world.records()).toHaveLength(size);
  });

  test("is recorded once where a run dies between telling and noting that it has told", async () => {
    const world = createWorld();
    await recordApart(world, batches);
    world.pass(MINUTE);
    const waiting = await world.pending.due(Number.MAX_SAFE_INTEGER, 10);
    // Both runs send before anything of either is recorded.
    const first = await world.sendAlone();
    await world.pending.note(waiting);
    const second = await world.sendAlone();
    expect(first).not.toEqual([]);
    expect(second).toEqual(first);
    await world.recordQueue();
    expect(await titlesOf(world, SELF_APPROVAL)).toHaveLength(1);
    expect(await ownIn(world)).toHaveLength(first.length);
  });
});

describe("nothing is told", () => {
  test("where the first judgement found it already", async () => {
    const world = createWorld();
    await world.record([start(ANA), asked, approve(ANA)]);
    expect(await titlesOf(world, SELF_APPROVAL)).toHaveLength(1);
    await bothLooks(world);
    expect(await ownIn(world)).toEqual([]);
  });

  test("of somebody who approved before whoever approved their own start did so elsewhere in the pipeline", async () => {
    const world = createWorld();
    const atStaging = { pipelineName: "shop-release", stageName: "Staging", actionName: "Approve" };
    const requestParameters = { ...atStaging, result: { status: "Approved" } };
    await world.record([start(ANA)]);
    await world.record([askedAtStaging]);
    await world.record([approve(BO, 20, { requestParameters })]);
    await world.record([asked]);
    await world.record([approve(ANA)]);
    await bothLooks(world);
    expect(await titlesOf(world, SELF_APPROVAL)).toMatchObject([{ person: "ana@acme.example" }]);
    expect((await ownIn(world)).flatMap(({ findings }) => findings)).toEqual([]);
  });

  test("of the good release", async () => {
    const world = createWorld();
    await world.record(messagesOf("good.jsonl"));
    world.pass(MINUTE);
    expect((await world.look()).looks).toBeGreaterThan(0);
    await bothLooks(world);
    expect(await findingsOf(world)).toEqual([]);
    expect(await ownIn(world)).toEqual([]);
  });

  test("before a look is due", async () => {
    const world = createWorld();
    await recordApart(world, [[start(ANA)], [asked, approve(ANA)]]);
    world.pass(29 * SECOND);
    expect(await world.look()).toEqual({ looks: 0, told: 0 });
    world.pass(SECOND);
    expect(await world.look()).toMatchObject({ looks: 1 });
  });
});

describe("what is told minutes late", () => {
  test("is found where the approver pushed what they approved", async () => {
    const world = createWorld();
    await world.record([start(BO), took, asked, approve(ANA)]);
    world.pass(MINUTE);
    expect((await world.look()).told).toBe(0);
    world.pass(10 * MINUTE);
    await world.record([push(ANA, -60)]);
    world.pass(4 * MINUTE);
    await world.look();
    expect(await titlesOf(world, BY_COMMITTER)).toMatchObject([{ person: "ana@acme.example", trace: "E1" }]);
  });

  test("is found where only the late request for approval tells which execution was approved", async () => {
    const world = createWorld();
    await recordApart(world, [[start(ANA)], [approve(ANA)], [asked]]);
    expect(await titlesOf(world, SELF_APPROVAL)).toEqual([]);
    await bothLooks(world);
    expect(await titlesOf(world, SELF_APPROVAL)).toMatchObject([{ trace: "E1" }]);
  });

  test("is found where somebody becomes known by the session that they opened", async () => {
    const arn = "arn:aws:sts::111122223333:assumed-role/release/anonymous";
    const accessKeyId = "ASIAEXAMPLE000000001";
    const opened = call("sts:AssumeRole", -30, ANA, {
      requestParameters: { roleArn: "arn:aws:iam::111122223333:role/release", roleSessionName: "anonymous" },
      responseElements: { credentials: { accessKeyId }, assumedRoleUser: { arn } },
    });
    const world = createWorld();
    await recordApart(world, [
      [start(ANA)],
      [asked, approve(arn, 60, { userIdentity: { type: "AssumedRole", arn, accessKeyId, accountId: "111122223333" } })],
      [JSON.stringify(opened)],
    ]);
    await bothLooks(world);
    expect(await titlesOf(world, SELF_APPROVAL)).toMatchObject([{ principal: arn, person: "ana@acme.example" }]);
  });
});

describe("a change after the approval, which neither sees of the other", () => {
  const batches = [[start(BO), asked], [approve(ANA)], [edit(BO, 90)]];

  test("is told by the change, and not by the approval as well", async () => {
    const world = createWorld();
    await world.record(batches[0] ?? []);
    await recordApart(world, batches.slice(1));
    expect(await titlesOf(world, CHANGED)).toEqual([]);
    await bothLooks(world);
    expect(await titlesOf(world, CHANGED)).toMatchObject([{ person: "bo@acme.example", operation: "UpdatePipeline" }]);
  });

  test("is told no second time where it has told itself", async () => {
    const world = createWorld();
    for (const batch of batches) await world.record(batch);
    expect(await titlesOf(world, CHANGED)).toHaveLength(1);
    await bothLooks(world);
    expect(await titlesOf(world, CHANGED)).toHaveLength(1);
  });

  test("is told once of two approvals of the delivery that see it in one run", async () => {
    const world = createWorld();
    await world.record(batches[0] ?? []);
    await recordApart(world, [[approve(ANA), approve(ANA, 70)], [edit(BO, 90)]]);
    await bothLooks(world);
    expect(await titlesOf(world, CHANGED)).toHaveLength(1);
  });
});

test("a decision that would be another one, and that a finding tells already, is told by itself, once", async () => {
  const world = createWorld();
  await recordApart(world, [[asked, approve(ANA)]]);
  // The start sees the approval, and finds what there is to find.
  await world.record([start(ANA)]);
  expect(await titlesOf(world, SELF_APPROVAL)).toHaveLength(1);
  const approval = (await world.records()).find(({ action }) => action === "pipeline.approve");
  await bothLooks(world);
  const own = await ownIn(world);
  expect(own).toMatchObject([{ findings: [], event: { unmapped: { second_look: { access: { outcome: "deny" } } } } }]);
  expect(approval?.access.outcome).not.toBe("deny");
});
