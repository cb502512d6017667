/** The public checkpoint gets its witnesses' cosignatures, and a witness that is dead, slow or lying changes nothing. */
import { describe, expect, test } from "vitest";
import { memoryCheckpointStore, memoryLogSource } from "../../../lib/adapters/memory-log-stores.ts";
import { GatebookError } from "../../../lib/core/errors.ts";
import { cosign } from "../../../lib/core/evidence/cosignature.ts";
import { openCheckpoint } from "../../../lib/core/evidence/signed-checkpoint.ts";
import { formatNote, formatSignatureLine, parseNote } from "../../../lib/core/evidence/signed-note.ts";
import { createCosigner } from "../../../lib/core/witness/collect-cosignatures.ts";
import type { Witness, WitnessAnswer, WitnessClient } from "../../../lib/core/witness/witness-client.ts";
import { storedDecimals } from "../evidence/decimal-source.ts";
import { treeOf } from "../evidence/decimal-trees.ts";
import { logSigner, testSigner, witnessSigner } from "../evidence/test-signers.ts";
import { checkpointOf, clientOf, createWitness, NOW, OTHER_ROOT } from "./witness-world.ts";

const SECOND = testSigner("witness.example/w2", Buffer.alloc(32, 8), "cosignature/v1");
const W1: Witness = { url: "https://w1.example/", key: witnessSigner.key };
const W2: Witness = { url: "https://w2.example/", key: SECOND.key };

/** A log that grows, its public checkpoints, and clients by the witnesses' URLs. */
function createLog(clients: Readonly<Record<string, WitnessClient>>, witnesses: readonly Witness[] = [W1]) {
  const history: Uint8Array[] = [];
  const objects = new Map<string, Uint8Array>();
  const checkpoints = memoryCheckpointStore(history);
  const client: WitnessClient = {
    async addCheckpoint(url, request) {
      const found = clients[url];
      if (found === undefined) throw new GatebookError("UNAVAILABLE", `${url} does not answer`);
      return found.addCheckpoint(url, request);
    },
  };
  const world = { log: memoryLogSource(objects), checkpoints, witnesses, client };
  const collect = createCosigner(world);
  return {
    world,
    history,
    collect: () => collect(logSigner.key),
    async publish(size: number) {
      for (const [path, bytes] of storedDecimals(size).objects) objects.set(path, bytes);
      history.push(await checkpointOf(treeOf(size)));
    },
    signers: () =>
      openCheckpoint(history.at(-1) ?? Buffer.of(), logSigner.key, [W1.key, W2.key]).cosigned.map(
        ({ witness: { name } }) => name,
      ),
  };
}

describe("a witness that answers", () => {
  test("is on every checkpoint, and asked once for each", async () => {
    const client = clientOf(createWitness());
    const log = createLog({ [W1.url]: client });
    for (const [i, size] of [1, 2, 256, 300, 1000].entries()) {
      await log.publish(size);
      expect(await log.collect()).toEqual({ outcome: "collected", size, missing: [] });
      expect(await log.collect()).toEqual({ outcome: "complete", size, missing: [] });
      expect([log.signers(), client.asked()]).toEqual([[W1.key.name], i + 1]);
    }
  });

  test("is asked twice by a log that forgot what it cosigned last", async () => {
    const witness = createWitness();
    await witness.add(0, 200);
    const client = clientOf(witness);
    const log = createLog({ [W1.url]: client });
    await log.publish(300);
    expect(await log.collect()).toMatchObject({ outcome: "collected", missing: [] });
    expect([log.signers(), client.asked()]).toEqual([[W1.key.name], 2]);
  });

  test("finds a log whose process died before the put at the same size again", async () => {
    const log = createLog({ [W1.url]: clientOf(createWitness()) });
    await log.publish(5);
    const dying = createCosigner({
      ...log.world,
      checkpoints: { read: log.world.checkpoints.read, replace: async () => Promise.reject(new Error("is gone")) },
    });
    await expect(dying(logSigner.key)).rejects.toThrow("is gone");
    expect(await log.collect()).toMatchObject({ outcome: "collected", missing: [] });
    expect(log.signers()).toEqual([W1.key.name]);
  });
});

test("before anything is public, nobody is asked", async () => {
  const log = createLog({});
  expect(await log.collect()).toEqual({ outcome: "empty", size: 0, missing: [] });
});

test("a checkpoint that another publisher replaced meanwhile stays, without what was collected for the one before", async () => {
  const client = clientOf(createWitness());
  const log = createLog({
    [W1.url]: {
      async addCheckpoint(url, request) {
        if (log.history.length === 1) await log.publish(9);
        return client.addCheckpoint(url, request);
      },
    },
  });
  await log.publish(5);
  expect(await log.collect()).toEqual({ outcome: "overtaken", size: 5, missing: [] });
  expect([log.history.length, log.signers()]).toEqual([2, []]);
  expect(await log.collect()).toMatchObject({ outcome: "collected", size: 9, missing: [] });
});

test("witnesses are asked at once, and what one lacks the other gives", async () => {
  const second = clientOf(createWitness(undefined, SECOND));
  const clients: Record<string, WitnessClient> = { [W2.url]: second };
  const log = createLog(clients, [W1, W2]);
  await log.publish(5);
  expect(await log.collect()).toEqual({
    outcome: "collected",
    size: 5,
    missing: [{ witness: W1.key.name, reason: "https://w1.example/ does not answer" }],
  });
  expect(log.signers()).toEqual([W2.key.name]);
  // Back again, it is asked alone.
  clients[W1.url] = clientOf(createWitness());
  expect(await log.collect()).toEqual({ outcome: "collected", size: 5, missing: [] });
  expect([log.signers().sort(), second.asked()]).toEqual([[W1.key.name, W2.key.name], 1]);
});

test("signatures of nobody who is configured go, and a cosignature that does not verify is replaced", async () => {
  const log = createLog({ [W1.url]: clientOf(createWitness()) });
  await log.publish(5);
  const { text, signatures } = parseNote(log.history.pop() ?? Buffer.of());
  const foreign = await cosign(text, SECOND, NOW);
  const wrong = await cosign(`${text}more\n`, witnessSigner, NOW);
  log.history.push(formatNote({ text, signatures: [wrong, ...signatures, foreign] }));
  expect(await log.collect()).toMatchObject({ outcome: "collected", missing: [] });
  const names = parseNote(log.history.at(-1) ?? Buffer.of()).signatures.map(({ name }) => name);
  expect(names).toEqual([logSigner.key.name, W1.key.name]);
  expect(log.signers()).toEqual([W1.key.name]);
});

test("a checkpoint that the log did not sign is shown to nobody", async () => {
  const client = clientOf(createWitness());
  const log = createLog({ [W1.url]: client });
  log.history.push(await checkpointOf(treeOf(5), testSigner(logSigner.key.name, Buffer.alloc(32, 4))));
  await expect(log.collect()).rejects.toMatchObject({ code: "NOT_VERIFIED" });
  expect(client.asked()).toBe(0);
});

type Answer = Partial<Omit<WitnessAnswer, "body">> & { readonly body?: string | Uint8Array };
const text = async (size: number) => parseNote(await checkpointOf(treeOf(size))).text;
const lineOf = async (size: number, signer = witnessSigner) =>
  formatSignatureLine(await cosign(await text(size), signer, NOW));
const sized = (body: string): Answer => ({ status: 409, type: "text/x.tlog.size", body });

/** To the checkpoint of 5 entries. */
const LIES: readonly (readonly [what: string, answer: () => Answer | Promise<Answer>, reason: RegExp])[] = [
  ["says nothing", () => ({}), /signature lines/],
  ["answers with a page", () => ({ body: "<html>\n\n— hello world" }), /signature lines/],
  ["answers with bytes", () => ({ body: Buffer.of(0xff, 0xfe, 0x0a) }), /signature lines/],
  ["answers with an endless line", () => ({ body: `— ${"a".repeat(300_000)}` }), /signature lines/],
  ["signs with another key", async () => ({ body: await lineOf(5, SECOND) }), /does not sign with the key/],
  ["signs another size", async () => ({ body: await lineOf(4) }), /does not verify/],
  ["signs rightly and wrongly", async () => ({ body: (await lineOf(5)) + (await lineOf(4)) }), /does not verify/],
  ["puts more into the text", async () => ({ body: `x\n\n${await lineOf(5)}` }), /signature lines/],
  ["ends without a newline", async () => ({ body: (await lineOf(5)).trimEnd() }), /signature lines/],
  ["refuses", () => ({ status: 403 }), /answers 403/],
  ["does not know the log", () => ({ status: 404 }), /answers 404/],
  ["is broken", () => ({ status: 500 }), /answers 500/],
  ["signs and refuses", async () => ({ status: 400, body: await lineOf(5) }), /answers 400/],
  ["does not believe the proof", () => ({ status: 422 }), /another history/],
  ["knows another root", () => ({ status: 409, type: "application/problem+json" }), /another history/],
  ["has seen more", () => sized("6\n"), /set back, or the witness lies/],
  ["has seen more than can be", () => sized(`${"9".repeat(20)}\n`), /does not say which size/],
  ["has seen less than nothing", () => sized("-1\n"), /does not say which size/],
  ["names no size", () => sized("\n"), /does not say which size/],
  ["names a size and more", () => sized("3\n4\n"), /does not say which size/],
  ["asks for what it was given", () => sized("0\n"), /another history/],
];

describe.each(LIES)("a witness that %s", (_, answer, reason) => {
  test("changes nothing but a line of the log, and is not asked for ever", async () => {
    let asked = 0;
    const liar: WitnessClient = {
      async addCheckpoint() {
        asked += 1;
        const { status = 200, type = "text/plain", body = "" } = await answer();
        return { status, type, body: Buffer.from(body) };
      },
    };
    const log = createLog({ [W1.url]: liar, [W2.url]: clientOf(createWitness(undefined, SECOND)) }, [W1, W2]);
    await log.publish(5);
    expect(await log.collect()).toEqual({
      outcome: "collected",
      size: 5,
      missing: [{ witness: W1.key.name, reason: expect.stringMatching(reason) }],
    });
    expect([log.signers(), asked]).toEqual([[W2.key.name], 1]);
  });
});

test("a witness that asks for one size after another is asked twice", async () => {
  let asked = 0;
  const liar: WitnessClient = {
    async addCheckpoint() {
      asked += 1;
      return { status: 409, type: "text/x.tlog.size", body: Buffer.from(`${asked}\n`) };
    },
  };
  const log = createLog({ [W1.url]: liar });
  await log.publish(5);
  expect((await log.collect()).missing).toEqual([
    { witness: W1.key.name, reason: expect.stringMatching(/and now for 2$/) },
  ]);
  expect([asked, log.history.length]).toEqual([2, 1]);
});

test("a witness that cosigned another history is not argued with: fork and rollback come to light", async () => {
  const forked = createWitness();
  const note = await checkpointOf({ size: 3, root: OTHER_ROOT });
  await forked.ask(Buffer.concat([Buffer.from("old 0\n\n"), note]));
  const rolledBack = createWitness(undefined, SECOND);
  await rolledBack.add(0, 9);
  const log = createLog({ [W1.url]: clientOf(forked), [W2.url]: clientOf(rolledBack) }, [W1, W2]);
  await log.publish(5);
  const { missing } = await log.collect();
  expect(missing.map(({ reason }) => reason)).toEqual([
    expect.stringMatching(/answers 422 to the growth from 3 to 5 entries/),
    expect.stringMatching(/has cosigned 9 entries, and the public checkpoint has 5/),
  ]);
  expect(log.history).toHaveLength(1);
});
