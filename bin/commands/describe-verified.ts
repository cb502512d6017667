/** What a verification has found to be right, and what it has not looked at, for people. */
import type { VerifiedLog } from "../../lib/core/verify/verify-log.ts";

const MEBIBYTE = 1024 * 1024;
const MS_PER_SECOND = 1000;

export function describeVerified(verified: VerifiedLog & { readonly milliseconds: number }): string {
  const { origin, size, root, signers, bytes, payloads, checkpoints, objects, unnamedPayloads = 0 } = verified;
  const megabytes = (bytes / MEBIBYTE).toFixed(1);
  const seconds = (verified.milliseconds / MS_PER_SECOND).toFixed(1);
  const listed = objects === undefined ? "" : `, ${count(objects)} objects`;
  const lines = [
    `verified: ${origin}`,
    `  entries      ${count(size)}, with ${count(payloads)} payloads (${megabytes} MiB in ${seconds} s${listed})`,
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
