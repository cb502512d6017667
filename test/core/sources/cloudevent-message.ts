/** A CloudEvent of a deploy tool, sent by a session of its role, with whatever a test changes of either. */
import { parseMessage } from "../../../lib/core/sources/message.ts";
import { normalise } from "../../../lib/core/sources/normalise.ts";

export const RECEIVED_AT = Date.parse("2026-11-22T19:00:00Z");
export const ROLE = "arn:aws:sts::111122223333:assumed-role/deployer/run-7";
export const CALLER = {
  arn: ROLE,
  account: "111122223333",
  credential: "ASIAIOSFODNN7EXAMPLE",
  sourceAddress: "203.0.113.7",
};
export const COMMIT = "a".repeat(40);
export const EVENT = {
  specversion: "1.0",
  id: "4711",
  source: "https://ci.acme.example/deploys",
  type: "example.acme.deploy",
  time: "2026-11-22T18:59:00Z",
};

export interface Change {
  readonly event?: object;
  readonly caller?: object;
  readonly receivedAt?: number;
}

export function messageOf(data: unknown, { event, caller, receivedAt = RECEIVED_AT }: Change = {}) {
  return parseMessage(
    JSON.stringify({
      v: 1,
      kind: "cloudevent",
      receivedAt,
      caller: { ...CALLER, ...caller },
      event: { ...EVENT, data, ...event },
    }),
  );
}

export const normalised = (data: unknown, change?: Change) => normalise(messageOf(data, change));
