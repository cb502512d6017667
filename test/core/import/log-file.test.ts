/** Which objects of a log bucket are log files, by their keys alone. */
import { describe, expect, test } from "vitest";
import { noticeOf, uriOf, whyNotALog } from "../../../lib/core/import/log-file.ts";
import { readLogFileNotice } from "../../../lib/core/import/log-file-notice.ts";

const DAY = "eu-west-1/2026/11/22";

describe("a key of a log file", () => {
  test.each([
    `AWSLogs/111122223333/CloudTrail/${DAY}/111122223333_CloudTrail_eu-west-1_20261122T1005Z_Ab1.json.gz`,
    `AWSLogs/o-abcdefghij/111122223333/CloudTrail/${DAY}/x.json.gz`,
    `a/prefix/AWSLogs/111122223333/CloudTrail/${DAY}/x.json.gz`,
    `111122223333/CloudTrail/${DAY}/x.json.gz`,
    `AWSLogs/111122223333/CloudTrail-Insight/${DAY}/x.json.gz`,
    `AWSLogs/111122223333/CloudTrail/${DAY}/unpacked.json`,
    // GitHub's audit-log stream.
    "2026/11/22/10/05/6d1c8bf0-1111-4a2b-9c3d-000000000001.json.gz",
    "lines.jsonl",
    // A prefix that looks like a digest's folder hides nothing.
    `111122223333/CloudTrail-Digest/AWSLogs/111122223333/CloudTrail/${DAY}/x.json.gz`,
  ])("is imported: %s", (key) => expect(whyNotALog(key)).toBeUndefined());

  test.each([
    [`AWSLogs/111122223333/CloudTrail-Digest/${DAY}/x.json.gz`, /digest/],
    [`AWSLogs/o-abcdefghij/111122223333/CloudTrail-Digest/${DAY}/x.json.gz`, /digest/],
    [`AWSLogs/111122223333/Config/${DAY}/ConfigSnapshot/x.json.gz`, /not CloudTrail's/],
    [`AWSLogs/111122223333/elasticloadbalancing/${DAY}/x.json.gz`, /not CloudTrail's/],
    [`111122223333/vpcflowlogs/${DAY}/x.json.gz`, /not CloudTrail's/],
    ["AWSLogs/111122223333/CloudTrail/", /its name ends/],
    ["AWSLogs/111122223333/elasticloadbalancing/x.log.gz", /its name ends/],
    ["", /its name ends/],
    ["state.json.gz.lock", /its name ends/],
  ])("is left alone: %s", (key, reason) => expect(whyNotALog(key)).toMatch(reason));
});

test("a notice of any key is ASCII, and leads to the same file again", () => {
  const file = { bucket: "acme-trail", key: `logs/é 🔑\u0000\ufffe\n"\\%2B+.json` };
  expect(noticeOf(file)).toMatch(/^[\x20-\x7e]+$/);
  expect(readLogFileNotice(noticeOf(file))).toEqual([file]);
  expect(uriOf(file)).toMatch(/^s3:\/\/acme-trail\/[\x20-\x7e]+$/);
});
