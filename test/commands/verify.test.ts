/** `verify` and `prove` as users run them, over a folder that was pulled. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderLogCopy } from "../../lib/adapters/folder-log-archive.ts";
import { memoryLogArchive } from "../../lib/adapters/memory-log-archive.ts";
import { formatVerifierKey } from "../../lib/core/evidence/verifier-key.ts";
import { pullLog } from "../../lib/core/verify/pull-log.ts";
import { recordLog } from "../core/verify/recorded-log.ts";
import { signer } from "../core/verify/tampering.ts";
import { gatebook, linesOf, temporaryFolder } from "./gatebook.ts";

const KEY = formatVerifierKey(signer.key);

async function pulledLog(): Promise<string> {
  const { versions } = await recordLog([100, 300], signer);
  const folder = await temporaryFolder();
  await pullLog(memoryLogArchive(versions), folderLogCopy(folder));
  return folder;
}

test("a log that is right ends with 0 and a summary of what was checked and what was not", async () => {
  const folder = await pulledLog();
  const { code, stdout } = await gatebook(["verify", folder, "--key", KEY]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^verified: evidence\.example\/acme\/0\n {2}entries {6}300, with 3 payloads/);
  expect(stdout).toMatch(/not checked {2}whether every entry is an audit record/);

  await writeFile(join(folder, "verifier-key"), `${KEY}\n`);
  const [outcome] = linesOf((await gatebook(["verify", folder, "--json", "--records"])).stdout);
  expect(outcome).toMatchObject({ outcome: "verified", size: 300, checkpoints: 3 });
  expect(outcome?.["notChecked"]).toEqual([expect.stringMatching(/^who signed: the key came with the evidence/)]);
});

test("a log that was changed ends with 1 and a sentence", async () => {
  const folder = await pulledLog();
  const bundle = join(folder, "tile/entries/000");
  const bytes = await readFile(bundle);
  await writeFile(bundle, bytes.with(700, (bytes[700] ?? 0) ^ 1));
  const { code, stdout, stderr } = await gatebook(["verify", folder, "--key", KEY, "--json"]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^gatebook: entry \d in tile\/entries\/000 hashes to .* That means: .*\.\n$/);
  expect(linesOf(stdout)).toEqual([{ outcome: "not-verified", problem: expect.stringMatching(/^entry \d in/) }]);
});

test("a proof is made from the folder and checked offline, and not for another entry", async () => {
  const folder = await pulledLog();
  const made = await gatebook(["prove", "event-42", "--from", folder, "--out", folder, "--key", KEY, "--json"]);
  const proof = join(folder, "event-42.tlog-proof");
  const entry = join(folder, "event-42.json");
  expect(linesOf(made.stdout)).toEqual([{ index: 42, uid: "event-42", size: 300, entry, proof, key: KEY }]);
  const checked = await gatebook(["verify", "--proof", proof, "--entry", entry, "--key", KEY]);
  expect([checked.code, checked.stdout]).toEqual([
    0,
    expect.stringMatching(/is entry 42 of evidence\.example\/acme\/0/),
  ]);
  await writeFile(entry, (await readFile(entry, "utf8")).replace("event-42", "event-43"));
  const refused = await gatebook(["verify", "--proof", proof, "--entry", entry, "--key", KEY]);
  expect([refused.code, refused.stdout]).toEqual([1, ""]);
  expect(refused.stderr).toMatch(/does not lead from entry 42 to the root/);
});

test.each([
  ["no place", ["verify"], /name the folder or the URL/],
  ["a folder that is not there", ["verify", "nowhere", "--key", KEY], /nowhere: there is no such folder/],
  ["no key anywhere", ["verify", "test"], /give the log's key with --key/],
  ["a key that is none", ["verify", "test", "--key", "a+b+c"], /the verifier key/],
  ["a proof without its entry", ["verify", "--proof", "x", "--key", KEY], /--proof takes --entry and --key/],
])("%s is a mistake of usage", async (_, args, message) => {
  const { code, stdout, stderr } = await gatebook(args);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(message);
});
