/** Items of the table of what detections remember, and how they are changed. */
import type { AttributeValue, UpdateItemCommandInput } from "@aws-sdk/client-dynamodb";
import type { MemoryKey } from "../core/detections/memory/detection-memory.ts";

/** TTL leaves alone what expired five years ago: events of that age, imported now, would be kept for ever. */
const MIN_KEPT_MS = 24 * 60 * 60 * 1000;

export type Change = Omit<UpdateItemCommandInput, "TableName" | "Key">;

export interface Words {
  readonly names: Record<string, string>;
  readonly values: Record<string, AttributeValue>;
}

export function toChange(UpdateExpression: string, { names, values }: Words): Change {
  return { UpdateExpression, ExpressionAttributeNames: names, ExpressionAttributeValues: values };
}

/** With the words `#expires` and `:expires`. */
export function withExpiry({ names, values }: Words, expires: number, now: number): Words {
  const seconds = Math.ceil(Math.max(expires, now + MIN_KEPT_MS) / 1000);
  return {
    names: { ...names, "#expires": "expires" },
    values: { ...values, ":expires": { N: String(seconds) } },
  };
}

export function toItemKey({ key, bucket }: MemoryKey): Record<string, AttributeValue> {
  return { key: { S: key }, bucket: { S: bucket } };
}

/** The change was refused because an item cannot be larger. */
export function isTooLarge(error: unknown): boolean {
  return error instanceof Error && error.name === "ValidationException" && /item size/i.test(error.message);
}
