/** A request that IAM let in is answered, whatever is wrong with it; a fault of ours is thrown. */
import { describe, expect, test } from "vitest";
import { GatebookError } from "../../../lib/core/errors.ts";
import { answerIamRequest, jsonReply, Refusal } from "../../../lib/core/receive/answer-iam-request.ts";

const MAX_CHARS = 100;
const ANA = { arn: "arn:aws:iam::111122223333:user/ana", account: "111122223333" };

async function answered(body: string, caller: unknown, answer = async (value: unknown) => jsonReply(200, { value })) {
  const { statusCode, headers, body: text } = await answerIamRequest({ body, caller }, MAX_CHARS, answer);
  return { status: statusCode, contentType: headers["content-type"], ...JSON.parse(text) };
}

test("what is asked comes as JSON, with whoever IAM let in", async () => {
  const reply = await answerIamRequest({ body: '{"do":"list"}', caller: ANA }, MAX_CHARS, async (value, { arn }) =>
    jsonReply(200, { value, arn }),
  );
  expect(JSON.parse(reply.body)).toEqual({ value: { do: "list" }, arn: ANA.arn });
});

describe("nothing is asked of the core", () => {
  const never = async () => {
    throw new Error("was asked");
  };

  test.each<[name: string, caller: unknown]>([
    ["by nobody", undefined],
    ["by null", null],
    ["by a caller without an ARN", { account: ANA.account }],
    ["by what is no principal", { ...ANA, arn: "arn:aws:s3:::bucket" }],
    ["by an account that is none", { ...ANA, account: "1111" }],
  ])("%s", async (_, caller) => {
    expect(await answered("{}", caller, never)).toMatchObject({ status: 403, contentType: "application/problem+json" });
  });

  test.each<[name: string, body: string, status: number]>([
    ["for a body that is too long", `"${"x".repeat(MAX_CHARS)}"`, 413],
    ["for no body", "", 400],
    ["for half of a body", '{"do":', 400],
    ["for a body nested without end", `${"[".repeat(MAX_CHARS)}`, 400],
  ])("%s", async (_, body, status) => {
    expect(await answered(body, ANA, never)).toMatchObject({ status });
  });
});

test("a refusal and a body that is not as it should be are answers", async () => {
  const refused = await answered("{}", ANA, async () => {
    throw new Refusal(409, "It is over.");
  });
  expect(refused).toMatchObject({ status: 409, title: "Conflict", detail: "It is over." });
  const unread = await answered("{}", ANA, () => {
    throw new GatebookError("INPUT_INVALID", "the request cannot be read");
  });
  expect(unread).toMatchObject({ status: 400, detail: "the request cannot be read." });
});

test("a fault of ours is thrown", async () => {
  const failing = answered("{}", ANA, async () => {
    throw new GatebookError("UNAVAILABLE", "the table does not answer");
  });
  await expect(failing).rejects.toThrow("the table does not answer");
});
