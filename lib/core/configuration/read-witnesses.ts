/** What gatebook.yml says of witnesses, on its way back from a function's environment. */
import { parseVerifierKey } from "../evidence/verifier-key.ts";
import type { WitnessedLog } from "../witness/add-checkpoint.ts";
import type { Witness } from "../witness/witness-client.ts";
import { OwnWitness, Witnesses } from "./witnesses.ts";

/** @param listed `evidence.witnesses` */
export function readWitnesses(listed: unknown): Witness[] {
  return Witnesses.parse(listed).map(({ url, key }) => ({ url, key: parseVerifierKey(key) }));
}

/** @param listed `witness.logs` */
export function readWitnessedLogs(listed: unknown): WitnessedLog[] {
  return OwnWitness.shape.logs.parse(listed).map(({ origin, key }) => ({ origin, key: parseVerifierKey(key) }));
}
