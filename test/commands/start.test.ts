/** `gatebook start` and the verbs that talk to it, each in a process of its own. */
import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { idOf, nightEvent } from "../end-to-end/story.ts";
import { childrenOf, gatebook, isAlive, linesOf, ROOT, startGatebook, temporaryFolder } from "./gatebook.ts";

const EVENTS = join(ROOT, "test", "events");
const READY = /^ready (http:\/\/127\.0\.0\.1:\d+)$/m;
const CONFIG = ["--config", join(ROOT, "gatebook.yml")];

test("events are replayed into what runs, every one is accounted for, and Ctrl-C leaves nothing behind", async () => {
  const folder = await temporaryFolder();
  copyFileSync(join(EVENTS, "github", "push.json"), join(folder, "push.json"));
  copyFileSync(join(EVENTS, "github", "push.json"), join(folder, "push-again.json"));
  writeFileSync(join(folder, "broken.jsonl"), '{"eventName": \n{}\n');
  const running = startGatebook(["start", "--no-story", "--port", "0"], folder);
  const [, url = ""] = await running.until(READY);

  const replay = async (): Promise<[number | null, Record<string, unknown>[]]> => {
    const paths = [
      join(EVENTS, "story"),
      join(EVENTS, "github", "deploy-key-created.json"),
      join(folder, "push.json"),
      join(folder, "push-again.json"),
      join(folder, "broken.jsonl"),
    ];
    const { code, stdout } = await gatebook(["replay", ...paths, "--json", ...CONFIG], folder);
    return [code, linesOf(stdout)];
  };
  expect(await replay()).toMatchObject([2, [{ read: 40, recorded: 37, duplicates: 1, rejected: 2, missing: 0 }]]);
  expect(await replay()).toMatchObject([2, [{ read: 40, recorded: 0, duplicates: 38, rejected: 2, missing: 0 }]]);

  const search = async (...args: readonly string[]): Promise<unknown[]> => {
    const { code, stdout, stderr } = await gatebook(["search", ...args, "--json"], folder);
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^\d+ found in 37 entries of gatebook\./)]);
    return linesOf(stdout).map(
      (found) => (found["record"] as { event: { metadata: { uid: string } } }).event.metadata.uid,
    );
  };
  const EXECUTION = "3ceaaf30-8142-48ea-91d9-3080f9b439fc";
  expect(await search("--person", "ana@acme.example", "--finding", "high", "--since", "2026-11-01")).toEqual([
    "6d49c9d8-a620-4e8e-acba-2b799e3b3748",
    idOf(nightEvent()),
  ]);
  // The execution, its start and approval, and the push of its commit, which GitHub told.
  expect(await search("--trace", EXECUTION)).toHaveLength(17);
  const told = await gatebook(
    ["search", "--trace", "none", "--action", "credential.create", "--since", "2026-01-01"],
    folder,
  );
  expect(told.stdout).toMatch(
    /^\S+Z {2}credential\.create {2}deploy_key\.created\n {4}who {4}ana@acme\.example, github:analima\n/,
  );
  const components = await gatebook(["components", "--since", "2026-01-01", "--json", ...CONFIG], folder);
  expect(linesOf(components.stdout).map(({ kind, name, classified }) => [kind, name, classified])).toContainEqual([
    "deploy role",
    "arn:aws:iam::111122223333:role/shop-deploy",
    "deploy roles",
  ]);

  const [elsewhere, there, second, fresh] = await Promise.all([
    gatebook(["replay", folder, "--to", "http://127.0.0.1:1", ...CONFIG], folder),
    gatebook(["replay", join(folder, "push.json"), "--to", url, "--json", ...CONFIG], folder),
    gatebook(["start", "--port", "0"], folder),
    gatebook(["start", "--fresh"], folder),
  ]);
  expect([elsewhere.code, elsewhere.stderr]).toEqual([
    2,
    expect.stringContaining("no Gatebook of this folder runs at"),
  ]);
  expect([there.code, linesOf(there.stdout)]).toEqual([0, [expect.objectContaining({ duplicates: 1 })]]);
  const refusal = `gatebook: Gatebook runs here already, at ${url} as process ${running.pid}: use that one, or stop it first\n`;
  expect([second, fresh]).toEqual(Array(2).fill({ code: 2, stdout: "", stderr: refusal }));

  const children = await childrenOf(running.pid);
  expect(children.length).toBeGreaterThanOrEqual(4);
  running.interrupt();
  const { code, stderr } = await running.finished;
  expect([code, stderr]).toEqual([0, expect.stringMatching(/Stopping\n$/)]);
  expect(children.filter(isAlive)).toEqual([]);
  await expect(fetch(url)).rejects.toThrow();
});

test("Ctrl-C while the stack is synthesised stops as cleanly", async () => {
  const running = startGatebook(["start", "--port", "0"], await temporaryFolder());
  await running.untilSaid(/Synthesising/);
  const children = await childrenOf(running.pid);
  running.interrupt();
  const { code, stdout, stderr } = await running.finished;
  expect([code, stdout]).toEqual([0, ""]);
  expect(stderr).not.toMatch(/^ {4}at /m);
  expect(children.filter(isAlive)).toEqual([]);
});
