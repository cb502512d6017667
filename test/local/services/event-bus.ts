/** A local EventBridge for one test, and what it delivered. */
import {
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
  type RuleState,
  type Target,
} from "@aws-sdk/client-eventbridge";
import type { Delivery } from "../../../lib/local/services/event-bridge/delivery.ts";
import { type EventBridge, eventBridgeService } from "../../../lib/local/services/event-bridge/event-bridge-service.ts";
import { startWorld, temporaryDirectory, type World } from "../gateway/world.ts";

const NOW = Date.parse("2026-11-22T16:00:00.789Z");
export const QUEUE = "arn:aws:sqs:eu-west-1:000000000000:intake";

export interface Bus extends World {
  readonly events: EventBridgeClient;
  readonly service: EventBridge;
  readonly deliveries: Delivery[];
  readonly directory: string;
  putRule(pattern: object, state?: RuleState, target?: Partial<Target>): Promise<void>;
}

export async function startBus(
  accept: (delivery: Delivery) => Promise<void> = async () => undefined,
  existing?: string,
): Promise<Bus> {
  const deliveries: Delivery[] = [];
  const directory = existing ?? (await temporaryDirectory());
  const deliver = async (delivery: Delivery): Promise<void> => {
    deliveries.push(delivery);
    await accept(delivery);
  };
  const service = await eventBridgeService({ directory, now: () => NOW, deliver });
  const world = await startWorld({ events: service });
  const events = new EventBridgeClient(world.client());
  return {
    ...world,
    events,
    service,
    deliveries,
    directory,
    async putRule(pattern, State = "ENABLED", target = {}) {
      await events.send(new PutRuleCommand({ Name: "rule", EventPattern: JSON.stringify(pattern), State }));
      await events.send(new PutTargetsCommand({ Rule: "rule", Targets: [{ Id: "intake", Arn: QUEUE, ...target }] }));
    },
  };
}

export const entry = (detail: object = {}) => ({
  Source: "gatebook",
  DetailType: "Finding",
  Detail: JSON.stringify(detail),
});
