/** Detection rules as they lie on disk, each with its own examples beside it. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { RuleExample } from "../core/detections/example.ts";
import { type RuleProblem, refuseProblems } from "../core/detections/rule-problem.ts";
import { type RuleReading, type RuleSet, readRuleSet } from "../core/detections/rule-set.ts";
import { GatebookError } from "../core/errors.ts";
import { readJsonFile } from "./json-file.ts";

const RULE_FILE = /\.ya?ml$/i;

/** Every YAML file in the folder and below it, in the order of their paths. @throws GatebookError `INPUT_INVALID` where there is none */
function listRuleFiles(directory: string): string[] {
  if (!existsSync(directory))
    throw new GatebookError("INPUT_INVALID", `${directory}: there is no such folder of rules`);
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && RULE_FILE.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  if (files.length === 0) throw new GatebookError("INPUT_INVALID", `${directory}: holds no rule (*.yml)`);
  return files;
}

/** All rules of a folder, and what is wrong with it. @throws GatebookError `INPUT_INVALID` where the folder holds none */
export function readRules(
  directory: string,
  reading?: RuleReading,
): { readonly set: RuleSet; readonly problems: readonly RuleProblem[] } {
  const files = listRuleFiles(directory).map((file) => ({ file, text: readFileSync(file, "utf8") }));
  return readRuleSet(files, reading);
}

/** All rules of a folder. @throws GatebookError `RULE_INVALID` with every problem, a line each; `INPUT_INVALID` */
export function requireRules(directory: string, reading?: RuleReading): RuleSet {
  const { set, problems } = readRules(directory, reading);
  refuseProblems(problems);
  return set;
}

/** The examples of `match/` and `ignore/` beside a file of rules. @throws GatebookError `INPUT_INVALID` */
export function readExamples(file: string): { readonly match: RuleExample[]; readonly ignore: RuleExample[] } {
  const folder = dirname(file);
  return { match: readFolder(join(folder, "match")), ignore: readFolder(join(folder, "ignore")) };
}

function readFolder(folder: string): RuleExample[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => join(folder, name))
    .map((file) => ({ file, record: readJsonFile(file) }));
}
