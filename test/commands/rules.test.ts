/** `gatebook rules test`: every rule proves itself by its own examples. */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { gatebook, linesOf, ROOT, temporaryFolder } from "./gatebook.ts";

const RULE = join(ROOT, "rules", "detections", "trail-stopped-or-deleted");

test("the project's own rules pass", async () => {
  const { code, stdout } = await gatebook(["rules", "test", "--json"]);
  const folders = readdirSync(join(ROOT, "rules", "detections"));
  const outcomes = linesOf(stdout);
  expect([code, outcomes.length]).toEqual([0, folders.length]);
  for (const outcome of outcomes) expect(outcome).toMatchObject({ failures: [], events: expect.any(Number) });
});

test("a rule with nothing under match/ fails", async () => {
  const folder = await temporaryFolder();
  cpSync(RULE, join(folder, "rule"), { recursive: true });
  rmSync(join(folder, "rule", "match"), { recursive: true });
  mkdirSync(join(folder, "rule", "match"));
  const { code, stdout, stderr } = await gatebook(["rules", "test", folder]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^FAIL CloudTrail trail stopped or deleted$/m);
  expect(stdout).toMatch(/match/);
  expect(stderr).toMatch(/^0 rules fine, 1 not$/m);
});

test("a rule that matches what it must ignore fails and names the event", async () => {
  const folder = await temporaryFolder();
  cpSync(RULE, join(folder, "rule"), { recursive: true });
  cpSync(join(folder, "rule", "match", "stop-logging.json"), join(folder, "rule", "ignore", "swapped.json"));
  const { code, stdout } = await gatebook(["rules", "test", folder]);
  expect(code).toBe(1);
  expect(stdout).toContain("swapped.json");
});

test("a rule that does not parse is one failed rule among others", async () => {
  const folder = await temporaryFolder();
  cpSync(RULE, join(folder, "good"), { recursive: true });
  mkdirSync(join(folder, "bad"));
  writeFileSync(join(folder, "bad", "rule.yml"), "title: [");
  const { code, stdout, stderr } = await gatebook(["rules", "test", folder]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^FAIL .*bad\/rule\.yml$/m);
  expect(stderr).toMatch(/^1 rules fine, 1 not$/m);
});

test("the examples are about the example organisation, or the one that is named", async () => {
  const folder = await temporaryFolder();
  cpSync(join(ROOT, "rules", "detections", "deploy-role-outside-business-hours"), join(folder, "rule"), {
    recursive: true,
  });
  expect(await gatebook(["rules", "test", folder])).toMatchObject({ code: 0 });
  const config = join(folder, "gatebook.yml");
  writeFileSync(config, "organisation: other\nalerts: { email: [security@other.example] }\n");
  const { code, stdout } = await gatebook(["rules", "test", folder, "--config", config]);
  expect([code, stdout]).toEqual([
    1,
    expect.stringMatching(/should match "Deploy role assumed outside business hours" and does not/),
  ]);
});

test("a rule that reports the denials of a policy that is not there fails, with the line", async () => {
  const folder = await temporaryFolder();
  cpSync(RULE, join(folder, "rule"), { recursive: true });
  const file = join(folder, "rule", "rule.yml");
  const text = readFileSync(file, "utf8");
  writeFileSync(file, `${text.trimEnd()}\npolicies: [no-such-policy]\n`);
  const { code, stdout } = await gatebook(["rules", "test", folder]);
  const line = text.trimEnd().split("\n").length + 1;
  expect([code, stdout]).toEqual([1, expect.stringContaining(`rule.yml:${line}: policies.0: no access policy has`)]);
});
