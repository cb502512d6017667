/** The commands of docs/evidence-format.md check an entry without our code, and refuse another one. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { memoryLogArchive } from "../../../lib/adapters/memory-log-archive.ts";
import { formatVerifierKey } from "../../../lib/core/evidence/verifier-key.ts";
import { proveEvent } from "../../../lib/core/verify/prove-event.ts";
import { recordLog } from "./recorded-log.ts";
import { signer } from "./tampering.ts";

const DOCUMENT = join(import.meta.dirname, "..", "..", "..", "docs", "evidence-format.md");

async function proofFolder(size: number, index: number): Promise<string> {
  const { versions } = await recordLog([size], signer);
  const { entry, proof } = await proveEvent(
    [{ shard: 0, log: memoryLogArchive(versions), key: signer.key }],
    `#${index}`,
  );
  const folder = await mkdtemp(join(tmpdir(), "gatebook-by-hand-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "event.json"), entry);
  await writeFile(join(folder, "event.tlog-proof"), proof);
  await writeFile(join(folder, "verifier-key"), `${formatVerifierKey(signer.key)}\n`);
  return folder;
}

async function checkByHand(cwd: string): Promise<string> {
  const blocks = [...(await readFile(DOCUMENT, "utf8")).matchAll(/```sh\n(.*?)```/gs)].map(([, block = ""]) => block);
  const script = blocks.find((block) => block.includes("openssl")) ?? "exit 3";
  return (await promisify(execFile)("sh", ["-c", script], { cwd })).stdout;
}

test.each([
  [1, 0],
  [7, 6],
  [257, 256],
  [300, 42],
])("in a log of %i, entry %i is found by hand", async (size, index) => {
  expect(await checkByHand(await proofFolder(size, index))).toMatch(/the entry is in the log\n$/);
});

test("another entry, and another key, are refused by hand", async () => {
  const folder = await proofFolder(7, 3);
  const entry = await readFile(join(folder, "event.json"));
  await writeFile(join(folder, "event.json"), Buffer.concat([entry, Buffer.of(32)]));
  await expect(checkByHand(folder)).rejects.toThrow();
  await writeFile(join(folder, "event.json"), entry);
  await checkByHand(folder);
  await writeFile(join(folder, "verifier-key"), `a+b+${Buffer.alloc(33, 1).toString("base64")}\n`);
  await expect(checkByHand(folder)).rejects.toThrow();
});
