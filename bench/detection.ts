/** Detection with many rules, JSON parsing included, against parsing the same lines alone. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readRules } from "../lib/adapters/rule-files.ts";
import { placeholdersOf } from "../lib/core/configuration/placeholders.ts";
import { createMatcher, type RuleMatcher } from "../lib/core/detections/match/detect.ts";
import type { FieldTest, Rule, Value } from "../lib/core/detections/rule.ts";
import { classifier } from "../lib/core/record/classify.ts";
import { prepareRecord, viewOf } from "../lib/core/record/prepare-record.ts";
import { compare } from "./compare.ts";
import { distinctMessages, readSettings } from "./events.ts";
import type { Measurement } from "./measurement.ts";

const MESSAGES = 2_000;
/** Of each of our rules, which makes thousands of them. */
const COPIES = 20;
const RATIO_BOUND = 0.6;
/** How many rules a large organisation may have, and how the cost grows up to there. */
const SIZES = [1, 10, 100, 1_000, 3_000];

/** Optional, where this machine has them beside the work tree. */
const PUBLISHED = join(import.meta.dirname, "..", "..", "shared", "data", "sigma-rules", "rules", "cloud", "aws");

/** A CloudTrail record as a line of JSON, and beside it what rules over the normalised record see. */
interface Line {
  readonly text: string;
  readonly view: unknown;
}

export async function measureDetection(): Promise<Measurement[]> {
  const { configuration, rules: ours } = readSettings();
  const placeholders = placeholdersOf(configuration);
  const lines = await cloudTrailLines();
  const copiesOf = (rules: readonly Rule[], count: number): Rule[] =>
    Array.from({ length: count }, (_, copy) => rules.map((rule) => vary(rule, copy))).flat();
  const measurements = [
    await measure(`our ${ours.rules.length} rules`, createMatcher(ours, placeholders), lines),
    await measure(
      `our ${ours.rules.length} rules, ${COPIES} times with other values`,
      createMatcher({ rules: copiesOf(ours.rules, COPIES) }, placeholders),
      lines,
    ),
  ];
  if (!existsSync(PUBLISHED)) return measurements;
  const { set } = readRules(PUBLISHED);
  const published = await measure(`${set.rules.length} rules of Sigma for AWS`, createMatcher(set, {}), lines);
  measurements.push({ ...published, bound: { of: "ratio", atLeast: RATIO_BOUND } });
  for (const size of SIZES) {
    const rules = copiesOf(set.rules, Math.ceil(size / set.rules.length)).slice(0, size);
    measurements.push(await measure(`Sigma's, ${size} with other values`, createMatcher({ rules }, {}), lines));
  }
  return measurements;
}

/** A rule about other values: of what is written, the first copy keeps all and the others only the service that is called. */
function vary(rule: Rule, copy: number): Rule {
  if (copy === 0) return rule;
  const varied = (test: FieldTest): FieldTest =>
    test.field === SERVICE_FIELD || test.expand
      ? test
      : { ...test, values: test.values.map((value) => otherThan(value, copy)) };
  const selections = rule.selections.map(({ name, alternatives }) => ({
    name,
    alternatives: alternatives.map((tests) => tests.map(varied)),
  }));
  return { ...rule, selections };
}

const SERVICE_FIELD = "eventSource";

function otherThan(value: Value, copy: number): Value {
  return typeof value === "string" ? `${value}${copy}` : value;
}

async function cloudTrailLines(): Promise<Line[]> {
  const classify = classifier(readSettings().configuration);
  const lines: Line[] = [];
  for (const message of distinctMessages(MESSAGES)) {
    const prepared = await prepareRecord(message, classify);
    if (prepared.raw.service !== "cloudtrail") continue;
    lines.push({ text: JSON.stringify(prepared.raw.record), view: viewOf(prepared) });
  }
  return lines;
}

async function measure(work: string, matching: RuleMatcher, lines: readonly Line[]): Promise<Measurement> {
  const { workMs, ratio } = await compare(
    () => {
      for (const { text } of lines) JSON.parse(text);
    },
    () => {
      for (const { text, view } of lines) {
        matching({ raw: { product: "aws", service: "cloudtrail", record: JSON.parse(text) }, view });
      }
    },
  );
  return {
    benchmark: "detection",
    work,
    value: lines.length / (workMs / 1000),
    unit: "events/s",
    ratio: { value: ratio, to: "JSON.parse" },
  };
}
