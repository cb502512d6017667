/** What was decided for one environment of a GitHub run decides nothing for another, in the words of a payload that GitHub sent. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Asking } from "../../../lib/core/gate/ask-gate.ts";
import { askGate } from "../../../lib/core/gate/ask-gate.ts";
import type { GateQuestion } from "../../../lib/core/gate/gate-question.ts";
import { gateAfter, gitHub, type Message, organisation } from "./release.ts";

const RECORDED = JSON.parse(readFileSync("test/events/github/deployment-approved.json", "utf8")).body;
const RUN: { readonly id: number; readonly head_sha: string } = RECORDED.workflow_run;
const QUESTION: GateQuestion = {
  project: "shop",
  environment: "production",
  trace: `github:acme/shop/actions/runs/${RUN.id}`,
};
const configuration = organisation("gate: { releaseWindow: always }", (text) =>
  text.replace("      production:\n", "      staging: {}\n      production:\n"),
);

const account = (login: string) => ({ ...RECORDED.approver, login });
const jobs = (...environments: readonly (string | undefined)[]) => ({
  workflow_job_runs: environments.map((environment, i) => ({ ...RECORDED.workflow_job_runs[0], id: i, environment })),
});
/** The recorded approval, by somebody else or for something else. */
const review = (action: string, second: number, login: string, more: Message): Message =>
  gitHub("deployment_review", second, {
    ...RECORDED,
    action,
    approver: account(login),
    sender: account(login),
    ...more,
  });
const approvedBy = (login: string, ...environments: readonly (string | undefined)[]): Message =>
  review("approved", 30, login, jobs(...environments));
const askedFor = (environment: string): Message =>
  review("requested", 20, "analima", {
    workflow_job_runs: undefined,
    approver: undefined,
    environment,
    since: undefined,
    workflow_job_run: { id: environment.length, environment },
  });

const sender = { login: "analima" };
const BEFORE: readonly Message[] = [
  gitHub("push", 0, { ref: "refs/heads/main", after: RUN.head_sha, sender }),
  gitHub("workflow_run", 5, { action: "requested", sender, workflow_run: RUN }),
];

async function answerTo(messages: readonly Message[], asking: Asking = { by: "api" }, question = QUESTION) {
  return askGate(question, asking, await gateAfter([...BEFORE, ...messages], { configuration }));
}
const UNSEEN = { outcome: "block", reasons: [{ check: "four-eyes", text: "nobody has approved or reviewed it" }] };
const SAID = "an approval for github:acme/shop/environments/staging counts there alone";

test("the recorded approval is for production, and counts there", async () => {
  expect(await answerTo([gitHub("deployment_review", 30, RECORDED)])).toMatchObject({ outcome: "pass", reasons: [] });
});

test.each([
  ["of several environments, this one among them", ["staging", "production"]],
  ["that names none", [undefined]],
  ["in other letters", ["Production"]],
])("an approval %s counts", async (_, environments) => {
  expect(await answerTo([approvedBy("bochen", ...environments)])).toMatchObject({ outcome: "pass" });
});

test("an approval for staging counts there, and not for production, and is told", async () => {
  const messages = [approvedBy("bochen", "staging")];
  expect(await answerTo(messages)).toMatchObject({ ...UNSEEN, remarks: expect.arrayContaining([SAID]) });
  const staging = { ...QUESTION, environment: "staging" };
  expect(await answerTo(messages, { by: "api" }, staging)).toMatchObject({ outcome: "pass", reasons: [] });
});

test("an approval for an environment that gatebook.yml does not know counts nowhere", async () => {
  expect(await answerTo([approvedBy("bochen", "sandbox")])).toMatchObject(UNSEEN);
  expect(await answerTo([approvedBy("bochen", "production/../staging")])).toMatchObject(UNSEEN);
});

test("that an author let staging go on themselves is no reason against production", async () => {
  const messages = [approvedBy("analima", "staging"), approvedBy("bochen", "production")];
  expect(await answerTo(messages)).toMatchObject({ outcome: "pass", reasons: [] });
  expect(await answerTo([approvedBy("bochen", "staging"), approvedBy("analima", "production")])).toMatchObject({
    reasons: [{ check: "four-eyes", text: expect.stringContaining("wrote, started and approved it") }],
  });
});

test("whoever is asked for production is waited for, however many answered for staging", async () => {
  const waiting: Asking = { by: "github", waitedMs: 60 * 60 * 1000 };
  const asked = [askedFor("staging"), askedFor("production"), approvedBy("cyroy", "staging")];
  expect(await answerTo(asked, waiting)).toEqual({ outcome: "wait" });
  expect(await answerTo([...asked, approvedBy("bochen", "production")], waiting)).toMatchObject({ outcome: "pass" });
  const together = [askedFor("staging"), askedFor("production"), approvedBy("bochen", "staging", "production")];
  expect(await answerTo(together, waiting)).toMatchObject({ outcome: "pass" });
});
