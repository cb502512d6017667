/** `bin/app.ts` as the CDK runs it: a process that says where a mistake is, and needs neither account nor network. */
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { OWN_CONFIGURATION, ROOT } from "./synthesised-stack.ts";

const SELF_APPROVED = "rules/detections/approval-by-starter/rule.yml";
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** A folder such as a user's: gatebook.yml and rules of its own. */
function createFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "gatebook-app-"));
  folders.push(folder);
  cpSync(join(ROOT, "rules"), join(folder, "rules"), { recursive: true });
  writeFileSync(join(folder, "gatebook.yml"), OWN_CONFIGURATION);
  return folder;
}

/** Nothing but PATH in the environment: no account, no credentials, no home. */
function synthesiseIn(folder: string): SpawnSyncReturns<string> {
  const PATH = [dirname(process.execPath), process.env["PATH"]].join(":");
  return spawnSync(process.execPath, [join(ROOT, "bin/app.ts")], {
    cwd: folder,
    env: { PATH, CDK_OUTDIR: join(folder, "cdk.out") },
    encoding: "utf8",
  });
}

describe("a mistake is told with file, line and key, without a stack trace", () => {
  const expectRefusal = ({ status, stderr }: SpawnSyncReturns<string>, message: RegExp): void => {
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(status).toBe(1);
  };

  test("in gatebook.yml: a value", () => {
    const folder = createFolder();
    const line = OWN_CONFIGURATION.split("\n").findIndex((text) => text.includes("keyMaxAgeDays:")) + 1;
    writeFileSync(join(folder, "gatebook.yml"), OWN_CONFIGURATION.replace("keyMaxAgeDays: 90", "keyMaxAgeDays: soon"));
    expectRefusal(synthesiseIn(folder), new RegExp(`^gatebook\\.yml:${line}: review\\.keyMaxAgeDays: `, "m"));
    expect(existsSync(join(folder, "cdk.out/Gatebook.template.json"))).toBe(false);
  });

  test("in gatebook.yml: a suppression of a rule that is not there", () => {
    const folder = createFolder();
    const line = OWN_CONFIGURATION.split("\n").indexOf("alerts:") + 2;
    const suppression = '{ rule: No such rule, owner: bo@acme.example, reason: "x", until: 2026-12-31 }';
    const changed = OWN_CONFIGURATION.replace("alerts:\n", `alerts:\n  suppressions: [${suppression}]\n`);
    writeFileSync(join(folder, "gatebook.yml"), changed);
    const message = `^gatebook\\.yml:${line}: alerts\\.suppressions\\[0\\]\\.rule: No such rule is neither`;
    expectRefusal(synthesiseIn(folder), new RegExp(message, "m"));
  });

  test("in gatebook.yml: a key", () => {
    const folder = createFolder();
    writeFileSync(join(folder, "gatebook.yml"), `${OWN_CONFIGURATION}\nretention: 1\n`);
    expectRefusal(synthesiseIn(folder), /^gatebook\.yml:\d+: retention: is not a key/m);
  });

  test("in gatebook.yml: not YAML", () => {
    const folder = createFolder();
    writeFileSync(join(folder, "gatebook.yml"), "organisation: [acme\n");
    expectRefusal(synthesiseIn(folder), /^gatebook\.yml:\d+: /m);
  });

  test("that gatebook.yml is not there", () => {
    const folder = createFolder();
    rmSync(join(folder, "gatebook.yml"));
    expectRefusal(synthesiseIn(folder), /^gatebook\.yml: is missing; /m);
  });

  test("in gatebook.yml: a role on a project that no policy names", () => {
    const folder = createFolder();
    const line = OWN_CONFIGURATION.split("\n").indexOf("    roles:") + 2;
    writeFileSync(join(folder, "gatebook.yml"), OWN_CONFIGURATION.replace("      developer:", "      devloper:"));
    const message = `^gatebook\\.yml:${line}: projects\\.shop\\.roles\\.devloper: no policy of rules/access speaks about`;
    expectRefusal(synthesiseIn(folder), new RegExp(message, "m"));
  });

  test("in a policy: its syntax, and then an action that is none of ours", () => {
    const folder = createFolder();
    const file = join(folder, "rules/access/own.cedar");
    const named = '@id("own")\n@reason("because")\npermit (principal, action ACTION, resource);\n';
    writeFileSync(file, named.replace("ACTION", "is what"));
    expectRefusal(synthesiseIn(folder), /^rules\/access\/own\.cedar:3: /m);
    writeFileSync(file, named.replace("ACTION", '== Gatebook::Action::"pipeline.explode"'));
    expectRefusal(synthesiseIn(folder), /^rules\/access\/own\.cedar:3: .*pipeline\.explode/m);
    expect(existsSync(join(folder, "cdk.out/Gatebook.template.json"))).toBe(false);
  });

  test("in a rule: a policy that is not there, whose denials it says it reports", () => {
    const folder = createFolder();
    const file = join(folder, SELF_APPROVED);
    const text = readFileSync(file, "utf8")
      .replace(/^policies:.*\n(?: .*\n)*/m, "")
      .trimEnd();
    writeFileSync(file, `${text}\npolicies: [nobody-approves]\n`);
    const line = text.split("\n").length + 1;
    const message = `approval-by-starter/rule\\.yml:${line}: policies\\.0: no access policy has the id nobody-approves`;
    expectRefusal(synthesiseIn(folder), new RegExp(message, "m"));
  });

  test("in a rule", () => {
    const folder = createFolder();
    const file = join(folder, SELF_APPROVED);
    writeFileSync(file, readFileSync(file, "utf8").replace(/condition: .*/, "condition: all of nothing of"));
    expectRefusal(synthesiseIn(folder), /^rules\/detections\/.*\/rule\.yml:\d+: /m);
  });
});

test("the stack is synthesised with neither account, credentials nor home, and each function has its settings", () => {
  const folder = createFolder();
  const { status, stderr } = synthesiseIn(folder);
  expect(stderr).not.toMatch(/error/i);
  expect(status).toBe(0);
  const out = join(folder, "cdk.out");
  const { files } = JSON.parse(readFileSync(join(out, "Gatebook.assets.json"), "utf8"));
  const sources = Object.values<{ source: { path: string; packaging: string } }>(files)
    .filter(({ source }) => source.packaging === "zip")
    .map(({ source }) => join(out, source.path));
  expect(sources).toHaveLength(19);
  for (const source of sources) expect(existsSync(join(source, "index.mjs"))).toBe(true);
  // All but receive, which knows nothing of people and rules.
  expect(sources.filter((source) => existsSync(join(source, "settings.json")))).toHaveLength(14);
  expect(existsSync(join(out, "Gatebook.template.json"))).toBe(true);
});
