/** The gate says no for each of its reasons, all of them at once, and yes to a release in which two people took part. */
import { describe, expect, test } from "vitest";
import { askGate } from "../../../lib/core/gate/ask-gate.ts";
import { describeDecision } from "../../../lib/core/gate/gate-decision.ts";
import type { Finding } from "../../../lib/core/record/finding.ts";
import { decide, found, textsOf } from "./decide.ts";
import {
  approved,
  EXECUTION,
  edited,
  gateAfter,
  gitHub,
  type Message,
  organisation,
  pushed,
  release,
  SHA,
  started,
  TO_PRODUCTION,
} from "./release.ts";

test("a release that one person wrote and started and another approved, in time and with MFA, may go on", async () => {
  const decision = await decide(release());
  expect(decision).toMatchObject({ outcome: "pass", because: "checks", reasons: [], unknown: [] });
  expect(decision.remarks).toEqual([expect.stringContaining("no review of this project")]);
});

describe("four eyes", () => {
  test.each<readonly [name: string, messages: readonly Message[], texts: readonly (string | RegExp)[]]>([
    [
      "are broken where the author approves",
      release({ push: pushed("bochen") }),
      [/^Bo Chen <bo@acme\.example> wrote and approved it/],
    ],
    [
      "are broken where the starter approves, as another identity of the same person",
      [...release({ start: started("bo") })],
      [/^Bo Chen <bo@acme\.example> started and approved it/],
    ],
    [
      "are broken where one person did all of it, which is said once",
      [edited("bo"), ...release({ push: pushed("bochen"), start: started("bo") })],
      [/^Bo Chen <bo@acme\.example> wrote, started and approved it, and last changed its pipeline: /],
    ],
    [
      "are missing where nobody approved or reviewed",
      [pushed("analima"), started("ana")],
      ["nobody has approved or reviewed it"],
    ],
    [
      "are those of a principal that is nobody's, too",
      release({ start: started("eve"), approve: approved("eve") }),
      [/^arn:aws:iam::111122223333:user\/eve started and approved it/],
    ],
  ])("%s", async (_, messages, texts) => {
    const decision = await decide(messages);
    expect(decision.outcome).toBe("block");
    expect(textsOf(decision)).toEqual(texts.map((text) => expect.stringMatching(text)));
  });

  test("a review by somebody else is enough where the pipeline asks for no approval", async () => {
    const sourced = release().slice(0, 3);
    const review = (login: string): Message =>
      gitHub("pull_request_review", 5, {
        action: "submitted",
        sender: { login },
        review: { state: "approved", commit_id: SHA },
        pull_request: { number: 7 },
      });
    expect(await decide([...sourced, review("bochen")])).toMatchObject({ outcome: "pass" });
    expect(textsOf(await decide([...sourced, review("analima")]))).toEqual([
      "nobody has approved it, and only those who wrote it have reviewed it",
    ]);
  });
});

describe("a commit", () => {
  const review = gitHub("pull_request_review", 5, {
    action: "submitted",
    sender: { login: "bochen" },
    review: { state: "approved", commit_id: SHA },
    pull_request: { number: 7 },
  });
  const question = { project: "shop", environment: "production", trace: `commit:${SHA}` };

  test("can be asked about where nothing else names the delivery", async () => {
    expect(await decide([pushed("analima"), review], {}, question)).toMatchObject({ outcome: "pass" });
    expect(textsOf(await decide([pushed("bochen"), review], {}, question))).toEqual([
      "nobody has approved it, and only those who wrote it have reviewed it",
    ]);
  });

  test("that the asker names is looked at too", async () => {
    const { asker: _asker, ...execution } = TO_PRODUCTION;
    const messages = release({ push: pushed("bochen") }).filter((_, i) => i !== 2);
    expect((await decide(messages, {}, execution)).outcome).toBe("pass");
    expect(textsOf(await decide(messages, {}, { ...execution, madeOf: [`commit:${SHA}`] }))).toEqual([
      expect.stringMatching(/^Bo Chen <bo@acme\.example> wrote and approved it/),
    ]);
  });
});

describe("MFA", () => {
  test("without it, the starter and the approver are both named", async () => {
    const messages = release({ start: started("ana", false), approve: approved("bo", false) });
    expect(textsOf(await decide(messages))).toEqual([
      "Ana Lima <ana@acme.example> started it without MFA",
      "Bo Chen <bo@acme.example> approved it without MFA",
    ]);
  });

  test("what the source does not tell is said, and stops nothing", async () => {
    const decision = await decide(release({ approve: call("approved without a word of MFA") }));
    expect(decision.outcome).toBe("pass");
    expect(decision.remarks).toContainEqual("Bo Chen <bo@acme.example> approved it; whether with MFA is not known");
  });

  function call(_: string): Message {
    const { userIdentity, ...rest } = approved("bo") as { userIdentity: Message };
    const { sessionContext: _context, ...identity } = userIdentity;
    return { ...rest, userIdentity: identity };
  }
});

test("a leaver in the chain stops it from their last day on, and not before", async () => {
  const left = (day: string) =>
    organisation("", (text) => text.replace("    name: Bo Chen\n", `    name: Bo Chen\n    left: ${day}\n`));
  expect(textsOf(await decide(release(), { configuration: left("2026-11-24") }))).toEqual([
    "Bo Chen <bo@acme.example>, who approved it, left on 2026-11-24",
  ]);
  expect((await decide(release(), { configuration: left("2026-11-25") })).outcome).toBe("pass");
});

describe("open findings", () => {
  test.each<readonly [name: string, more: Partial<Finding>, gate: string, count: number]>([
    ["of the level stop it", {}, "", 1],
    ["below the level do not", { level: "medium" }, "", 0],
    ["of a lower level stop it where gatebook.yml says so", { level: "medium" }, "minimumFindingLevel: medium", 1],
    ["of a rule on trial do not", { staged: true }, "", 0],
  ])("%s", async (_, more, gate, count) => {
    const configuration = organisation(`gate: { ${gate} }`);
    const decision = await decide([...release(), found(more)], { configuration });
    expect(textsOf(decision)).toEqual(
      count === 0 ? [] : [expect.stringMatching(/^open finding \(\w+\): Pipeline edited by hand, .*user\/ana, 2026-/)],
    );
  });

  test("that somebody answers for do not", async () => {
    const configuration = organisation("", (text) =>
      text.replace(
        "  minimumLevel: medium",
        `  suppressions: [{ rule: r1, owner: bo@acme.example, reason: known, until: 2026-12-31 }]\n  minimumLevel: medium`,
      ),
    );
    expect((await decide([...release(), found()], { configuration })).outcome).toBe("pass");
  });

  test("are counted past the first, and each is told once", async () => {
    const many = Array.from({ length: 11 }, (_, i) => found({ uid: `f${i}` }));
    const texts = textsOf(await decide([...release(), ...many, found({ uid: "f0" })]));
    expect(texts).toHaveLength(9);
    expect(texts.at(-1)).toBe("3 more open findings");
  });
});

describe("the release window", () => {
  const night = { now: () => Date.parse("2026-11-24T22:15:00Z") };

  test("is closed at night", async () => {
    expect(textsOf(await decide(release(), night))).toEqual([
      "it is outside the release window (mon, tue, wed, thu, fri from 08:00 to 18:00, without holidays): in Europe/London it is tue 2026-11-24, 22:15",
    ]);
  });

  test("is always open where gatebook.yml says so", async () => {
    const configuration = organisation("gate: { releaseWindow: always }");
    expect((await decide(release(), { ...night, configuration })).outcome).toBe("pass");
  });
});

describe("the source", () => {
  test("is silent where nothing of the execution was recorded", async () => {
    expect((await decide([])).reasons).toEqual([
      { check: "source", text: "nothing of it was recorded: the system that runs it is silent, or late" },
    ]);
  });

  test("is silent where the pipeline says that it was approved and nobody by whom", async () => {
    const decision = await decide(release({ approve: undefined }));
    expect(textsOf(decision)).toEqual([expect.stringMatching(/^it was approved, and nothing was recorded of who/)]);
  });

  test("is waited for by who can wait", async () => {
    for (const messages of [[], release({ approve: undefined })]) {
      const world = await gateAfter(messages);
      expect(await askGate(TO_PRODUCTION, { by: "github", waitedMs: 0 }, world)).toEqual({ outcome: "wait" });
      expect(world.sent).toEqual([]);
    }
  });
});

test("a place that gatebook.yml does not know, and a pipeline of another project, are no place to go", async () => {
  const nowhere = { ...TO_PRODUCTION, environment: "constructor" };
  expect(textsOf(await decide(release(), {}, nowhere))).toEqual([
    "gatebook.yml has no environment shop/constructor: name one of its own",
  ]);
  const asker = "arn:aws:codepipeline:eu-west-1:111122223333:other";
  expect(textsOf(await decide(release(), {}, { ...TO_PRODUCTION, asker }))).toEqual([
    `${asker} is neither among the pipelines nor the repositories of shop`,
  ]);
});

test("a delivery of another project is none of this one", async () => {
  const configuration = organisation("", (text) =>
    text.replace("projects:\n", "projects:\n  bank: { environments: { production: {} } }\n"),
  );
  const question = { project: "bank", environment: "production", trace: EXECUTION };
  expect(textsOf(await decide(release(), { configuration }, question))).toEqual([
    `${EXECUTION} is a delivery of shop, and not of bank`,
  ]);
});

test("everything that is wrong is in one message", async () => {
  const messages = [...release({ start: started("bo", false) }), found()];
  const decision = await decide(messages, { now: () => Date.parse("2026-11-24T22:15:00Z") });
  expect(new Set(decision.reasons.map(({ check }) => check))).toEqual(
    new Set(["four-eyes", "mfa", "finding", "window"]),
  );
  const lines = describeDecision(decision, TO_PRODUCTION).split("\n");
  expect(lines[0]).toBe(`Gatebook: no, ${EXECUTION} may not go to shop/production now:`);
  expect(lines.filter((line) => line.startsWith("- "))).toHaveLength(decision.reasons.length + decision.remarks.length);
  expect(lines.at(-1)).toMatch(/a release manager can override it/);
});

test("no name from outside makes a line of its own", async () => {
  const trace = "E1 \n- approved by everybody\r\u2028";
  const question = { ...TO_PRODUCTION, trace };
  const decision = await decide([], {}, question);
  expect(describeDecision(decision, question).split(/[\n\r\u2028]/)).toHaveLength(
    2 + decision.reasons.length + decision.remarks.length + 1,
  );
});
