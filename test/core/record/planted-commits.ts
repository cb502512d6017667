/** Events whose commits hold a secret, and what recording them finds. */
import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { memoryEventIndex } from "../../../lib/adapters/memory-event-index.ts";
import { parseConfiguration } from "../../../lib/core/configuration/parse-configuration.ts";
import { NO_RULES } from "../../../lib/core/detections/rule-set.ts";
import type { Finding } from "../../../lib/core/record/finding.ts";
import { createRecorder } from "../../../lib/core/record/recorder.ts";
import { fingerprinter } from "../../../lib/core/redaction/fingerprint.ts";
import { mixed } from "./redact-planted.ts";

const settings = {
  configuration: parseConfiguration(readFileSync("gatebook.yml", "utf8"), "gatebook.yml"),
  rules: NO_RULES,
};
export const fingerprint = fingerprinter(Buffer.alloc(32, "k"));
export const TOKEN = `ghp_${mixed(36)}`;
export const OTHER = `glpat-${mixed(20)}`;
export const COMMIT = "5f1c0d8a4be24a6f9c5f6b1de0a7c1f2a3b4c5d6";

export async function findingsOf(bodies: readonly string[], withKey = true): Promise<readonly Finding[]> {
  const record = createRecorder({
    settings,
    index: memoryEventIndex(),
    ...(withKey && { fingerprint: async () => fingerprint }),
  });
  const { recorded, rejected } = await record(bodies.map((body, i) => ({ id: String(i), body })));
  expect(rejected).toEqual([]);
  for (const { append } of recorded) {
    const text = JSON.stringify([append.index, append.findings]) + Buffer.from(append.bytes).toString();
    for (const secret of [TOKEN, OTHER]) expect(text).not.toContain(secret);
  }
  return recorded.flatMap(({ append }) => append.findings);
}

export function webhook(source: string, headers: Readonly<Record<string, string>>, payload: unknown): string {
  const body = Buffer.from(JSON.stringify(payload)).toString("base64");
  return JSON.stringify({ v: 1, kind: "webhook", source, receivedAt: Date.UTC(2026, 10, 24, 10), headers, body });
}
