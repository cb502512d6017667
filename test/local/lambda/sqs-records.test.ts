/** What a function's answer says of each message: whatever is not a clear report leaves all of them in the queue. */
import { expect, test } from "vitest";
import { succeededRecords, toSqsRecord } from "../../../lib/local/lambda/sqs-records.ts";

const QUEUE = "arn:aws:sqs:eu-west-1:000000000000:queue";
const records = ["a", "b", "c"].map((MessageId) =>
  toSqsRecord({ MessageId, ReceiptHandle: MessageId, Body: "" }, QUEUE),
);

test.each<[string, string, readonly string[]]>([
  ["null", "null", ["a", "b", "c"]],
  ["an empty object", "{}", ["a", "b", "c"]],
  ["an empty list", '{"batchItemFailures":[]}', ["a", "b", "c"]],
  ["a list that is null", '{"batchItemFailures":null}', ["a", "b", "c"]],
  ["one failure", '{"batchItemFailures":[{"itemIdentifier":"b"}]}', ["a", "c"]],
  ["members that nobody knows", '{"batchItemFailures":[{"itemIdentifier":"b","x":1}],"y":2}', ["a", "c"]],
  ["a stranger's id", '{"batchItemFailures":[{"itemIdentifier":"z"}]}', []],
  ["an empty id", '{"batchItemFailures":[{"itemIdentifier":""}]}', []],
  ["an id that is null", '{"batchItemFailures":[{"itemIdentifier":null}]}', []],
  ["a wrong key", '{"batchItemFailures":[{"id":"b"}]}', []],
  ["text", '"fine"', []],
  ["what is no JSON", "{", []],
])("%s", (_, answer, expected) => {
  expect(succeededRecords(records, Buffer.from(answer)).map(({ messageId }) => messageId)).toEqual(expected);
});

test("binary attributes are base64, as Lambda has them", () => {
  const MessageAttributes = { bytes: { DataType: "Binary", BinaryValue: new Uint8Array([0, 255]) } };
  expect(toSqsRecord({ MessageAttributes }, QUEUE).messageAttributes).toEqual({
    bytes: { binaryValue: "AP8=", dataType: "Binary", stringListValues: [], binaryListValues: [] },
  });
});
