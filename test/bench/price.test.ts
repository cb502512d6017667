/** The price of a million events follows from what was counted, and what has no price is not free. */
import { expect, test } from "vitest";
import { priceOf } from "../../bench/price.ts";

test("adds up requests and units at their prices", () => {
  const calls = new Map([
    ["s3 PutObject", 10],
    ["s3 GetObject", 5],
    ["sqs SendMessageBatch", 2],
    ["kms Sign", 1],
    ["dynamodb BatchWriteItem", 80],
  ]);
  const [total, ...parts] = priceOf({ events: 1_000, calls, writeUnitsPerEvent: 3 });
  const [requests, queue, writes, reads] = parts.map(({ value }) => value);
  // Per thousand events: 10 at $5 a million, 5 at $0.40, 2 at $0.40, 1 at $15; times a thousand.
  expect(requests).toBeCloseTo(0.05 + 0.002 + 0.0008 + 0.015, 9);
  expect(queue).toBeCloseTo(0.48, 9);
  expect(writes).toBeCloseTo(1.875, 9);
  expect(reads).toBeCloseTo(0.125, 9);
  expect(total?.value).toBeCloseTo(
    parts.reduce((sum, { value }) => sum + value, 0),
    9,
  );
  expect(total?.work).toMatch(/us-east-1, list of \d{4}-\d\d-\d\d$/);
});

test("a service without a price is not free", () => {
  const calls = new Map([["quantum Entangle", 1]]);
  expect(() => priceOf({ events: 1, calls, writeUnitsPerEvent: 0 })).toThrow("bench/prices.ts");
});
