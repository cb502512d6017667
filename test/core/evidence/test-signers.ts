/** Signers whose private keys are known to everybody, and the vectors that golang.org/x/mod made with the first of them. */
import { createPrivateKey, createPublicKey, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import * as z from "zod";
import type { NoteSigner } from "../../../lib/core/evidence/note-signer.ts";
import { type NoteAlgorithm, verifierKeyFromSpki } from "../../../lib/core/evidence/verifier-key.ts";

/** Entry i of the vectors' log is the decimal number i in ASCII. */
export const VECTORS = z
  .object({
    checkpoint_70000: z.string(),
    consistency_1000_to_70000: z.array(z.string()),
    inclusion_66666_in_70000: z.array(z.string()),
    leaf_hash_0: z.string(),
    leaf_hash_empty: z.string(),
    node_hash_01: z.string(),
    roots: z.record(z.string(), z.string()),
    vkey: z.string(),
  })
  .parse(JSON.parse(readFileSync(new URL("./vectors/tlog-vectors.json", import.meta.url), "utf8")));

export const LOG_NAME = "example.com/ledger/t1";

/** The seed of the vectors' key: bytes 0 to 31. */
export const LOG_SEED = Buffer.from(Array.from({ length: 32 }, (_, i) => i));

const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");

export function testSigner(name: string, seed: Buffer, algorithm: NoteAlgorithm = "Ed25519"): NoteSigner {
  const pkcs8 = Buffer.concat([PKCS8_PREFIX, seed]);
  const privateKey = createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
  const spki = createPublicKey(privateKey).export({ format: "der", type: "spki" });
  return {
    key: verifierKeyFromSpki(name, spki, algorithm),
    sign: async (message) => sign(null, message, privateKey),
  };
}

export const logSigner = testSigner(LOG_NAME, LOG_SEED);

export const witnessSigner = testSigner("witness.example/w1", Buffer.alloc(32, 7), "cosignature/v1");
