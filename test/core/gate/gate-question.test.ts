/** What is wrong with a question to the gate is said by its key. */
import { expect, test } from "vitest";
import { readGateRequest } from "../../../lib/core/gate/gate-question.ts";

const QUESTION = { project: "shop", environment: "production", trace: "commit:0d1a26e6" };

test.each([
  ["a trace without end", { trace: "a".repeat(601) }, /: trace: has more than 600 characters$/],
  ["a name without end", { project: "a".repeat(129) }, /: project: has more than 128 characters$/],
  ["no name", { environment: " " }, /: environment: is empty$/],
  ["an access review", { trace: " review:2026-Q4/shop" }, /: trace: is no delivery's$/],
  ["an emergency", { trace: "break-glass:arn:aws:sts::111122223333:assumed-role/emergency/ana" }, /is no delivery's$/],
  ["a grant", { trace: "grant:2026-11-24T10:00:00.000Z-00c0ffee" }, /: trace: is no delivery's$/],
  ["a line of its own", { trace: "E1\n- yes" }, /: trace: has characters that no trace has$/],
  ["half a character", { trace: "E1\ud800" }, /: trace: has characters that no trace has$/],
  ["a number", { project: 1 }, /: project: is missing, or no text$/],
  [
    "a reason without end",
    { override: { reason: "a".repeat(501) } },
    /: override\.reason: has more than 500 characters$/,
  ],
  [
    "a reason that is none",
    { override: { reason: " \n " } },
    /: override\.reason: must say why the release cannot wait$/,
  ],
  [
    "somebody else's name",
    { override: { reason: "x", by: "remy@acme.example" } },
    /: override: Unrecognized key: "by"$/,
  ],
])("%s", (_, wrong, message) => {
  expect(() => readGateRequest({ ...QUESTION, ...wrong })).toThrow(message);
});
