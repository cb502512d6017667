/** Our witness cosigns growth and nothing else, by the specification's own table of answers. */
import { describe, expect, test } from "vitest";
import { checkCosignature } from "../../../lib/core/evidence/cosignature.ts";
import { signCheckpoint } from "../../../lib/core/evidence/signed-checkpoint.ts";
import { formatNote, parseNote } from "../../../lib/core/evidence/signed-note.ts";
import { addCheckpoint } from "../../../lib/core/witness/add-checkpoint.ts";
import { formatAddCheckpointRequest } from "../../../lib/core/witness/add-checkpoint-request.ts";
import { witnessReply } from "../../../lib/core/witness/witness-reply.ts";
import { treeOf } from "../evidence/decimal-trees.ts";
import { LOG_NAME, logSigner, testSigner, VECTORS, witnessSigner } from "../evidence/test-signers.ts";
import { checkpointOf, createWitness, NOW, OTHER_ROOT, requestFor } from "./witness-world.ts";

const OTHER_LOG = testSigner("example.com/other", Buffer.alloc(32, 3));
const THIEF = testSigner(LOG_NAME, Buffer.alloc(32, 4));
const forked = (size: number) => checkpointOf({ size, root: OTHER_ROOT });

describe("a log that grows", () => {
  test("is cosigned at each size, and each is stored with the log's own signature", async () => {
    const witness = createWitness();
    let last = 0;
    for (const size of [1, 2, 3, 255, 256, 257, 1000, 2000]) {
      expect(await witness.add(last, size)).toMatchObject({ outcome: "cosigned", size });
      expect(witness.last()).toEqual({ ...treeOf(size), note: await checkpointOf(treeOf(size)) });
      last = size;
    }
  });

  test("gets one line, with the time of the request, that verifies over the checkpoint's text", async () => {
    const answer = await createWitness().add(0, 7);
    if (answer.outcome !== "cosigned") throw new Error(answer.outcome);
    expect(answer.line).toMatch(/^— witness\.example\/w1 [A-Za-z0-9+/]+=*\n$/);
    const { text } = parseNote(await checkpointOf(treeOf(7)));
    const [signature] = parseNote(Buffer.from(`${text}\n${answer.line}`)).signatures;
    const time = checkCosignature(text, witnessSigner.key, signature?.signature ?? Buffer.of());
    expect(time).toBe(NOW - 999);
    expect(witnessReply(answer)).toEqual({
      statusCode: 200,
      headers: { "content-type": "text/plain; charset=utf-8" },
      body: answer.line,
    });
  });

  test("is cosigned again at the same size, with an empty proof", async () => {
    const witness = createWitness();
    await witness.add(0, 7);
    expect(await witness.add(7, 7)).toMatchObject({ outcome: "cosigned", size: 7 });
  });

  test("may bring signatures of others, which are not kept", async () => {
    const witness = createWitness();
    const { text, signatures } = parseNote(await checkpointOf(treeOf(3)));
    const theirs = { name: "someone.example", keyId: "01020304", signature: Buffer.alloc(64) };
    const note = formatNote({ text, signatures: [theirs, ...signatures] });
    expect(await witness.ask(formatAddCheckpointRequest({ oldSize: 0, proof: [], note }))).toMatchObject({
      outcome: "cosigned",
    });
    expect(parseNote(witness.last()?.note ?? Buffer.of()).signatures).toEqual(signatures);
  });

  test("may be the empty one, and have an extension line, which is cosigned with the rest", async () => {
    const witness = createWitness();
    expect(await witness.add(0, 0)).toMatchObject({ outcome: "cosigned", size: 0 });
    const text = `${parseNote(await checkpointOf(treeOf(4))).text}more\n`;
    const signature = await logSigner.sign(Buffer.from(text));
    const { name, keyId } = logSigner.key;
    const note = formatNote({ text, signatures: [{ name, keyId, signature }] });
    const answer = await witness.ask(formatAddCheckpointRequest({ oldSize: 0, proof: [], note }));
    if (answer.outcome !== "cosigned") throw new Error(answer.outcome);
    const [cosignature] = parseNote(Buffer.from(`${text}\n${answer.line}`)).signatures;
    expect(() => checkCosignature(text, witnessSigner.key, cosignature?.signature ?? Buffer.of())).not.toThrow();
  });

  test("may be checked against golang.org/x/mod's own proof", async () => {
    const witness = createWitness();
    await witness.add(0, 1000);
    const proof = VECTORS.consistency_1000_to_70000;
    const note = Buffer.from(VECTORS.checkpoint_70000);
    expect(await witness.ask(formatAddCheckpointRequest({ oldSize: 1000, proof, note }))).toMatchObject({
      outcome: "cosigned",
      size: 70_000,
    });
  });
});

/** At 7 entries. */
async function refusal(request: Uint8Array | Promise<Uint8Array>) {
  const witness = createWitness();
  await witness.add(0, 7);
  const answer = await witness.ask(await request);
  const { statusCode, headers, body } = witnessReply(answer);
  expect(witness.lastSize()).toBe(7);
  return { outcome: answer.outcome, status: statusCode, type: headers["content-type"], body, answer };
}

describe("refuses", () => {
  test("a log that it does not know, with 404", async () => {
    const note = await signCheckpoint({ origin: OTHER_LOG.key.name, ...treeOf(9) }, OTHER_LOG);
    expect(await refusal(formatAddCheckpointRequest({ oldSize: 7, proof: [], note }))).toMatchObject({ status: 404 });
  });

  test("a checkpoint that another key of the same name signed, with 403", async () => {
    const note = await checkpointOf(treeOf(9), THIEF);
    expect(await refusal(formatAddCheckpointRequest({ oldSize: 7, proof: [], note }))).toMatchObject({ status: 403 });
  });

  test("a checkpoint whose signature is another text's, with 403", async () => {
    const { signatures } = parseNote(await checkpointOf(treeOf(9)));
    const note = formatNote({ text: parseNote(await forked(9)).text, signatures });
    expect(await refusal(formatAddCheckpointRequest({ oldSize: 7, proof: [], note }))).toMatchObject({ status: 403 });
  });

  test("an old size over the checkpoint's, with 400", async () => {
    const note = await checkpointOf(treeOf(5));
    expect(await refusal(formatAddCheckpointRequest({ oldSize: 7, proof: [], note }))).toMatchObject({ status: 400 });
  });

  test.each([
    [0, 9],
    [6, 9],
    [8, 9],
    [0, 3],
    [3, 3],
  ])("an old size of %i, up to %i entries, with 409 and the size that it has", async (oldSize, size) => {
    expect(await refusal(requestFor(oldSize, size))).toMatchObject({
      outcome: "other-size",
      status: 409,
      type: "text/x.tlog.size",
      body: "7\n",
    });
  });

  test("a proof that does not hold, with 422, and keeps both checkpoints", async () => {
    const note = await forked(9);
    const { status, answer } = await refusal(formatAddCheckpointRequest({ oldSize: 7, proof: [OTHER_ROOT], note }));
    expect(status).toBe(422);
    expect(answer).toMatchObject({
      outcome: "not-proved",
      size: 7,
      contradiction: { before: (await checkpointOf(treeOf(7))).toString(), now: note.toString() },
    });
  });

  test("a proof with one hash too many or too few, with 422", async () => {
    const note = await checkpointOf(treeOf(9));
    for (const proof of [[], Array.from({ length: 63 }, () => OTHER_ROOT)]) {
      expect(await refusal(formatAddCheckpointRequest({ oldSize: 7, proof, note }))).toMatchObject({ status: 422 });
    }
  });

  test.each([7, 0, 3])(
    "another root at the same size with 409, from whatever size it says, such as %i",
    async (oldSize) => {
      const note = await forked(7);
      const { outcome, status } = await refusal(formatAddCheckpointRequest({ oldSize, proof: [], note }));
      expect([outcome, status]).toEqual(["forked", 409]);
    },
  );

  test("more text than its key can sign, with 400", async () => {
    const text = `${parseNote(await checkpointOf(treeOf(9))).text}${"x".repeat(4_000)}\n`;
    const { name, keyId } = logSigner.key;
    const signatures = [{ name, keyId, signature: await logSigner.sign(Buffer.from(text)) }];
    const note = formatNote({ text, signatures });
    expect(await refusal(formatAddCheckpointRequest({ oldSize: 7, proof: [], note }))).toMatchObject({ status: 400 });
  });
});

test("at first, only an empty proof is taken, and for the empty tree only its own root", async () => {
  const witness = createWitness();
  const note = await checkpointOf(treeOf(3));
  const withProof = formatAddCheckpointRequest({ oldSize: 0, proof: [OTHER_ROOT], note });
  expect((await witness.ask(withProof)).outcome).toBe("not-proved");
  const empty = formatAddCheckpointRequest({ oldSize: 0, proof: [], note: await forked(0) });
  expect((await witness.ask(empty)).outcome).toBe("forked");
  expect(witness.last()).toBeUndefined();
});

test("a log that changes its key is known by either", async () => {
  const logs = [logSigner, THIEF].map(({ key }) => ({ origin: LOG_NAME, key }));
  for (const signer of [logSigner, THIEF]) {
    const { ask } = createWitness();
    expect((await ask(await requestFor(0, 1))).outcome).toBe("cosigned");
    const note = await checkpointOf(treeOf(3), signer);
    const request = formatAddCheckpointRequest({ oldSize: 0, proof: [], note });
    const world = { logs, store: { read: async () => undefined, replace: async () => undefined } };
    const answer = await addCheckpoint(request, { ...world, signer: witnessSigner, now: () => NOW });
    expect(answer.outcome).toBe("cosigned");
  }
});
