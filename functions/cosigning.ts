/** Cosignatures for the public checkpoint. Whatever witnesses do, publishing has done its work by then, and does not fail with them. */
import { httpWitnessClient } from "../lib/adapters/http-witness-client.ts";
import { readWitnesses } from "../lib/core/configuration/read-witnesses.ts";
import { GatebookError } from "../lib/core/errors.ts";
import type { VerifierKey } from "../lib/core/evidence/verifier-key.ts";
import { type CosignerWorld, createCosigner } from "../lib/core/witness/collect-cosignatures.ts";
import { logger, metrics } from "./observed.ts";

/** Two requests to each witness, all witnesses at once, and the reads and the put around them. */
const NEEDED_MS = 15_000;

type Evidence = Pick<CosignerWorld, "log" | "checkpoints">;

/**
 * @param listed JSON, as gatebook.yml has them
 * @returns a function of the log's key and of how long its caller may still run
 */
export function cosigning(
  listed: string,
  evidence: Evidence,
): (key: VerifierKey, remainingMs: number) => Promise<void> {
  const witnesses = readWitnesses(JSON.parse(listed));
  const collect = createCosigner({ ...evidence, witnesses, client: httpWitnessClient() });
  return async (key, remainingMs) => {
    if (witnesses.length === 0) return;
    try {
      if (remainingMs < NEEDED_MS)
        throw new GatebookError("UNAVAILABLE", "publishing took too long: the next run asks");
      const { missing, ...cosigned } = await collect(key);
      const origin = key.name;
      logger.info("cosignatures", { ...cosigned, missing: missing.length, origin });
      for (const { witness, reason } of missing) logger.warn("no cosignature", { witness, reason, origin });
      metrics.addMetric("CosignatureMissing", "Count", missing.length);
    } catch (error) {
      logger.error("the checkpoint could not be cosigned", error as Error);
      metrics.addMetric("CosignatureMissing", "Count", witnesses.length);
    }
  };
}
