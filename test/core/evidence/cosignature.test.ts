/** Cosignatures of witnesses, and those that are not theirs. */
import { createPublicKey, verify } from "node:crypto";
import { describe, expect, test } from "vitest";
import { checkCosignature, cosign } from "../../../lib/core/evidence/cosignature.ts";
import { openCheckpoint } from "../../../lib/core/evidence/signed-checkpoint.ts";
import { formatNote, formatSignatureLine, parseNote } from "../../../lib/core/evidence/signed-note.ts";
import { SPKI_PREFIX } from "../../../lib/core/evidence/verifier-key.ts";
import { flippedBits, outcomeOf } from "./hostile-bytes.ts";
import { logSigner, testSigner, VECTORS, witnessSigner } from "./test-signers.ts";

const notVerified = expect.objectContaining({ code: "NOT_VERIFIED" });

const NOW = 1_679_315_147_999;
const NOW_SECONDS = 1_679_315_147;
const SIGNED = Buffer.from(VECTORS.checkpoint_70000);
const { text: TEXT, signatures: LOG_SIGNATURES } = parseNote(SIGNED);
const log = logSigner.key;
const witness = witnessSigner.key;

async function cosigned(now = NOW): Promise<Buffer> {
  return formatNote({ text: TEXT, signatures: [...LOG_SIGNATURES, await cosign(TEXT, witnessSigner, now)] });
}

describe("a cosignature", () => {
  test("is the time in seconds, eight bytes with the high one first, and Ed25519 over header, time and checkpoint", async () => {
    const { name, keyId, signature } = await cosign(TEXT, witnessSigner, NOW);
    expect({ name, keyId }).toEqual({ name: witness.name, keyId: witness.keyId });
    expect(signature).toHaveLength(72);
    expect(Buffer.from(signature).readBigUInt64BE()).toBe(BigInt(NOW_SECONDS));
    const spki = Buffer.concat([SPKI_PREFIX, witness.publicKey]);
    const publicKey = createPublicKey({ key: spki, format: "der", type: "spki" });
    const message = Buffer.from(`cosignature/v1\ntime ${NOW_SECONDS}\n${TEXT}`);
    expect(verify(null, message, publicKey, signature.subarray(8))).toBe(true);
  });

  test("opens with the checkpoint and says when", async () => {
    const opened = openCheckpoint(await cosigned(), log, [witness]);
    expect(opened.cosigned).toEqual([{ witness, time: NOW_SECONDS * 1000 }]);
  });

  test("is passed over where nobody asks for its witness", async () => {
    expect(openCheckpoint(await cosigned(), log).cosigned).toEqual([]);
  });

  test("may come as the line that a witness answers with", async () => {
    const line = formatSignatureLine(await cosign(TEXT, witnessSigner, NOW));
    expect(openCheckpoint(Buffer.concat([SIGNED, Buffer.from(line)]), log, [witness]).cosigned).toHaveLength(1);
  });

  test("covers extension lines", async () => {
    const { signature } = await cosign(`${TEXT}more\n`, witnessSigner, NOW);
    expect(checkCosignature(`${TEXT}more\n`, witness, signature)).toBe(NOW_SECONDS * 1000);
    expect(() => checkCosignature(TEXT, witness, signature)).toThrow(notVerified);
  });

  test.each([0, 999, 8_640_000_000_000_000])("holds the time %i", async (now) => {
    const { signature } = await cosign(TEXT, witnessSigner, now);
    expect(checkCosignature(TEXT, witness, signature)).toBe(now - (now % 1000));
  });
});

describe("does not open", () => {
  test("a cosignature alone: the log itself must have signed", async () => {
    const bytes = formatNote({ text: TEXT, signatures: [await cosign(TEXT, witnessSigner, NOW)] });
    expect(() => openCheckpoint(bytes, log, [witness])).toThrow(notVerified);
  });

  test("with any one bit flipped, unless it makes the cosignature a stranger's", async () => {
    let strangers = 0;
    for (const flipped of flippedBits(await cosigned())) {
      const outcome = outcomeOf(() => openCheckpoint(flipped, log, [witness]));
      if (typeof outcome === "object") {
        expect(outcome).toMatchObject({ text: TEXT, cosigned: [] });
        strangers += 1;
      } else {
        expect(outcome).toBeOneOf(["INPUT_INVALID", "NOT_VERIFIED"]);
      }
    }
    // The bits of the witness's name and key id that leave a line which can still be read.
    expect(strangers).toBeGreaterThan(0);
    expect(strangers).toBeLessThan(8 * (witness.name.length + 6));
  });

  test("a cosignature with another time", async () => {
    const { signature } = await cosign(TEXT, witnessSigner, NOW);
    const later = Buffer.from(signature);
    later.writeBigUInt64BE(BigInt(NOW_SECONDS + 1));
    expect(() => checkCosignature(TEXT, witness, later)).toThrow(notVerified);
  });

  test("a plain signature of the witness's key over the checkpoint", async () => {
    const plain = await witnessSigner.sign(Buffer.from(TEXT));
    expect(() => checkCosignature(TEXT, witness, Buffer.concat([Buffer.alloc(8), plain]))).toThrow(notVerified);
  });

  test("a cosignature of another length, or with a time that no date can hold", async () => {
    const { signature } = await cosign(TEXT, witnessSigner, NOW);
    for (const wrong of [
      signature.subarray(0, 5),
      signature.subarray(1),
      signature.subarray(8),
      Buffer.concat([signature, Buffer.of(0)]),
    ]) {
      expect(() => checkCosignature(TEXT, witness, wrong)).toThrow(notVerified);
    }
    const seconds = 8_640_000_000_001n;
    const timestamp = Buffer.alloc(8);
    timestamp.writeBigUInt64BE(seconds);
    const message = Buffer.from(`cosignature/v1\ntime ${seconds}\n${TEXT}`);
    const far = Buffer.concat([timestamp, await witnessSigner.sign(message)]);
    expect(() => checkCosignature(TEXT, witness, far)).toThrow(notVerified);
  });
});

describe("is not made", () => {
  test("with a log's key", async () => {
    await expect(cosign(TEXT, logSigner, NOW)).rejects.toMatchObject({ code: "INPUT_INVALID" });
  });

  test.each([-1, Number.NaN, 8_640_000_000_001_000, Number.POSITIVE_INFINITY])("at the time %d", async (now) => {
    await expect(cosign(TEXT, witnessSigner, now)).rejects.toMatchObject({ code: "INPUT_INVALID" });
  });

  test("by a signer that holds another private key than it says", async () => {
    const { sign } = testSigner(witness.name, Buffer.alloc(32, 8), "cosignature/v1");
    await expect(cosign(TEXT, { key: witness, sign }, NOW)).rejects.toMatchObject({ code: "NOT_VERIFIED" });
  });
});
