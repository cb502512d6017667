/** What a verification has found to be right, and what it has not looked at, for people. */
import type { VerifierKey } from "../../lib/core/evidence/verifier-key.ts";
import type { VerifiedLog } from "../../lib/core/verify/verify-log.ts";

const MEBIBYTE = 1024 * 1024;
const MS_PER_SECOND = 1000;

export interface Verification {
  readonly keys: readonly VerifierKey[];
  readonly isFromArchive: boolean;
  readonly milliseconds: number;
  readonly json: boolean | undefined;
}

/** One log as itself; several shards each, and what they are together. */
export function describeShards(shards: readonly VerifiedLog[], verification: Verification): string {
  const { keys, isFromArchive, milliseconds, json = false } = verification;
  const advice = "who signed: the key came with the evidence; give the one that you were told with --key";
  const others = "whether there are more shards than these: give the keys of all of them with --key";
  const general = [...(isFromArchive ? [advice] : []), ...(shards.length > 1 && keys.length === 1 ? [others] : [])];
  const [first, second] = shards;
  if (first !== undefined && second === undefined) {
    const whole = { ...first, notChecked: [...general, ...first.notChecked], milliseconds };
    return json ? JSON.stringify({ outcome: "verified", ...whole }) : describeVerified(whole);
  }
  const size = shards.reduce((sum, shard) => sum + shard.size, 0);
  if (json) return JSON.stringify({ outcome: "verified", size, shards, notChecked: general, milliseconds });
  const lines = [
    `verified: ${shards.length} shards, ${count(size)} entries in all`,
    ...shards.map((shard) => describeVerified(shard)),
    ...general.map((what) => `not checked: ${what}`),
  ];
  return lines.join("\n");
}

function describeVerified(verified: VerifiedLog & { readonly milliseconds?: number }): string {
  const { origin, size, root, signers, bytes, payloads, checkpoints, objects, unnamedPayloads = 0 } = verified;
  const megabytes = (bytes / MEBIBYTE).toFixed(1);
  const { milliseconds } = verified;
  const took = milliseconds === undefined ? "" : ` in ${(milliseconds / MS_PER_SECOND).toFixed(1)} s`;
  const listed = objects === undefined ? "" : `, ${count(objects)} objects`;
  const lines = [
    `verified: ${origin}`,
    `  entries      ${count(size)}, with ${count(payloads)} payloads (${megabytes} MiB${took}${listed})`,
    `  root         ${Buffer.from(root, "hex").toString("base64")}`,
    `  signed by    ${signers.join(", ")}`,
    `  checkpoints  ${count(checkpoints)} agree`,
    ...(unnamedPayloads > 0
      ? [`  left over    ${count(unnamedPayloads)} payloads of batches that were never committed`]
      : []),
    ...verified.notChecked.map((what) => `  not checked  ${what}`),
  ];
  return lines.join("\n");
}

function count(n: number): string {
  return n.toLocaleString("en");
}
