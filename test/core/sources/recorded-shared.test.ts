/** Whatever others have published and captured, beside the work tree on some machines: every record is read, or named as no event. */
import * as path from "node:path";
import { describe, expect, test } from "vitest";
import { listEventFiles, readRecordedEvents } from "../../../lib/adapters/recorded-files.ts";
import { parseMessage } from "../../../lib/core/sources/message.ts";
import { normalise } from "../../../lib/core/sources/normalise.ts";
import { readRecorded } from "../../../lib/core/sources/recorded/recorded.ts";
import type { Recorded } from "../../../lib/core/sources/recorded/recorded-outcome.ts";
import { validateOcsf } from "../../ocsf-validator.ts";
import { hasSamples, ocsfSchema } from "./shared-samples.ts";

const SHARED = path.resolve(import.meta.dirname, "../../../../shared/data");
const RECEIVED_AT = Date.parse("2026-11-23T10:00:00Z");

describe.skipIf(!hasSamples)("the samples of", () => {
  const schema = hasSamples ? ocsfSchema() : { classes: {}, objects: {}, dictionary: { types: { attributes: {} } } };

  test.each([
    ["webhooks", { github: 273, gitlab: 60, bitbucket: 36, gitea: 17, "azure-devops": 5, "docker-hub": 1 }, []],
    ["cloudtrail", { cloudtrail: 179 }, []],
    [
      "aws-events",
      { cloudtrail: 59, eventbridge: 68, "s3-notification": 2, "codecommit-trigger": 1 },
      [
        "a CloudWatch alarm",
        "a CloudWatch alarm",
        "a batch of CloudWatch log lines",
        "a job of CodePipeline for a function",
        "an invocation of a Config rule",
        "a step of a rotation function",
        "an SNS notification",
        "an SQS message",
        "an invocation of a Config rule",
        "an invocation of a Config rule",
      ],
    ],
    ["streamalert", { cloudtrail: 54, eventbridge: 1, "github-audit": 18, okta: 1, onelogin: 3 }, []],
    ["ocsf", {}, ["a schema of OCSF"]],
  ])("%s are valid events, each of its system", (folder, families, noEvents) => {
    const read = readAll(path.join(SHARED, folder));
    const errors = read.flatMap(({ at, recorded }) =>
      recorded.outcome === "no-event" ? [] : errorsOf(recorded.body).map((error) => `${at}: ${error}`),
    );
    expect(errors).toEqual([]);
    expect(countFamilies(read)).toMatchObject(families);
    expect(read.flatMap(({ recorded }) => (recorded.outcome === "no-event" ? [recorded.what] : []))).toEqual(noEvents);
  });

  test("GitHub, a folder for each of its webhooks, are each known as the webhook of their folder", () => {
    const read = readAll(path.join(SHARED, "webhooks/octokit"), []);
    expect(read.length).toBeGreaterThan(250);
    for (const { at, recorded } of read) {
      const { headers } = parseMessage(recorded.outcome === "event" ? recorded.body : "{}") as { headers?: unknown };
      expect([at, headers]).toEqual([at, { "x-github-event": path.basename(path.dirname(at)) }]);
    }
  });

  function errorsOf(body: string): readonly string[] {
    const { event } = normalise(parseMessage(body));
    return validateOcsf(schema, JSON.parse(JSON.stringify(event)));
  }
});

interface Read {
  readonly at: string;
  readonly recorded: Recorded;
}

function readAll(folder: string, hints?: readonly string[]): readonly Read[] {
  return [...listEventFiles([folder])].flatMap((file) =>
    [...readRecordedEvents(file)].flatMap((record) => {
      if ("problem" in record) throw new Error(`${record.at}: ${record.problem}`);
      const { at, value } = record;
      const found = readRecorded(value, { receivedAt: RECEIVED_AT, hints: hints ?? record.hints });
      return found.map((recorded) => ({ at, recorded }));
    }),
  );
}

function countFamilies(read: readonly Read[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { recorded } of read) {
    if (recorded.outcome === "event") counts[recorded.family] = (counts[recorded.family] ?? 0) + 1;
  }
  return counts;
}
