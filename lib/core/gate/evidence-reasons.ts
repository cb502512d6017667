/** An evidence log that is not in order proves nothing of this release. */
import type { GateReason } from "./gate-decision.ts";
import type { Known } from "./known.ts";

export function evidenceReasons(evidence: Known<readonly string[]>): GateReason[] {
  return "known" in evidence ? evidence.known.map((text) => ({ check: "evidence", text })) : [];
}
