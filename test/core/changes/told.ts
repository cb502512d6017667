/** Calls to AWS and webhooks as they arrive, and what is told of the changes they made. */
import { expect } from "vitest";
import type { ChangeSubject } from "../../../lib/core/changes/change.ts";
import { changeSubject } from "../../../lib/core/changes/change-subject.ts";
import { describeChange } from "../../../lib/core/changes/describe-change.ts";
import { MAX_LINE_CHARS, MAX_LINES } from "../../../lib/core/changes/lines.ts";
import { parseMessage } from "../../../lib/core/sources/message.ts";
import { normalise } from "../../../lib/core/sources/normalise.ts";
import { webhookOf } from "../sources/webhook-fixtures.ts";

type Json = Readonly<Record<string, unknown>>;

interface Call {
  readonly request?: Json;
  readonly response?: Json;
  readonly errorCode?: string;
}

export const ACCOUNT = "111122223333";

/** A CloudTrail record of a call by a user of the account. */
export function call(operation: string, { request, response, errorCode }: Call = {}): string {
  const [service, eventName] = operation.split(":");
  return JSON.stringify({
    eventVersion: "1.11",
    userIdentity: {
      type: "IAMUser",
      principalId: "AIDAEXAMPLEBO00000000",
      arn: `arn:aws:iam::${ACCOUNT}:user/bo`,
      accountId: ACCOUNT,
      userName: "bo",
    },
    eventTime: "2026-11-24T10:00:04Z",
    eventSource: `${service}.amazonaws.com`,
    eventName,
    awsRegion: "eu-west-1",
    sourceIPAddress: "203.0.113.24",
    requestParameters: request ?? null,
    responseElements: response ?? null,
    eventID: "0553aa64-33fc-4cf2-ba89-d17da3d94a3e",
    eventType: "AwsApiCall",
    recipientAccountId: ACCOUNT,
    ...(errorCode !== undefined && { errorCode }),
  });
}

export function gitHub(event: string, body: Json): string {
  const repository = { full_name: "acme/shop", name: "shop", private: true, default_branch: "main" };
  return webhookOf("github", { repository, sender: { login: "analima" }, ...body }, { "x-github-event": event });
}

export function gitLab(body: Json): string {
  return webhookOf("gitlab", body, { "x-gitlab-event": "System Hook" });
}

export function subjectOf(body: string): ChangeSubject | undefined {
  const message = parseMessage(body);
  return changeSubject(message, normalise(message));
}

/** What the last of these events changed, the one before it being what was seen last of the same thing. */
export function told(...bodies: readonly string[]) {
  const [last, earlier] = bodies.map(subjectOf).reverse();
  if (last === undefined) return undefined;
  const isSeen = earlier !== undefined && earlier.kind === last.kind && earlier.resource === last.resource;
  const { before, lines } = describeChange(last, isSeen ? earlier.after : undefined);
  return { kind: last.kind, resource: last.resource, before, lines };
}

export function expectWithinBounds(lines: readonly string[]): void {
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.length).toBeLessThanOrEqual(MAX_LINES + 1);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(MAX_LINE_CHARS);
}
