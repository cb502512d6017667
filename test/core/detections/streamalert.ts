/** StreamAlert's own tests (github.com/airbnb/streamalert), which lie beside the work tree on some machines: what our rules say of their events. */
import { existsSync, globSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { memoryEventIndex } from "../../../lib/adapters/memory-event-index.ts";
import { requireRules } from "../../../lib/adapters/rule-files.ts";
import { parseConfiguration } from "../../../lib/core/configuration/parse-configuration.ts";
import { createRecorder } from "../../../lib/core/record/recorder.ts";
import { isObject } from "../../../lib/core/sources/json.ts";
import { readRecorded } from "../../../lib/core/sources/recorded/recorded.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const FOLDER = path.resolve(ROOT, "../shared/data/streamalert");
const RECEIVED_AT = Date.parse("2026-11-23T10:00:00Z");

export const hasStreamAlert = existsSync(FOLDER);

/** One of their tests, and what comes of it here. */
export interface Verdict {
  /** `FILE#N`, N counting the tests of the file from 0. */
  readonly test: string;
  /** What happened, in the source's own word. */
  readonly event: string;
  /** Names of the rules that StreamAlert expects to fire; empty where none may. */
  readonly theirs: readonly string[];
  /** Titles of our rules that fire. */
  readonly ours: readonly string[];
}

interface StreamAlertTest {
  readonly data: Readonly<Record<string, unknown>>;
  readonly trigger_rules: readonly string[];
}

/** Those of AWS and GitHub; GuardDuty, Okta and OneLogin are systems that Gatebook does not read. */
export async function streamAlertVerdicts(): Promise<Verdict[]> {
  const file = path.join(ROOT, "rules/example-organisation.yml");
  const configuration = parseConfiguration(readFileSync(file, "utf8"), file);
  const settings = { configuration, rules: requireRules(path.join(ROOT, "rules/detections")) };
  const verdicts: Verdict[] = [];
  for (const name of globSync("{cloudtrail,cloudwatch_events,github}/*.json", { cwd: FOLDER }).sort()) {
    const tests: readonly StreamAlertTest[] = JSON.parse(readFileSync(path.join(FOLDER, name), "utf8"));
    for (const [n, { data, trigger_rules: theirs }] of tests.entries()) {
      const test = `${path.basename(name, ".json")}#${n}`;
      verdicts.push({ test, theirs, ...(await verdictOn(data, settings)) });
    }
  }
  return verdicts;
}

/** Each of their tests is about its own events alone. */
async function verdictOn(
  data: StreamAlertTest["data"],
  settings: Parameters<typeof createRecorder>[0]["settings"],
): Promise<Pick<Verdict, "event" | "ours">> {
  const record = createRecorder({ settings, index: memoryEventIndex() });
  const sent = data["program"] === "github_audit" ? fromSyslog(data) : recordOf(data);
  const arrivals = readRecorded(sent, { receivedAt: RECEIVED_AT }).map((found, i) => {
    if (found.outcome !== "event") throw new Error(`is ${found.what}`);
    return { id: String(i), body: found.body };
  });
  const { recorded, rejected } = await record(arrivals);
  for (const { reason } of rejected) throw new Error(reason);
  const events = recorded.map(({ record: { event } }) => event.api?.operation ?? event.metadata.event_code);
  const titles = recorded.flatMap((each) => each.record.findings.map(({ rule }) => rule.title));
  return { event: events.join(", "), ours: [...new Set(titles)].sort() };
}

/** GitHub Enterprise Server sends its audit log as syslog lines; whoever collects them takes the JSON out. */
function fromSyslog({ message }: Readonly<Record<string, unknown>>): unknown {
  const text = String(message);
  const { data, ...record } = JSON.parse(text.slice(text.indexOf("{")));
  return { ...record, ...data, "@timestamp": record.created_at };
}

const GAP = "...";
/** What AWS writes with every such call, where their samples leave it out. */
const EVENT_SOURCES: Readonly<Record<string, string>> = {
  AuthorizeSecurityGroupIngress: "ec2.amazonaws.com",
  ConsoleLogin: "signin.amazonaws.com",
  CreateNetworkAclEntry: "ec2.amazonaws.com",
  PutBucketAcl: "s3.amazonaws.com",
  PutObjectAcl: "s3.amazonaws.com",
};

/** Their EventBridge events do not say that AWS sent them; the records within are CloudTrail's. Whatever else is left out stays so. */
function recordOf({ detail, ...data }: StreamAlertTest["data"]): unknown {
  if (!isObject(detail)) return data;
  const { eventName, eventSource, responseElements } = detail;
  const source = EVENT_SOURCES[String(eventName)];
  return {
    ...detail,
    eventSource: eventSource === GAP && source !== undefined ? source : eventSource,
    responseElements: eventName === "ConsoleLogin" ? { ConsoleLogin: "Success" } : responseElements,
  };
}
