/** Reading access policies: each mistake is said with file and line. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readPolicies } from "../../lib/adapters/cedar-policies.ts";
import { GOVERNED_ACTIONS } from "../../lib/core/access/access-question.ts";
import { GatebookError } from "../../lib/core/errors.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gatebook-policies-"));
  cpSync("rules/access", folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function problemsOf(): string {
  try {
    readPolicies(folder);
    return "none";
  } catch (error) {
    if (!(error instanceof GatebookError) || error.code !== "POLICY_INVALID") throw error;
    return error.message.replaceAll(`${folder}/`, "");
  }
}

function add(lines: string, name = "own.cedar"): void {
  writeFileSync(join(folder, name), lines);
}

const NAMED = '@id("own")\n@reason("because")\n';

test("the default policies are read, each with its name, its reason and its place", () => {
  const { policies } = readPolicies("rules/access");
  expect(policies.map(({ id }) => id)).toContain("nobody-approves-their-own");
  expect(policies.every(({ reason, at }) => reason !== "" && /^rules\/access\/[a-z-]+\.cedar:\d+$/.test(at))).toBe(
    true,
  );
});

test("the schema knows exactly the actions that questions are asked about", () => {
  const schema = readFileSync("rules/access/schema.cedarschema", "utf8");
  const known = [...schema.matchAll(/"([a-z]+\.[a-z]+)"/g)].map(([, action]) => action);
  expect(known.sort()).toEqual([...GOVERNED_ACTIONS].sort());
});

test.each([
  ["a syntax error", "\n\npermit (principal, action resource);", /^own\.cedar:3: /],
  [
    "an action that is none of ours",
    `${NAMED}permit (principal, action == Gatebook::Action::"pipeline.explode", resource);`,
    /^own\.cedar:3: .*pipeline\.explode/,
  ],
  [
    "a type that the schema does not have",
    `${NAMED}permit (principal is Gatebook::Robot, action, resource);`,
    /^own\.cedar:3: .*Robot/,
  ],
  [
    "an attribute that may not be there",
    `${NAMED}permit (principal, action, resource)\nwhen { context.address.isLoopback() };`,
    /^own\.cedar:4: .*address/,
  ],
  ["no name", "\npermit (principal, action, resource);", /^own\.cedar:2: has no name/],
  ["no reason", '@id("own")\npermit (principal, action, resource);', /^own\.cedar:1: own does not say why/],
  [
    "another's name",
    '@id("break-glass")\n@reason("because")\nforbid (principal, action, resource);',
    /^own\.cedar:1: break-glass is the name of the policy at break-glass\.cedar:2/,
  ],
  ["a template", `${NAMED}permit (principal == ?principal, action, resource);`, /^own\.cedar:1: is a template/],
  [
    "a condition that can never hold",
    `${NAMED}permit (principal, action, resource)\nwhen { false };`,
    /^own\.cedar:\d: /,
  ],
])("a policy with %s is refused with its line", (_, lines, message) => {
  add(lines);
  expect(problemsOf()).toMatch(message);
});

test("a policy further down in a file has its own line", () => {
  add(
    `${NAMED}permit (principal, action, resource);\n\n\n// Below.\n@id("other")\npermit (principal, action, resource);\n`,
  );
  expect(problemsOf()).toMatch(/^own\.cedar:7: other does not say why/);
});

test("a line is counted in text, whatever its letters take in bytes", () => {
  add(`// ÄÖÜ 日本語 ${"é".repeat(500)}\n${NAMED}permit (principal, action == Gatebook::Action::"no.such", resource);`);
  expect(problemsOf()).toMatch(/^own\.cedar:4: /);
});

test("a broken schema, a missing one, no policy at all and a file beyond reason are said", () => {
  add("namespace Gatebook {\n  entity ;\n}", "schema.cedarschema");
  expect(problemsOf()).toMatch(/^schema\.cedarschema:2: /);
  rmSync(join(folder, "schema.cedarschema"));
  expect(problemsOf()).toMatch(/^schema\.cedarschema: is missing/);
  add("x".repeat(300_000), "schema.cedarschema");
  expect(problemsOf()).toMatch(/is larger than/);
});

test("all mistakes are said at once", () => {
  add("permit (", "a.cedar");
  add("\nforbid (", "b.cedar");
  expect(
    problemsOf()
      .split("\n")
      .map((line) => line.slice(0, 8)),
  ).toEqual(["a.cedar:", "b.cedar:"]);
});
