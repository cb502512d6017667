/** Clients that call as a function of the running stack does. */
import { createHash } from "node:crypto";
import { type Clients, createClients } from "../../lib/local/clients.ts";
import { functionName } from "./assembly.ts";
import type { RunningCloud } from "./running-cloud.ts";

/** @param service the function's name under functions/ */
export async function roleClients({ cloud }: RunningCloud, service: string): Promise<Clients> {
  // Each function of the local cloud has an access key made of its name.
  const digest = createHash("sha256")
    .update(await functionName(service))
    .digest("hex");
  return createClients(cloud.url, `ASIA${digest.toUpperCase().slice(0, 16)}`);
}
