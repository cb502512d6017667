/** Whoever is overdue in the access review stops the release that they take part in. */
import { describe, expect, test } from "vitest";
import { GatebookError } from "../../../lib/core/errors.ts";
import { askGate } from "../../../lib/core/gate/ask-gate.ts";
import type { GateDecision } from "../../../lib/core/gate/gate-decision.ts";
import { withoutAddresses } from "../../../lib/core/gate/name-of.ts";
import type { Verdict } from "../../../lib/core/review/campaign.ts";
import { decidedEvent, openedEvents } from "../../../lib/core/review/campaign-events.ts";
import { textsOf } from "./decide.ts";
import { gateAfter, NOW, organisation, release, TO_PRODUCTION } from "./release.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const CAMPAIGN = { period: "2026-Q4", project: "shop" };
const BO = { project: "shop", role: "release-manager", person: "bo@acme.example" };
const ANA = { project: "shop", role: "developer", person: "ana@acme.example" };
const CERTIFIERS = organisation("", (text) =>
  text.replace("  shop:\n    rep", "  shop:\n    certifiers: [ana@acme.example, bo@acme.example]\n    rep"),
);

const opened = (daysAgo: number, items = [ANA, BO], campaign = CAMPAIGN): string[] =>
  openedEvents(campaign, items, { time: NOW - daysAgo * DAY_MS });
const decided = (verdict: Verdict, item = BO): string =>
  decidedEvent(CAMPAIGN, item, {
    verdict,
    by: "ana@acme.example",
    reason: "r",
    time: NOW - 1_000,
    principal: "sso:ana@acme.example",
  });
const certifiedAna = decidedEvent(CAMPAIGN, ANA, {
  verdict: "keep",
  by: "bo@acme.example",
  reason: "r",
  time: NOW - 1_000,
});

async function decideAfter(events: readonly string[], configuration = CERTIFIERS): Promise<GateDecision> {
  const world = await gateAfter(release(), { configuration });
  await world.tell(events.map((event) => JSON.parse(event)));
  const decision = await askGate(TO_PRODUCTION, { by: "api" }, world);
  if (decision.outcome === "wait") throw new Error("nobody waits here");
  return decision;
}

describe("the gate", () => {
  test("stops a release by people who were not certified in time, and says since when and whom to ask", async () => {
    const decision = await decideAfter(opened(20));
    expect(decision).toMatchObject({ outcome: "block", reasons: [{ check: "review" }, { check: "review" }] });
    expect(textsOf(decision)).toEqual([
      "Ana Lima <ana@acme.example>, who wrote and started it, has not been certified as developer of shop: due since 2026-11-18; ask Bo Chen <bo@acme.example> (gatebook review decide)",
      "Bo Chen <bo@acme.example>, who approved it, has not been certified as release-manager of shop: due since 2026-11-18; ask Ana Lima <ana@acme.example> (gatebook review decide)",
    ]);
    expect(withoutAddresses(textsOf(decision).join("\\n"), CERTIFIERS)).not.toContain("@");
  });

  test("stops a release by somebody whose role should be gone, while gatebook.yml has it", async () => {
    const decision = await decideAfter([...opened(20), decided("remove"), certifiedAna]);
    expect(textsOf(decision)).toEqual([
      "Bo Chen <bo@acme.example>, who approved it, should no longer be release-manager of shop, says Ana Lima <ana@acme.example>, and gatebook.yml still has it: due since 2026-11-18; take it out there",
    ]);
  });

  test.each([
    ["each is certified", [...opened(20), decided("keep"), certifiedAna]],
    ["nothing is due yet", opened(13)],
    ["what is overdue is held by nobody who took part", opened(20, [{ ...BO, person: "zoe@acme.example" }])],
    ["what is overdue is no longer held", opened(20, [{ ...BO, role: "auditor" }])],
    ["what is overdue is another environment's", opened(20, [{ ...BO, environment: "staging" }] as never)],
    ["what is overdue is another project's", opened(20, [BO], { ...CAMPAIGN, project: "till" })],
    ["nobody may certify it", opened(20, [{ ...BO, uncertifiable: true }] as never)],
  ])("lets pass, and says nothing of reviews, where %s", async (_, events) => {
    const decision = await decideAfter(events);
    expect(textsOf(decision)).toEqual([]);
    expect(decision.outcome).toBe("pass");
  });

  test("goes by the review of the period before where this one's is not due yet", async () => {
    const before = { ...CAMPAIGN, period: "2026-Q3" };
    const decision = await decideAfter([...opened(70, [BO], before), ...opened(3)]);
    expect(textsOf(decision)).toEqual([expect.stringMatching(/^Bo Chen .*due since 2026-09-29/)]);
  });

  test("says that it is not known where no review was opened, and lets pass", async () => {
    const decision = await decideAfter([]);
    expect(decision).toMatchObject({
      outcome: "pass",
      remarks: [expect.stringContaining("no review of this project")],
    });
    expect((await decideAfter(opened(3))).remarks).toEqual([]);
  });

  test("cannot be sure where the review cannot be read", async () => {
    const world = await gateAfter(release(), { configuration: CERTIFIERS });
    const byTrace = async (trace: string) => {
      if (trace.startsWith("review:")) throw new GatebookError("UNAVAILABLE", "the table does not answer");
      return world.index.byTrace(trace);
    };
    const decision = await askGate(TO_PRODUCTION, { by: "api" }, { ...world, index: { ...world.index, byTrace } });
    expect(decision).toMatchObject({
      outcome: "block",
      because: "onError",
      unknown: ["whether anybody in it is overdue in the access review: the table does not answer"],
    });
  });

  test("stops where the index names another record as a decision", async () => {
    const world = await gateAfter(release(), { configuration: CERTIFIERS });
    await world.tell([...opened(20), decided("remove"), certifiedAna].map((event) => JSON.parse(event)));
    const byTrace = async (trace: string) => {
      const entries = await world.index.byTrace(trace);
      return entries.map((entry) =>
        entry.operation === "review.declined" ? { ...entry, operation: "review.certified" } : entry,
      );
    };
    const decision = await askGate(TO_PRODUCTION, { by: "api" }, { ...world, index: { ...world.index, byTrace } });
    expect(decision).toMatchObject({ outcome: "block", because: "checks" });
    if (decision.outcome === "wait") throw new Error("nobody waits here");
    expect(decision.reasons.map(({ check }) => check)).toContain("evidence");
  });
});
