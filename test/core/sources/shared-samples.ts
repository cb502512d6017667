/** Recorded events that lie beside the work tree on some machines: published samples and captures of AWS and GitHub. */
import { existsSync, globSync, readFileSync } from "node:fs";
import * as path from "node:path";
import type { OcsfSchema } from "../../ocsf-validator.ts";

const SHARED = path.resolve(import.meta.dirname, "../../../../shared/data");
const SCHEMA = path.join(SHARED, "ocsf/ocsf-1.8.0.json");

export const hasOcsfSchema = existsSync(SCHEMA);
export const hasSamples = hasOcsfSchema && existsSync(path.join(SHARED, "aws-events"));

export function ocsfSchema(): OcsfSchema {
  return JSON.parse(readFileSync(SCHEMA, "utf8"));
}

/** One body of the intake queue, with where it comes from. */
export type Sample = readonly [origin: string, body: string];

/**
 * Samples that are none of the intake's kinds (what Lambda hands to a function for S3, SNS, SQS, Config, Secrets Manager and the like), and one
 * CloudTrail record without any time.
 */
const NOT_OURS =
  /cloudwatch-|code-commit-event|codepipeline-job|config-event|s3-event|secretsmanager-|sns-event|sqs-event|event-config-rule|bedrock-create-customization/;

export function awsSamples(): readonly Sample[] {
  const files = globSync("{aws-events,cloudtrail}/**/*.{json,jsonl}", { cwd: SHARED }).sort();
  return files.filter((file) => !NOT_OURS.test(file)).flatMap(samplesOf);
}

export function gitHubSamples(): readonly Sample[] {
  return globSync("webhooks/octokit/*/*.json", { cwd: SHARED })
    .sort()
    .map((file) => [
      file,
      webhook({ "x-github-event": file.split("/")[2] ?? "" }, readFileSync(path.join(SHARED, file), "utf8")),
    ]);
}

/** As the receiver enqueues it. */
export function webhook(headers: Readonly<Record<string, string>>, body: string): string {
  const receivedAt = Date.parse("2026-11-23T10:00:00Z");
  return JSON.stringify({
    v: 1,
    kind: "webhook",
    source: "github",
    receivedAt,
    headers,
    body: Buffer.from(body).toString("base64"),
  });
}

function samplesOf(file: string): readonly Sample[] {
  const content = readFileSync(path.join(SHARED, file), "utf8");
  return valuesOf(content).map((value, index) => [`${file}:${index}`, JSON.stringify(value.event ?? value)]);
}

/** One JSON document, an array of them, or one on each line. */
function valuesOf(content: string): readonly { readonly event?: unknown }[] {
  try {
    return [JSON.parse(content)].flat();
  } catch {
    return content
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map((line) => JSON.parse(line));
  }
}
