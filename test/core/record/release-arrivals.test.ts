/** The stories of a release, in whichever way their messages arrive: the same findings, each once. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { memoryEventIndex } from "../../../lib/adapters/memory-event-index.ts";
import { requireRules } from "../../../lib/adapters/rule-files.ts";
import { accessControl } from "../../../lib/core/access/judge-access.ts";
import type { Finding } from "../../../lib/core/record/finding.ts";
import { createRecorder } from "../../../lib/core/record/recorder.ts";
import { readRecorded } from "../../../lib/core/sources/recorded/recorded.ts";
import { exampleAccess } from "../access/example-access.ts";

const FOLDER = "test/events/release";
const { configuration, policies, decide } = exampleAccess();
const settings = { configuration, rules: requireRules("rules/detections") };
const access = accessControl(configuration, async () => decide, policies);

function messagesOf(file: string): string[] {
  const lines = readFileSync(`${FOLDER}/${file}`, "utf8").split("\n").filter(Boolean);
  return lines.flatMap((line) =>
    readRecorded(JSON.parse(line), { receivedAt: 0 }).flatMap((read) => (read.outcome === "event" ? [read.body] : [])),
  );
}

/** The findings over batches, each of which finds those before it in the index. */
async function findingsOf(batches: readonly (readonly string[])[]): Promise<Finding[]> {
  const index = memoryEventIndex();
  const record = createRecorder({ settings, index, access });
  const findings: Finding[] = [];
  let size = 0;
  for (const bodies of batches) {
    const { recorded, rejected } = await record(bodies.map((body, i) => ({ id: String(i), body })));
    expect(rejected).toEqual([]);
    const entries = recorded.map(({ append }) => append.index);
    await index.write({ origin: "example/0", time: size, from: size, size: size + entries.length, entries });
    size += entries.length;
    findings.push(...recorded.flatMap(({ record: { findings: found } }) => found));
  }
  return findings;
}

const titlesOf = (findings: readonly Finding[]) => findings.map(({ rule }) => rule.title);
const isApproval = (body: string): boolean => body.includes("PutApprovalResult");

describe.each(readdirSync(FOLDER))("%s", (file) => {
  const messages = messagesOf(file);

  test("says the same one by one as together", async () => {
    const together = titlesOf(await findingsOf([messages]));
    expect(together).toHaveLength(file === "good.jsonl" ? 0 : 1);
    expect(titlesOf(await findingsOf(messages.map((message) => [message])))).toEqual(together);
  });

  test("says the same where the call that approved is told last", async () => {
    const together = titlesOf(await findingsOf([messages]));
    const late = [...messages.filter((body) => !isApproval(body)), ...messages.filter(isApproval)];
    expect(titlesOf(await findingsOf(late.map((message) => [message])))).toEqual(together);
  });
});

test("whoever holds two roles is named with both, by whichever identity they did it, and the policy's word beside it", async () => {
  const [finding] = await findingsOf([messagesOf("self-approval-by-another-identity.jsonl")]);
  expect(finding?.why).toContain("Ana Lima wrote the change and approved it.");
  expect(finding?.why).toContain("By the access policy, ana@acme.example may not do pipeline.approve");
});

test("what no policy allows is said by the rule that reports it, with the level of the graver of both", async () => {
  const [finding] = await findingsOf([messagesOf("developer-to-production.jsonl")]);
  expect(finding).toMatchObject({ level: "high", person: "dee@acme.example" });
  expect(finding?.why).toContain("dee@acme.example may not do deploy.change in shop/production");
});

test("what a rule says without naming the policy is one fact more", async () => {
  const rules = {
    ...settings.rules,
    rules: settings.rules.rules.map(({ policies: _, ...rule }) => rule),
  };
  const record = createRecorder({ settings: { configuration, rules }, index: memoryEventIndex(), access });
  const bodies = messagesOf("developer-to-production.jsonl");
  const { recorded } = await record(bodies.map((body, i) => ({ id: String(i), body })));
  const found = recorded.flatMap(({ record: { findings } }) => findings.map(({ rule }) => rule.id));
  expect(found).toEqual([expect.not.stringContaining("policy:"), "policy:not-allowed"]);
});
