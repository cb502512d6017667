/** What a witness cosigned last, in memory. */
import { GatebookError } from "../core/errors.ts";
import type { WitnessedTree, WitnessStore } from "../core/witness/witness-store.ts";

/** @param trees what is stored, by origin */
export function memoryWitnessStore(trees = new Map<string, WitnessedTree>()): WitnessStore {
  return {
    async read(origin) {
      return trees.get(origin);
    },
    async replace(origin, expected, next) {
      const stored = trees.get(origin);
      if (stored?.size !== expected?.size || stored?.root !== expected?.root) {
        throw new GatebookError("HEAD_MOVED", `what was cosigned of ${origin} has moved on`);
      }
      trees.set(origin, { ...next, note: next.note.slice() });
    },
  };
}
