/** A message read anew from a changed original: the redacted one, in place of what arrived. */
import { GatebookError } from "../errors.ts";
import { readCloudTrailRecord } from "./cloudtrail-schema.ts";
import { EventBridgeEvent } from "./eventbridge-schema.ts";
import { read } from "./fields.ts";
import { readGatebookMessage } from "./gatebook.ts";
import { isObject } from "./json.ts";
import type { Message } from "./message.ts";

/** Everything that was read out of the old original is read out of the new one; ids, headers and times of arrival stay. */
export function withOriginal(message: Message, original: unknown): Message {
  if (!isObject(original)) throw new GatebookError("INPUT_INVALID", "a message's original is an object");
  switch (message.kind) {
    case "cloudtrail":
      // A record that has lost its own time keeps the one that it was first read with.
      return { ...message, original, record: readCloudTrailRecord(original, message.record.eventTime) };
    case "eventbridge":
      return { ...message, original, event: read(EventBridgeEvent, original, "the EventBridge event") };
    case "webhook":
      return { ...message, original };
    case "gatebook":
      return readGatebookMessage(original, message.raw);
  }
}
