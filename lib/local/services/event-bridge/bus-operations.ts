/** Event buses as EventBridge's API has them (https://docs.aws.amazon.com/eventbridge/latest/APIReference/). */
import * as z from "zod";
import { AwsError } from "../../aws-service.ts";
import { type JsonOperation, jsonOperation, validationError } from "../json-service.ts";
import { busArn, busName, DEFAULT_BUS, type RuleStore } from "./rule-store.ts";

export const Tags = z.array(z.strictObject({ Key: z.string(), Value: z.string() })).optional();
const Name = z.string().regex(/^[.\-_A-Za-z0-9]{1,256}$/);

export function busOperations(store: RuleStore): Readonly<Record<string, JsonOperation>> {
  return {
    CreateEventBus: jsonOperation({
      input: z.strictObject({ Name, Description: z.string().optional(), Tags }),
      needs: (input) => [{ action: "events:CreateEventBus", resource: busArn(input.Name) }],
      answer: async (input) => {
        await store.addBus(input.Name);
        return { EventBusArn: busArn(input.Name) };
      },
    }),
    DescribeEventBus: jsonOperation({
      input: z.strictObject({ Name: z.string().optional() }),
      needs: (input) => [{ action: "events:DescribeEventBus", resource: busArn(busName(input.Name)) }],
      answer: (input) => describeBus(mustFindBus(store, input.Name)),
    }),
    ListEventBuses: jsonOperation({
      input: z.strictObject({ NamePrefix: z.string().optional(), Limit: z.int().optional() }),
      needs: () => [{ action: "events:ListEventBuses", resource: "*" }],
      answer: ({ NamePrefix: prefix = "" }) => ({
        EventBuses: store.buses.filter((bus) => bus.startsWith(prefix)).map(describeBus),
      }),
    }),
    DeleteEventBus: jsonOperation({
      input: z.strictObject({ Name }),
      needs: (input) => [{ action: "events:DeleteEventBus", resource: busArn(input.Name) }],
      answer: async (input) => {
        if (input.Name === DEFAULT_BUS) throw validationError("Cannot delete event bus default.");
        await store.deleteBus(input.Name);
        return undefined;
      },
    }),
  };
}

export function mustFindBus(store: RuleStore, reference: string | undefined): string {
  const bus = busName(reference);
  if (store.buses.includes(bus)) return bus;
  throw new AwsError("ResourceNotFoundException", 400, `Event bus ${bus} does not exist.`);
}

function describeBus(bus: string): object {
  return { Name: bus, Arn: busArn(bus) };
}
