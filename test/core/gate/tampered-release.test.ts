/** Whoever tampers with the log or its index for the sake of a release stops it. */
import { expect, test } from "vitest";
import { askGate } from "../../../lib/core/gate/ask-gate.ts";
import { decide } from "./decide.ts";
import { edited, gateAfter, release, TO_PRODUCTION } from "./release.ts";

test("a release whose approval was forged in the log or in the index is stopped, and the message says which", async () => {
  const world = await gateAfter(release());
  const decisions = [
    await decide(release(), {
      evidence: async () => {
        const [state] = await world.evidence();
        if (state?.head === undefined) throw new Error("the fixture has no log");
        const path = `tile/entries/000.p/${state.head.size}`;
        const bundle = Buffer.from((await state.log.read(path)) ?? "");
        const at = bundle.indexOf("PutApprovalResult");
        bundle.write("X", at);
        return [{ ...state, log: { read: async (asked) => (asked === path ? bundle : state.log.read(asked)) } }];
      },
    }),
    await decide(release(), {
      index: {
        ...world.index,
        byTrace: async (trace) =>
          (await world.index.byTrace(trace)).map((entry) =>
            entry.action === "pipeline.approve" && entry.person !== undefined
              ? { ...entry, person: "cy@acme.example" }
              : entry,
          ),
      },
    }),
  ];
  for (const decision of decisions) {
    expect(decision).toMatchObject({ outcome: "block", because: "checks" });
    expect(decision.reasons).toContainEqual({
      check: "evidence",
      text: expect.stringMatching(/^entry #4 of the evidence log is not as it was recorded: /),
    });
  }
});

test("whoever writes another editor of the pipeline into the index is found out", async () => {
  const messages = [edited("bo"), ...release()];
  const { index } = await gateAfter(messages);
  const byResource: typeof index.byResource = async (...asked) =>
    (await index.byResource(...asked)).map((entry) =>
      entry.action === "pipeline.edit" ? { ...entry, person: "cy@acme.example" } : entry,
    );
  expect((await decide(messages)).reasons).toMatchObject([
    { check: "four-eyes", text: expect.stringContaining("approved it, and last changed its pipeline") },
  ]);
  expect((await decide(messages, { index: { ...index, byResource } })).reasons).toEqual([
    {
      check: "evidence",
      text: expect.stringMatching(/^entry #1 .* its person is bo@acme\.example in the log and cy@acme\.example in/),
    },
  ]);
});

test("evidence that does not hold is alerted about, and what stops a release otherwise is not", async () => {
  const world = await gateAfter(release());
  const evidence = async () =>
    (await world.evidence()).map((state) => ({ ...state, checkpoint: Buffer.from("nobody signed this") }));
  await askGate(TO_PRODUCTION, { by: "codepipeline" }, { ...world, evidence });
  await askGate({ ...TO_PRODUCTION, environment: "nowhere" }, { by: "codepipeline" }, world);
  const [stopped, misplaced] = await world.tell(world.sent);
  expect(stopped?.findings).toMatchObject([
    {
      rule: { title: "Release stopped by evidence that does not hold" },
      level: "high",
      operation: "gate.blocked",
      why: expect.stringMatching(/^\S+ may not go to shop\/production: the evidence log's public checkpoint /),
    },
  ]);
  expect([misplaced?.event.metadata.event_code, misplaced?.findings]).toEqual(["gate.blocked", []]);
});
