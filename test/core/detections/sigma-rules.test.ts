/** The rules that the Sigma project publishes for AWS, where this machine has them. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { expect, test } from "vitest";
import { compileRule } from "../../../lib/core/detections/compile-rule.ts";
import { detect } from "../../../lib/core/detections/detect.ts";
import { parseRule } from "../../../lib/core/detections/parse-rule.ts";
import { GatebookError } from "../../../lib/core/errors.ts";

const PUBLISHED = "../shared/data/sigma-rules";

function refusalOf(file: string): string | undefined {
  try {
    compileRule(parseRule(readFileSync(file, "utf8"), basename(file)), {});
    return undefined;
  } catch (error) {
    if (!(error instanceof GatebookError) || error.code !== "RULE_INVALID") throw error;
    return error.message;
  }
}

test.skipIf(!existsSync(PUBLISHED))(
  "all of CloudTrail's rules are understood but the one with a regular expression",
  () => {
    const files = globSync(`${PUBLISHED}/rules/cloud/aws/cloudtrail/*.yml`);
    const refusals = files.map(refusalOf).filter((message) => message !== undefined);
    expect(files).toHaveLength(57);
    expect(refusals).toEqual([
      expect.stringMatching(
        /^aws_cloudtrail_imds_malicious_usage.yml:25: .*arn\|re: regular expressions are not supported/,
      ),
    ]);
  },
);

test.skipIf(!existsSync(PUBLISHED))(
  "every published rule is understood, or refused by what is not supported or not known",
  () => {
    const refusals = globSync(`${PUBLISHED}/**/*.yml`)
      .map(refusalOf)
      .filter((message) => message !== undefined);
    expect(refusals.filter((message) => !/^\S+\.yml:\d+: \S+: .*not (supported|known)/.test(message))).toEqual([]);
  },
);

test.skipIf(!existsSync(PUBLISHED))("CloudTrail's rules find what they are about", () => {
  const file = `${PUBLISHED}/rules/cloud/aws/cloudtrail/aws_cloudtrail_guardduty_detector_deleted_or_updated.yml`;
  const rules = [compileRule(parseRule(readFileSync(file, "utf8"), file), {})];
  const update = {
    eventSource: "guardduty.amazonaws.com",
    eventName: "UpdateDetector",
    requestParameters: { enable: false },
  };
  const found = (record: object): number =>
    detect(rules, { raw: { product: "aws", service: "cloudtrail", record } }).length;
  expect(found(update)).toBe(1);
  expect(found({ ...update, requestParameters: { enable: true } })).toBe(0);
  expect(found({ ...update, errorCode: "AccessDenied" })).toBe(0);
});
