/** One record of a log file, as a message for the intake queue. */
import { GatebookError } from "../errors.ts";
import { isPointer } from "../receive/stored-message.ts";
import { type Message, parseMessage } from "../sources/message.ts";

export interface LogRecord {
  /** What the intake queue gets: the record as it is written, but for characters that SQS refuses. */
  readonly message: string;
  /** Of a call on data, or of a signature, that a role made: the role's ARN. */
  readonly dataCaller?: string;
}

/**
 * Gatebook's own events and webhooks come with no proof but the way that they came: whoever may write to the bucket must not be able to
 * write those.
 */
const KINDS: readonly Message["kind"][] = ["cloudtrail", "github-audit"];

/** @throws GatebookError `INPUT_INVALID` for what the recorder would refuse, and for messages that do not come by files */
export function readLogRecord(text: string): LogRecord {
  // Of a key that is there twice, JSON's readers take the last: a record may be one thing by its beginning and another once parsed.
  if (isPointer(text)) throw new GatebookError("INPUT_INVALID", "the message is a pointer, which no log file has");
  const message = parseMessage(text);
  // What was unwrapped is no record of a log, either, whatever was in it.
  if (!KINDS.includes(message.kind) || message.raw !== text) {
    throw new GatebookError(
      "INPUT_INVALID",
      `the message is of kind ${message.kind} or wrapped, which no log file has`,
    );
  }
  const dataCaller = dataCallerOf(message);
  return { message: toBody(text), ...(dataCaller !== undefined && { dataCaller }) };
}

function dataCallerOf(message: Message): string | undefined {
  if (message.kind !== "cloudtrail") return undefined;
  const { eventCategory, eventSource, eventName } = message.original;
  // The log's checkpoints are signed when it has grown: a signature that is recorded makes it grow.
  const isSignature = eventSource === "kms.amazonaws.com" && eventName === "Sign";
  if (eventCategory !== "Data" && !isSignature) return undefined;
  return message.record.userIdentity?.sessionContext?.sessionIssuer?.arn;
}

/**
 * SQS refuses U+FFFE and U+FFFF, and its emulators all that lies beyond the basic plane. In JSON they stand in strings alone, where their
 * escapes mean the same: one character from outside must not stop a file.
 */
function toBody(json: string): string {
  return json.replace(/[\ud800-\udfff\ufffe\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`);
}
