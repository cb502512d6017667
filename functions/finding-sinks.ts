/** Where each finding goes besides the mail, put together for the function that tells them. */
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import type * as z from "zod";
import { eventBusFindings } from "../lib/adapters/event-bus-findings.ts";
import type { FindingSink } from "../lib/core/alerting/finding-sink.ts";
import type { NotifyEnv } from "./env.ts";

export async function findingSinks(
  env: z.infer<typeof NotifyEnv>,
  { securityHub: isWanted }: { readonly securityHub: boolean },
): Promise<FindingSink[]> {
  const bus = eventBusFindings({ client: new EventBridgeClient(), bus: env.FINDINGS_BUS_ARN });
  if (!isWanted) return [bus];
  const { securityHub } = await import("./security-hub.ts");
  return [bus, securityHub(env.SECURITY_HUB_PRODUCT_ARN)];
}
