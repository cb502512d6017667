/** Backtests of raw records: any log source that Sigma knows, whether Gatebook has a normaliser for it or not. */
import { hash } from "node:crypto";
import type { PastFinding } from "../../lib/core/alerting/expected-alerts.ts";
import type { Configuration } from "../../lib/core/configuration/configuration.ts";
import { placeholdersOf } from "../../lib/core/configuration/placeholders.ts";
import type { Candidate, Match } from "../../lib/core/detections/detection.ts";
import { createDetector } from "../../lib/core/detections/detector.ts";
import { compactJson } from "../../lib/core/detections/match/compact-json.ts";
import type { Logsource } from "../../lib/core/detections/rule.ts";
import type { RuleSet } from "../../lib/core/detections/rule-set.ts";
import { GatebookError } from "../../lib/core/errors.ts";
import { type Backtested, type BacktestMatch, spanOf } from "./backtest-match.ts";
import { type Complaints, readEvents } from "./input.ts";

/** Where products keep these; the first that is there is taken. */
const TIME_FIELDS = ["eventTime", "time", "timestamp", "@timestamp", "created_at", "published", "TimeGenerated"];
const ID_FIELDS = ["eventID", "_document_id", "uuid", "id", "Id"];
const PRINCIPAL_FIELDS = ["userIdentity.arn", "actor", "actor.alternateId", "user", "userPrincipalName", "UserId"];
const RESOURCE_FIELDS = ["requestParameters.roleArn", "requestParameters.bucketName", "repo", "org", "resource"];

export interface RawBacktest {
  readonly configuration: Configuration;
  readonly rules: RuleSet;
  /** `PRODUCT/SERVICE/CATEGORY`, as far as the records have them. */
  readonly logsource: string;
}

/** @throws GatebookError `INPUT_INVALID` for a log source that is not written as product/service/category */
export async function backtestRaw(
  paths: string[],
  { configuration, rules, logsource }: RawBacktest,
  complaints: Complaints,
): Promise<Backtested> {
  const source = parseLogsource(logsource);
  const detect = createDetector({ rules, placeholders: placeholdersOf(configuration) });
  const events = [...readEvents(paths, complaints)].flatMap(({ at, value }) => {
    if (typeof value === "object" && value !== null) return [{ at, record: value }];
    complaints.addRecord({ at, problem: "is JSON, and no object" });
    return [];
  });
  const candidates = events.map(({ at, record }) => toCandidate(at, record, source));
  const found = await detect(candidates);
  const matches = events
    .flatMap(({ at, record }, i) => (found[i] ?? []).map((match) => toMatch(at, record, match)))
    .sort((a, b) => compare(a.time, b.time));
  const onTrial = new Set([...rules.rules, ...rules.correlations].flatMap(({ id, staged }) => (staged ? [id] : [])));
  return {
    matches,
    findings: matches.map((match) => toPastFinding(match, onTrial)),
    span: spanOf(candidates.map(({ time }) => time)),
  };
}

function toPastFinding(
  { at, rule, title, level, time, principal, resource }: BacktestMatch,
  onTrial: ReadonlySet<string>,
): PastFinding {
  return {
    uid: `${rule}:${at}`,
    rule: { id: rule, title },
    level,
    time: Date.parse(time ?? ""),
    principal: principal ?? "unknown",
    ...(resource !== null && { resource }),
    ...(onTrial.has(rule) && { staged: true }),
  };
}

function toCandidate(at: string, record: object, source: Logsource): Candidate {
  return {
    // What products call an id may be somebody's or something's: it is the same event only if all of it is the same.
    get id() {
      return hash("sha256", compactJson(record), "hex");
    },
    event: firstText(record, ID_FIELDS) ?? at,
    time: Date.parse(toIso(firstText(record, TIME_FIELDS)) ?? ""),
    raw: { ...source, record },
  };
}

/** Any part may be empty, as in `linux//process_creation`, but not all of them. */
function parseLogsource(written: string): Logsource {
  const [product, service, category, ...more] = written.split("/");
  if (more.length > 0 || !(product || service || category)) {
    const form = "is written PRODUCT, PRODUCT/SERVICE or PRODUCT/SERVICE/CATEGORY, such as aws/cloudtrail";
    throw new GatebookError("INPUT_INVALID", `--logsource ${written}: ${form}`);
  }
  return { ...(product && { product }), ...(service && { service }), ...(category && { category }) };
}

function toMatch(at: string, record: object, { rule: { id, title, level } }: Match): BacktestMatch {
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
