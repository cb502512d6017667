/** Ids that a service chose by itself, such as those of keys, kept so that the next start finds the same resources. */
import * as z from "zod";
import { openStateFile } from "../services/state-file.ts";
import type { Identities } from "./world.ts";

export async function openIdentities(path: string): Promise<Identities> {
  const { state, save } = await openStateFile(path, z.record(z.string(), z.string()), {});
  return {
    get: (logicalId) => (Object.hasOwn(state, logicalId) ? state[logicalId] : undefined),
    async put(logicalId, physicalId) {
      state[logicalId] = physicalId;
      await save();
    },
  };
}
