/** The daily review finds users without MFA and keys that are too old, and puts itself on record. */
import { describe, expect, test } from "vitest";
import { Configuration } from "../../../lib/core/configuration/configuration.ts";
import { parseCredentialReport } from "../../../lib/core/review/credential-report.ts";
import { reviewCredentials } from "../../../lib/core/review/review-credentials.ts";
import { parseMessage } from "../../../lib/core/sources/message.ts";
import { normalise } from "../../../lib/core/sources/normalise.ts";

const HEADER =
  "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated";
const NOW = Date.parse("2026-11-22T05:15:00Z");
const configuration = Configuration.parse({
  organisation: "acme",
  alerts: { email: ["a@acme.example"] },
  review: { keyMaxAgeDays: 90 },
  people: [{ email: "ana@acme.example", name: "Ana", identities: ["arn:aws:iam::111122223333:user/ana"] }],
});

interface User {
  readonly name: string;
  readonly password?: "true" | "false" | "not_supported";
  readonly mfa?: boolean;
  readonly keys?: readonly [string?, string?];
}

function row({ name, password = "false", mfa = false, keys = [] }: User): string {
  const arn = name === "<root_account>" ? "arn:aws:iam::111122223333:root" : `arn:aws:iam::111122223333:user/${name}`;
  const key = (rotated: string | undefined) => `${rotated !== undefined},${rotated ?? "N/A"},N/A,N/A,N/A`;
  return `${name},${arn},2024-01-01T00:00:00+00:00,${password},no_information,N/A,N/A,${mfa},${key(keys[0])},${key(keys[1])},false,N/A,false,N/A`;
}

function review(users: readonly User[], now = NOW, run = "review:1") {
  const csv = [HEADER, ...users.map(row)].join("\n");
  const messages = reviewCredentials({ csv, settings: { configuration }, now, run }).map((text) => JSON.parse(text));
  return { messages, findings: messages.flatMap(({ findings = [] }) => findings) };
}

const ROOT: User = { name: "<root_account>", password: "not_supported", mfa: true };
const daysAgo = (days: number) => new Date(NOW - days * 24 * 60 * 60 * 1000).toISOString().replace("Z", "+00:00");

describe("the review reports", () => {
  test.each<[string, User, string[]]>([
    ["a user with a password and no MFA", { name: "ana", password: "true" }, ["User signs in without MFA"]],
    ["nothing of a user with MFA", { name: "ana", password: "true", mfa: true }, []],
    ["nothing of a user without a password", { name: "ci" }, []],
    ["a key of 91 days", { name: "ci", keys: [daysAgo(91)] }, ["Access key is too old"]],
    ["nothing of a key of 90 days", { name: "ci", keys: [daysAgo(90)] }, []],
    ["nothing of a fresh key", { name: "ci", keys: [daysAgo(0)] }, []],
    [
      "each of two old keys",
      { name: "ci", keys: [daysAgo(400), daysAgo(100)] },
      ["Access key is too old", "Access key is too old"],
    ],
    ["a key that was never rotated, by its user's age", { name: "ci", keys: ["N/A"] }, ["Access key is too old"]],
    ["root without MFA", { ...ROOT, mfa: false }, ["Root has no MFA"]],
    ["a key of root, however fresh", { ...ROOT, keys: [daysAgo(0)] }, ["Root has an access key"]],
  ])("%s", (_, user, titles) => {
    expect(review([user]).findings.map(({ rule }) => rule.title)).toEqual(titles);
  });

  test("who it is about, and what to do", () => {
    expect(review([ROOT, { name: "ana", password: "true" }]).findings).toEqual([
      expect.objectContaining({
        level: "medium",
        principal: "arn:aws:iam::111122223333:user/ana",
        person: "ana@acme.example",
        next: [expect.any(String), expect.any(String), expect.any(String)],
      }),
    ]);
  });

  test("the same finding within a month, and another in the next", () => {
    const uid = (now: number, run: string) => review([{ name: "ana", password: "true" }], now, run).findings[0].uid;
    expect(uid(NOW, "review:1")).toBe(uid(NOW + 24 * 60 * 60 * 1000, "review:2"));
    expect(uid(NOW, "review:1")).not.toBe(uid(Date.parse("2026-12-01T05:15:00Z"), "review:3"));
  });

  test("that it was done, even when nothing was found, as events that can be recorded", () => {
    const { messages } = review([ROOT]);
    expect(messages).toEqual([expect.objectContaining({ type: "review.completed", uid: "review:1:completed" })]);
    for (const message of review([ROOT, { name: "ana", password: "true" }]).messages) {
      expect(normalise(parseMessage(JSON.stringify(message))).event.metadata.uid).toMatch(/^review:1:/);
    }
  });
});

describe("a credential report", () => {
  test.each([
    ["no CSV", '"open', /not CSV/],
    ["a missing column", "user,arn\nana,arn:x", /line 2: user_creation_time/],
    ["a row that is too short", `${HEADER}\nana,arn:x`, /not CSV/],
  ])("with %s is refused, with where", (_, csv, message) => expect(() => parseCredentialReport(csv)).toThrow(message));

  test("that is empty has no users", () => expect(parseCredentialReport("")).toEqual([]));
});
