/** What rules see of messages, with the organisation of the rules' examples. */
import { readFileSync } from "node:fs";
import { memoryEventIndex } from "../../../lib/adapters/memory-event-index.ts";
import type { Configuration } from "../../../lib/core/configuration/configuration.ts";
import { parseConfiguration } from "../../../lib/core/configuration/parse-configuration.ts";
import { messageCandidates } from "../../../lib/core/detections/message-candidates.ts";
import type { RecordView } from "../../../lib/core/detections/record-view.ts";

const FILE = "rules/example-organisation.yml";
const TEXT = readFileSync(FILE, "utf8");

export const ACCOUNT = "111122223333";
export const ANA = `arn:aws:iam::${ACCOUNT}:user/ana`;
export const BO = `arn:aws:iam::${ACCOUNT}:user/bo`;
export const DEE = `arn:aws:iam::${ACCOUNT}:user/dee`;

export type Message = Readonly<Record<string, unknown>>;

/** The example organisation, with something in its text replaced. */
export function organisation(from?: string | RegExp, to = ""): Configuration {
  if (from === undefined) return parseConfiguration(TEXT, FILE);
  const text = TEXT.replace(from, to);
  if (text === TEXT) throw new Error(`${FILE} has no ${from}`);
  return parseConfiguration(text, FILE);
}

export interface Views {
  readonly together: readonly RecordView[];
  readonly oneByOne: readonly RecordView[];
}

/** The views of the messages, in both ways in which they may arrive. */
export async function viewsOf(messages: readonly Message[], configuration = organisation()): Promise<Views> {
  const ways = await messageCandidates(messages, { configuration, createIndex: memoryEventIndex });
  const [together = [], oneByOne = together] = ways.map(({ candidates }) =>
    candidates.map(({ view }) => view as RecordView),
  );
  return { together, oneByOne };
}

/** @param at seconds after ten o'clock of a Tuesday */
export function timeAt(at: number): string {
  return new Date(Date.UTC(2026, 10, 24, 10, 0, at)).toISOString();
}

/** A CloudTrail record. @param service `codepipeline` and the like */
export function call(operation: string, at: number, arn: string, more: Message = {}): Message {
  const [service, eventName] = operation.split(":");
  return {
    eventVersion: "1.11",
    eventID: crypto.randomUUID(),
    eventTime: timeAt(at),
    eventSource: `${service}.amazonaws.com`,
    eventName,
    awsRegion: "eu-west-1",
    recipientAccountId: ACCOUNT,
    userIdentity: { type: arn.includes(":user/") ? "IAMUser" : "AssumedRole", arn, accountId: ACCOUNT },
    ...more,
  };
}
