/** Backtests of raw records: any log source that Sigma knows, whether Gatebook has a normaliser for it or not. */
import type { Configuration } from "../../lib/core/configuration/configuration.ts";
import { placeholdersOf } from "../../lib/core/configuration/placeholders.ts";
import { compileRule } from "../../lib/core/detections/compile-rule.ts";
import { detect } from "../../lib/core/detections/detect.ts";
import type { Rule } from "../../lib/core/detections/rule.ts";
import { GatebookError } from "../../lib/core/errors.ts";
import type { BacktestMatch } from "./backtest-match.ts";
import { type Complaints, readEvents } from "./input.ts";

/** Where products keep these; the first that is there is taken. */
const TIME_FIELDS = ["eventTime", "time", "timestamp", "@timestamp", "created_at", "published", "TimeGenerated"];
const ID_FIELDS = ["eventID", "_document_id", "uuid", "id", "Id"];
const PRINCIPAL_FIELDS = ["userIdentity.arn", "actor", "actor.alternateId", "user", "userPrincipalName", "UserId"];
const RESOURCE_FIELDS = ["requestParameters.roleArn", "requestParameters.bucketName", "repo", "org", "resource"];

export interface RawBacktest {
  readonly configuration: Configuration;
  readonly rules: readonly Rule[];
  /** `PRODUCT/SERVICE`. */
  readonly logsource: string;
}

/** @throws GatebookError `INPUT_INVALID` for a log source that is not written as product/service */
export function backtestRaw(
  paths: string[],
  { configuration, rules, logsource }: RawBacktest,
  complaints: Complaints,
): BacktestMatch[] {
  const [product, service, ...more] = logsource.split("/");
  if (!product || more.length > 0) {
    throw new GatebookError(
      "INPUT_INVALID",
      `--logsource ${logsource}: is written PRODUCT/SERVICE, such as aws/cloudtrail`,
    );
  }
  const placeholders = placeholdersOf(configuration);
  const compiled = rules.map((rule) => compileRule(rule, placeholders));
  const matches = [...readEvents(paths, complaints)].flatMap(({ at, value }) => {
    if (typeof value !== "object" || value === null) {
      complaints.addRecord({ at, problem: "is JSON, and no object" });
      return [];
    }
    const raw = { product, ...(service !== undefined && { service }), record: value };
    return detect(compiled, { raw }).map(({ rule }) => toMatch(at, value, rule));
  });
  return matches.sort((a, b) => compare(a.time, b.time));
}

function toMatch(at: string, record: object, { id, title, level }: Rule): BacktestMatch {
  return {
    at,
    event: firstText(record, ID_FIELDS),
    rule: id,
    title,
    level,
    time: toIso(firstText(record, TIME_FIELDS)),
    principal: firstText(record, PRINCIPAL_FIELDS),
    resource: firstText(record, RESOURCE_FIELDS),
  };
}

function firstText(record: object, paths: readonly string[]): string | null {
  for (const path of paths) {
    const found = path
      .split(".")
      .reduce<unknown>(
        (value, name) => (isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined),
        record,
      );
    if (typeof found === "string" || typeof found === "number") return String(found);
  }
  return null;
}

function toIso(text: string | null): string | null {
  if (text === null) return null;
  const time = /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  // Products count in seconds or in milliseconds; seconds reach this number in the year 5138.
  const milliseconds = /^\d+$/.test(text) && time < 1e11 ? time * 1000 : time;
  return Number.isNaN(new Date(milliseconds).getTime()) ? null : new Date(milliseconds).toISOString();
}

/** What has no time keeps its place at the end; equal times keep the order of the files. */
function compare(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -1 : 1;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
