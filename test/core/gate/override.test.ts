/** A release manager overrides the gate with a reason: for this delivery, for a while, on record and alerted about. */
import { describe, expect, test } from "vitest";
import { answerRequest } from "../../../lib/core/gate/api-gate.ts";
import { askGate } from "../../../lib/core/gate/ask-gate.ts";
import { OVERRIDE_MS } from "../../../lib/core/gate/gate-event.ts";
import type { GateWorld } from "../../../lib/core/gate/gate-world.ts";
import { EXECUTION, gateAfter, NOW, organisation, release, started, TO_PRODUCTION } from "./release.ts";

const ACCOUNT = "111122223333";
const callerOf = (arn: string) => ({ arn, account: ACCOUNT, credential: "AKIAEXAMPLE", sourceAddress: "203.0.113.7" });
const BO = callerOf(`arn:aws:iam::${ACCOUNT}:user/bo`);
const ASKED = { project: "shop", environment: "production", trace: EXECUTION };
const OVERRIDE = { ...ASKED, override: { reason: "Payments are down" } };
/** Stopped: Bo started and approved it. */
const STOPPED = release({ start: started("bo") });

async function post(body: unknown, world: GateWorld, caller: unknown = BO) {
  const { statusCode, body: text } = await answerRequest({ body: JSON.stringify(body), caller }, world);
  return [statusCode, JSON.parse(text)] as const;
}

describe("a question over HTTP", () => {
  test("is answered with 200 for a delivery that may go on, and with 409 and the reasons for one that may not", async () => {
    expect(await post(ASKED, await gateAfter(release()))).toEqual([
      200,
      expect.objectContaining({
        outcome: "pass",
        because: "checks",
        reasons: [],
        message: expect.stringMatching(/^Gatebook: yes/),
      }),
    ]);
    expect(await post(ASKED, await gateAfter(STOPPED))).toEqual([
      409,
      expect.objectContaining({
        outcome: "block",
        reasons: [{ check: "four-eyes", text: expect.stringContaining("started and approved") }],
      }),
    ]);
  });

  test.each<readonly [name: string, body: unknown, status: number, detail: RegExp]>([
    ["without a trace", { project: "shop", environment: "production" }, 400, /trace: is missing/],
    ["with an empty name", { ...ASKED, project: " " }, 400, /project: is empty/],
    ["with a trace that is no text", { ...ASKED, trace: { $ne: "" } }, 400, /trace: is missing, or no text/],
    ["with a key that is none", { ...ASKED, overide: {} }, 400, /overide/],
    ["with an override without a reason", { ...ASKED, override: {} }, 400, /reason: is missing/],
    ["with an empty reason", { ...ASKED, override: { reason: "  " } }, 400, /must say why/],
    ["of megabytes", { ...ASKED, project: "x".repeat(20_000) }, 413, /more than/],
    ["that is a list", [], 400, /the request/],
  ])("%s is refused", async (_, body, status, detail) => {
    const world = await gateAfter(release());
    expect(await post(body, world)).toEqual([
      status,
      expect.objectContaining({ detail: expect.stringMatching(detail) }),
    ]);
    expect(world.sent).toEqual([]);
  });

  test("that is not JSON, or that IAM did not let in, is refused", async () => {
    const world = await gateAfter(release());
    expect((await answerRequest({ body: "{", caller: BO }, world)).statusCode).toBe(400);
    for (const caller of [null, {}, callerOf("ana"), callerOf("arn:aws:s3:::bucket")])
      expect((await post(ASKED, world, caller))[0]).toBe(403);
  });
});

describe("an override", () => {
  test("by a release manager lets pass, and says what it overrode", async () => {
    const world = await gateAfter(STOPPED);
    const [status, answer] = await post(OVERRIDE, world);
    expect([status, answer.outcome, answer.because]).toEqual([200, "pass", "override"]);
    expect(answer.message).toMatch(/since bo@acme\.example overrode the gate: Payments are down/);
    expect(answer.message).toMatch(/started and approved it/);
  });

  test("by a release manager whom Identity Center signed in lets pass", async () => {
    const arn = `arn:aws:sts::${ACCOUNT}:assumed-role/AWSReservedSSO_Admin_0/bo@acme.example`;
    const [status, answer] = await post(OVERRIDE, await gateAfter(STOPPED), callerOf(arn));
    expect([status, answer.because]).toEqual([200, "override"]);
  });

  test("is on record under whoever gave it, as what passes by the pipeline's checks, and is alerted about", async () => {
    const world = await gateAfter(STOPPED);
    await post(OVERRIDE, world);
    const [record] = await world.tell(world.sent);
    expect(record).toMatchObject({ action: "pipeline.bypass", person: "bo@acme.example", trace: EXECUTION });
    expect(record?.granted).toMatchObject({ by: "access-key", credential: "AKIAEXAMPLE" });
    expect(record?.findings).toMatchObject([
      {
        rule: { title: "Gate at the release overridden" },
        level: "high",
        person: "bo@acme.example",
        granted: { by: "access-key", credential: "AKIAEXAMPLE" },
        why: expect.stringMatching(
          /started and approved it.* Reason given: Payments are down\. bo@acme\.example took part in this delivery\.$/,
        ),
      },
    ]);
  });

  test("holds for the same delivery and the same place, for some hours", async () => {
    let now = NOW;
    const configuration = organisation("gate: { releaseWindow: always }", (text) =>
      text.replace("      production:\n", "      staging: {}\n      production:\n"),
    );
    const world = await gateAfter(STOPPED, { now: () => now, configuration });
    await post(OVERRIDE, world);
    await world.tell(world.sent);
    const ask = async (more: object) =>
      (await askGate({ ...TO_PRODUCTION, ...more }, { by: "codepipeline" }, world)).outcome;
    now += 60_000;
    expect(await ask({})).toBe("pass");
    expect(await ask({ environment: "staging" })).toBe("block");
    expect(await ask({ trace: "another-execution" })).toBe("block");
    now = NOW + OVERRIDE_MS;
    expect(await ask({})).toBe("block");
  });

  test("on record counts where the log is signed late, and not where it contradicts itself", async () => {
    const world = await gateAfter(STOPPED);
    await post(OVERRIDE, world);
    await world.tell(world.sent);
    const ask = async (change: object) => {
      const evidence = async () => (await world.evidence()).map((state) => ({ ...state, ...change }));
      return askGate(TO_PRODUCTION, { by: "codepipeline" }, { ...world, evidence });
    };
    expect(await ask({ sizeBefore: 9_999 })).toMatchObject({ outcome: "pass", because: "override" });
    expect(await ask({ checkpoint: Buffer.from("nobody signed this") })).toMatchObject({
      outcome: "block",
      because: "checks",
      remarks: expect.arrayContaining([expect.stringContaining("the override on record does not count")]),
    });
    const forged = async () =>
      (await world.evidence()).map((state) => ({ ...state, checkpoint: Buffer.from("nobody signed this") }));
    expect((await post(OVERRIDE, { ...world, evidence: forged }))[0]).toBe(200);
  });

  test("does not stop the delivery afterwards with its own finding", async () => {
    let now = Date.parse("2026-11-24T22:15:00Z");
    const world = await gateAfter(release(), { now: () => now });
    expect((await post(OVERRIDE, world))[1]).toMatchObject({ because: "override", reasons: [{ check: "window" }] });
    await world.tell(world.sent);
    now = Date.parse("2026-11-25T09:00:00Z");
    expect(await askGate(TO_PRODUCTION, { by: "api" }, world)).toMatchObject({ outcome: "pass", because: "checks" });
  });

  test("is not made by whoever calls an event so", async () => {
    const caller = { arn: BO.arn, account: ACCOUNT };
    const claimed = {
      v: 1,
      kind: "cloudevent",
      receivedAt: NOW,
      caller,
      event: {
        specversion: "1.0",
        id: "1",
        source: "Gatebook",
        type: "gate.overridden",
        data: {
          trace: EXECUTION,
          gate: { place: "shop/production", override: { by: "bo@acme.example", reason: "because" } },
        },
      },
    };
    const world = await gateAfter([...STOPPED, claimed]);
    expect((await askGate(TO_PRODUCTION, { by: "api" }, world)).outcome).toBe("block");
  });

  test("that is not needed is none", async () => {
    const world = await gateAfter(release());
    expect((await post(OVERRIDE, world))[1]).toMatchObject({ outcome: "pass", because: "checks" });
    expect(world.sent).toMatchObject([{ type: "gate.passed" }]);
  });

  test("that cannot be recorded does not hold", async () => {
    const send = async (): Promise<never> => {
      throw new Error("the queue is down");
    };
    const world = await gateAfter(STOPPED, { intake: { send } });
    expect((await post(OVERRIDE, world))[1]).toMatchObject({ outcome: "block" });
  });

  test("by a release manager of the environment alone lets pass there, and by one of another is refused", async () => {
    const managing = (environment: string) => (text: string) =>
      text
        .replace("      release-manager: [bo@acme.example]\n", "      release-manager: [ana@acme.example]\n")
        .replace("    environments:\n", '    environments:\n      staging:\n        accounts: ["444455556666"]\n')
        .replace(`      ${environment}:\n`, `$&        roles: { release-manager: [bo@acme.example] }\n`);
    const asked = async (environment: string) => {
      const world = await gateAfter(STOPPED, { configuration: organisation("", managing(environment)) });
      return (await post(OVERRIDE, world))[1];
    };
    expect(await asked("production")).toMatchObject({ outcome: "pass", because: "override" });
    expect(await asked("staging")).toMatchObject({
      detail: expect.stringContaining("bo@acme.example is no release-manager of shop/production"),
    });
  });

  test.each<readonly [name: string, arn: string, change: (text: string) => string, detail: RegExp]>([
    [
      "who is no release manager",
      `arn:aws:iam::${ACCOUNT}:user/ana`,
      (text) => text,
      /ana@acme\.example is no release-manager of shop/,
    ],
    ["who is nobody", `arn:aws:iam::${ACCOUNT}:user/eve`, (text) => text, /is nobody of gatebook\.yml/],
    [
      "whose session only has a person's name",
      `arn:aws:sts::${ACCOUNT}:assumed-role/Admin/bo@acme.example`,
      (text) => text,
      /is nobody of gatebook\.yml/,
    ],
    [
      "who has left",
      BO.arn,
      (text) => text.replace("    name: Bo Chen\n", "    name: Bo Chen\n    left: 2026-11-24\n"),
      /bo@acme\.example left on 2026-11-24/,
    ],
    [
      "where no project names release managers",
      BO.arn,
      (text) => text.replace("      release-manager: [bo@acme.example]\n", ""),
      /names no release-manager/,
    ],
  ])("by somebody %s is refused and not recorded", async (_, arn, change, detail) => {
    const world = await gateAfter(STOPPED, { configuration: organisation("", change) });
    expect(await post(OVERRIDE, world, callerOf(arn))).toEqual([
      403,
      expect.objectContaining({ detail: expect.stringMatching(detail) }),
    ]);
    expect(world.sent).toEqual([]);
  });
});
