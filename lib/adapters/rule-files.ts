/** Detection rules as they lie on disk, each with its own examples beside it. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseRule } from "../core/detections/parse-rule.ts";
import type { Rule } from "../core/detections/rule.ts";
import type { RuleEvent, RuleWithEvents } from "../core/detections/test-rule.ts";
import { GatebookError } from "../core/errors.ts";

const RULE_FILE = /\.ya?ml$/i;

/** Every YAML file in the folder and below it, in the order of their paths. @throws GatebookError `INPUT_INVALID` where there is none */
export function listRuleFiles(directory: string): string[] {
  if (!existsSync(directory))
    throw new GatebookError("INPUT_INVALID", `${directory}: there is no such folder of rules`);
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && RULE_FILE.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  if (files.length === 0) throw new GatebookError("INPUT_INVALID", `${directory}: holds no rule (*.yml)`);
  return files;
}

/** @throws GatebookError `RULE_INVALID`, naming file and line */
export function readRule(file: string): Rule {
  return parseRule(readFileSync(file, "utf8"), file);
}

/** A rule with the events of `match/` and `ignore/` beside it. @throws GatebookError `RULE_INVALID`, `INPUT_INVALID` */
export function readRuleWithEvents(file: string): RuleWithEvents {
  const folder = dirname(file);
  return { rule: readRule(file), match: readEvents(join(folder, "match")), ignore: readEvents(join(folder, "ignore")) };
}

function readEvents(folder: string): RuleEvent[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => join(folder, name))
    .map((file) => ({ file, record: parseEvent(file) }));
}

function parseEvent(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new GatebookError(
      "INPUT_INVALID",
      `${file}: is not JSON: ${cause instanceof Error ? cause.message : cause}`,
      { cause },
    );
  }
}
