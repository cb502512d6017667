/** `gatebook rules coverage`: what the rules cover, for people and for programs. */
import { cpSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DELIVERY_ACTIONS } from "../../lib/core/record/delivery-action.ts";
import { gatebook, linesOf, ROOT, temporaryFolder } from "./gatebook.ts";

const RULE = join(ROOT, "rules", "detections", "trail-stopped-or-deleted");

async function withRule(): Promise<string> {
  const folder = await temporaryFolder();
  cpSync(RULE, join(folder, "rule"), { recursive: true });
  return folder;
}

test("the project's own rules: each has a match event, and every action has its line", async () => {
  const { code, stdout, stderr } = await gatebook(["rules", "coverage", "--json"]);
  expect(code).toBe(0);
  const rows = linesOf(stdout);
  expect(rows.filter(({ kind }) => kind === "action").map(({ name }) => name)).toEqual(DELIVERY_ACTIONS);
  for (const row of rows) {
    expect(Object.keys(row)).toEqual(expect.arrayContaining(["kind", "name", "rules", "events", "drills"]));
  }
  expect(stderr).not.toContain("no match event");
});

test("a table says what is covered by which number of rules and events, and what is not", async () => {
  const { code, stdout, stderr } = await gatebook(["rules", "coverage", await withRule()]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^DELIVERY ACTION +RULES +MATCH EVENTS +DRILL$/m);
  expect(stdout).toMatch(/^audit\.tamper +1 +[2-9] +none$/m);
  expect(stdout).toMatch(/^secret\.read +NO RULE +0 +none$/m);
  expect(stdout).toMatch(/^TECHNIQUE +RULES +MATCH EVENTS +DRILL +NAME$/m);
  expect(stdout).toMatch(/^T1685\.002 +1 +[2-9] +none +Disable or Modify Cloud Log$/m);
  expect(stderr).toMatch(/^1 rules cover 1 of \d+ delivery actions and 1 techniques; 0 have a drill$/m);
});

test("a rule without examples covers nothing, and is named", async () => {
  const folder = await withRule();
  rmSync(join(folder, "rule", "match"), { recursive: true });
  const { code, stdout, stderr } = await gatebook(["rules", "coverage", folder]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^audit\.tamper +NO RULE +0/m);
  expect(stderr).toMatch(/rule\.yml: no match event trips "CloudTrail trail stopped or deleted"/);
});

test("what cannot be read is said, the rest is counted, and the exit code is 2", async () => {
  const folder = await withRule();
  writeFileSync(join(folder, "broken.yml"), "title: [");
  cpSync(join(ROOT, "rules", "detections", "secrets-read-in-bulk"), join(folder, "other"), { recursive: true });
  writeFileSync(join(folder, "other", "match", "broken.json"), "{");
  const { code, stdout, stderr } = await gatebook(["rules", "coverage", folder]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/broken\.yml: line \d+: /);
  expect(stderr).toMatch(/broken\.json: is not JSON/);
  expect(stdout).toMatch(/^audit\.tamper +1 /m);
});
