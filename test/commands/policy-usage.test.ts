/** `gatebook policy` where it cannot do what was asked. */
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EXAMPLE, layOut, policyIn } from "./policy-folder.ts";

describe("exit code 2 and a word on what to do", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "gatebook-policy-"));
    layOut(folder, EXAMPLE);
    mkdirSync(join(folder, "empty"));
    cpSync(join(folder, "rules/access"), join(folder, "broken"), { recursive: true });
    writeFileSync(join(folder, "broken/own.cedar"), "\npermit (everybody);\n");
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.concurrent.each([
    ["an event where nothing runs", ["explain", "#1"], /no Gatebook runs here: start one with 'npm start'/],
    ["the past where nothing runs", ["check"], /no Gatebook runs here: start one with 'npm start'/],
    ["a past that is not there", ["check", "nowhere"], /nowhere: there is no such file or folder/],
    ["a past without events", ["check", "empty"], /there is no event to compare the policy with: name other files/],
    ["a time that is none", ["check", "--since", "soon"], /Give 24h, 7d, 30m, or a time/],
    ["a side that is not there", ["diff", "gatebook.yml", "nowhere"], /nowhere: there is no such file or folder/],
    ["a folder without policies", ["diff", "gatebook.yml", "empty"], /empty\/schema\.cedarschema: is missing/],
    ["policies that are not there", ["test", "--policies", "nowhere"], /nowhere\/schema\.cedarschema: is missing/],
    ["a configuration that is not there", ["check", "--config", "no.yml"], /no\.yml: cannot be read/],
    ["a policy that is none", ["test", "--policies", "broken"], /broken\/own\.cedar:2: /],
    ["one side alone", ["diff", "gatebook.yml"], /missing required argument 'new'/],
  ])("for %s", async (_, args, message) => {
    const { code, stdout, stderr } = await policyIn(folder)(...args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ {4}at /m);
  });
});
