/** A message read anew from a changed original: the redacted one, in place of what arrived. */
import { GatebookError } from "../errors.ts";
import { readEventBridgeEvent } from "./aws/eventbridge-schema.ts";
import { readCloudEvent } from "./cloudevent-schema.ts";
import { readCloudTrailRecord } from "./cloudtrail/cloudtrail-schema.ts";
import { readGatebookMessage } from "./gatebook.ts";
import { readGitHubAudit } from "./github/github-audit-schema.ts";
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
      return { ...message, original, event: readEventBridgeEvent(original, message.event.time) };
    case "webhook":
    case "recorded":
      return { ...message, original };
    case "cloudevent":
      return { ...message, original, event: readCloudEvent(original) };
    case "gatebook":
      return readGatebookMessage(original, message.raw);
    case "github-audit":
      return { ...message, original, record: readGitHubAudit(original) };
  }
}
