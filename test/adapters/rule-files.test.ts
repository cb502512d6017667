/** Folders of rules: all that is wrong with them is said at once. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readRules, requireRules } from "../../lib/adapters/rule-files.ts";

const RULE = `title: A rule
id: 11111111-2222-4333-8444-555555555555
level: high
logsource: { product: aws, service: cloudtrail }
detection: { s: { a: x }, condition: s }
`;

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "gatebook-rules-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

test("every file of the folder and below it is read, with its plan", () => {
  const other = RULE.replace("11111111", "22222222");
  const { rules, plan } = requireRules(
    folderOf({ "one/rule.yml": RULE, "two/below/other.yaml": other, "notes.md": "x" }),
  );
  expect([rules.length, plan?.rules]).toEqual([2, 2]);
});

test("every problem of every file is said by file and line, and the rest can be read", () => {
  const folder = folderOf({
    "a.yml": RULE.replace("condition: s", "condition: t"),
    "b.yml": RULE,
    "c.yml": `${RULE}---\ntitle: [\n`,
    "d.yml": RULE.replace("a: x", "a|re: '(?=x)'").replace("11111111", "22222222"),
  });
  const message = String.raw`a\.yml:5: detection\.condition: "t" .*\n.*c\.yml:\d+: .*\n.*d\.yml:5: detection\.s\.a\|re: .*not supported`;
  expect(() => requireRules(folder)).toThrow(expect.objectContaining({ code: "RULE_INVALID" }));
  expect(() => requireRules(folder)).toThrow(new RegExp(message, "s"));
  const { set, problems } = readRules(folder);
  expect([set.rules.map(({ file }) => file), problems.length]).toEqual([[join(folder, "b.yml")], 3]);
});

test("a folder without a rule is refused", () => {
  expect(() => readRules(folderOf({ "notes.md": "x" }))).toThrow(/holds no rule/);
  expect(() => readRules("rules/nowhere")).toThrow(/there is no such folder/);
});
