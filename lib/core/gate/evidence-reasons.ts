/** An evidence log that is not in order proves nothing of this release. */
import type { GateReason } from "./gate-decision.ts";
import type { GateFacts } from "./gate-facts.ts";

export function evidenceReasons({ evidence, unproven }: Pick<GateFacts, "evidence" | "unproven">): GateReason[] {
  const texts = [...("known" in evidence ? evidence.known : []), ...unproven];
  return texts.map((text) => ({ check: "evidence", text }));
}
