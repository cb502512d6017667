/** What is wrong with a question to the gate is said by its key. */
import { expect, test } from "vitest";
import { readGateRequest } from "../../../lib/core/gate/gate-question.ts";

const QUESTION = { project: "shop", environment: "production", trace: "commit:0d1a26e6" };

test.each([
  ["a trace without end", { trace: "a".repeat(601) }, /: trace: has more than 600 characters$/],
  ["a name without end", { project: "a".repeat(129) }, /: project: has more than 128 characters$/],
  ["no name", { environment: " " }, /: environment: is empty$/],
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
