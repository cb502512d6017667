/** Hostile recordings: whatever is in a file, it is read as a valid event, named as none, or refused with a reason. */
import { readFileSync } from "node:fs";
import * as path from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { GatebookError } from "../../../lib/core/errors.ts";
import { parseMessage } from "../../../lib/core/sources/message.ts";
import { normalise } from "../../../lib/core/sources/normalise.ts";
import { principalOf } from "../../../lib/core/sources/principal.ts";
import { readRecorded, recordedMessage } from "../../../lib/core/sources/recorded/recorded.ts";
import { validateOcsf } from "../../ocsf-validator.ts";
import { fixtureNames } from "./fixtures.ts";
import { hasOcsfSchema, ocsfSchema } from "./shared-samples.ts";

const EVENTS = path.resolve(import.meta.dirname, "../../events/recorded");
const RECEIVED_AT = Date.parse("2026-11-23T10:00:00Z");
const schema = hasOcsfSchema ? ocsfSchema() : undefined;

function fixture(name: string) {
  return JSON.parse(readFileSync(path.join(EVENTS, `${name}.json`), "utf8"));
}

test("any JSON value gives messages that parse to a valid event, or is refused with INPUT_INVALID", () => {
  const members = fc.constantFrom(
    ...["event", "data", "Records", "headers", "body", "detail-type", "source", "detail", "time", "eventSource"],
    ...["eventName", "eventTime", "v", "kind", "receivedAt", "system", "sender", "login", "username", "actor"],
    ...[
      "repository",
      "full_name",
      "Sns",
      "Message",
      "message",
      "push_data",
      "repo_name",
      "s3",
      "codecommit",
      "published",
    ],
    ...["eventType", "object_kind", "eventKey", "pullrequest", "alert", "installation", "account", "__proto__"],
  );
  const words = fc.constantFrom("aws:s3", "aws:codecommit", "aws:sqs", "aws:sns", "recorded", "okta", "1", "...", "{}");
  const value = fc.letrec((tie) => ({
    // The leaf is first: at the depth's end fast-check takes it, whatever else may be nested.
    value: fc.oneof({ maxDepth: 4 }, words, fc.constantFrom(1, null, true), tie("object"), tie("list")),
    list: fc.array(tie("value"), { maxLength: 3 }),
    object: fc.dictionary(members, tie("value"), { maxKeys: 6 }),
  })).object;
  fc.assert(
    fc.property(fc.oneof(value, fc.jsonValue()), (given) => expectReadOrRefused(given)),
    { numRuns: 3000 },
  );
});

test("any JSON value in the place of any field of a recording is read or refused", () => {
  const recordings = fixtureNames("recorded").map((name) => fixture(name));
  const replaced = fc
    .constantFrom(...recordings)
    .chain((recording) => fc.tuple(fc.constant(recording), fc.constantFrom(...pathsOf(recording)), fc.jsonValue()));
  fc.assert(
    fc.property(replaced, ([recording, at, value]) => expectReadOrRefused(replace(recording, at, value))),
    { numRuns: 1000 },
  );
});

test("nesting goes only so far, and a message that claims to be a recording must be one", () => {
  const deep = (levels: number): unknown => (levels === 0 ? fixture("okta-sign-in") : { data: deep(levels - 1) });
  expect(readRecorded(deep(4), { receivedAt: 0 })).toHaveLength(1);
  expect(() => readRecorded(deep(5), { receivedAt: 0 })).toThrow(GatebookError);
  for (const fields of [
    { event: {} },
    { event: { "detail-type": "x", source: "y" } },
    { receivedAt: 0 },
    { receivedAt: -1, event: {} },
    { receivedAt: 0, event: [] },
    { receivedAt: 0, event: {}, system: "jenkins" },
    { receivedAt: 0, event: {}, system: "__proto__" },
  ]) {
    expect(() => parseMessage(JSON.stringify({ v: 1, kind: "recorded", ...fields }))).toThrow(GatebookError);
  }
});

test("names of any length fit the index", () => {
  const long = JSON.parse(
    JSON.stringify(fixture("okta-sign-in")).replaceAll(/ana@acme\.example|4b1c8f9e/g, "é".repeat(3000)),
  );
  const { event } = normalise(parseMessage(recordedMessage(long, RECEIVED_AT)));
  expect(Buffer.byteLength(principalOf(event))).toBeLessThan(2048);
  expect(Buffer.byteLength(event.metadata.uid)).toBeLessThan(1024 - 30);
});

function expectReadOrRefused(value: unknown): void {
  const errors = attempt(() =>
    readRecorded(value, { receivedAt: RECEIVED_AT, hints: ["push"] }).flatMap((recorded) => {
      if (recorded.outcome === "no-event") return [];
      const { event } = normalise(parseMessage(recorded.body));
      expect(Number.isSafeInteger(event.time)).toBe(true);
      return schema === undefined ? [] : validateOcsf(schema, JSON.parse(JSON.stringify(event)));
    }),
  );
  expect(errors).toEqual([]);
}

function attempt(read: () => readonly string[]): readonly string[] {
  try {
    return read();
  } catch (error) {
    if (error instanceof GatebookError && error.code === "INPUT_INVALID") return [];
    throw error;
  }
}

type Path = readonly string[];

function pathsOf(value: unknown): readonly Path[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => [[key], ...pathsOf(child).map((rest) => [key, ...rest])]);
}

function replace(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by;
  const copy = structuredClone(value) as Record<string, unknown>;
  copy[key] = replace(copy[key], rest, by);
  return copy;
}
