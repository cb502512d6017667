/** As many different events as a benchmark wants, made of the recorded ones under test/events, and the settings to record them with. */
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readPolicies } from "../lib/adapters/cedar-policies.ts";
import { requireRules } from "../lib/adapters/rule-files.ts";
import { parseConfiguration } from "../lib/core/configuration/parse-configuration.ts";
import type { Settings } from "../lib/core/settings.ts";
import { recordedMessage } from "../lib/core/sources/recorded/recorded.ts";

const ROOT = join(import.meta.dirname, "..");
const EVENTS = join(ROOT, "test", "events");
const CONFIGURATION_FILE = join(ROOT, "gatebook.yml");
const RULES_FOLDER = join(ROOT, "rules", "detections");
const POLICIES_FOLDER = join(ROOT, "rules", "access");

/** When the webhooks arrived: any time will do, as long as each run has the same. */
const RECEIVED_AT = Date.parse("2026-11-23T10:00:00Z");

/** Events, deliveries and pipeline executions all have one for their id. */
const UUID = /\b[0-9a-f]{8}(-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\b/g;
const FIRST_DIGITS = 8;
/** Deliveries and records that are named otherwise. */
const OTHER_ID = /("(?:webhook-id|x-request-id|_document_id)":")([^"]+)"/g;
/** Bare bodies repeat what the folders of the sources hold. */
const REPEATED = /^recorded\//;

/**
 * Bodies of the intake queue. What belongs together by an id within a folder still does, in each copy apart from the others; the same
 * event recorded in two folders becomes two.
 */
export function distinctMessages(count: number): string[] {
  const files = globSync("*/*.json", { cwd: EVENTS })
    .filter((file) => !REPEATED.test(file))
    .sort();
  const folders = [...new Set(files.map(dirname))];
  const recorded = files.map((file) => ({
    folder: folders.indexOf(dirname(file)),
    message: recordedMessage(JSON.parse(readFileSync(join(EVENTS, file), "utf8")), RECEIVED_AT),
  }));
  return Array.from({ length: Math.ceil(count / recorded.length) }, (_, copy) =>
    recorded.map(({ folder, message }) => vary(message, copy * folders.length + folder)),
  )
    .flat()
    .slice(0, count);
}

export function readSettings(): Settings {
  return {
    configuration: parseConfiguration(readFileSync(CONFIGURATION_FILE, "utf8"), CONFIGURATION_FILE),
    rules: requireRules(RULES_FOLDER),
    access: readPolicies(POLICIES_FOLDER),
  };
}

/** Ids that are no UUID, or are a hash of the whole, vary with a member that no source has. */
function vary(message: string, number: number): string {
  const first = number.toString(16).padStart(FIRST_DIGITS, "0");
  const event: Record<string, unknown> = JSON.parse(
    message.replaceAll(UUID, `${first}$1`).replaceAll(OTHER_ID, `$1$2-${number}"`),
  );
  if (event["kind"] === "webhook" && typeof event["body"] === "string") {
    const body = Buffer.from(event["body"], "base64").toString().replaceAll(UUID, `${first}$1`);
    return JSON.stringify({ ...event, body: Buffer.from(withCopy(body, number)).toString("base64") });
  }
  return JSON.stringify({ ...event, copy: number });
}

function withCopy(body: string, number: number): string {
  return JSON.stringify({ ...JSON.parse(body), copy: number });
}
