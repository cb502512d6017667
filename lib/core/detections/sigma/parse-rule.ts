/** Reads a Sigma rule; what is wrong or not supported is said with file, line and key. */

import type * as z from "zod";
import { GatebookError } from "../../errors.ts";
import { type Condition, type Logsource, RECORD_LOGSOURCE, type Rule } from "../rule.ts";
import { type ParseContext, parseCondition } from "./condition.ts";
import { parseSelections } from "./parse-selections.ts";
import { type RuleDocument, readRuleDocuments } from "./rule-document.ts";
import { type LogsourceSchema, RuleSchema } from "./rule-schema.ts";

/** What stands under `detection` and is no selection. */
const CONDITION = "condition";
const TIMEFRAME = "timeframe";
const AGGREGATION =
  "aggregations over time are no longer part of Sigma: write a correlation (correlation: { type: … })";

/** The one category that narrows nothing: it says of a product that it is an application. */
const APPLICATION = "application";

/**
 * @param text the YAML of one rule
 * @param file its name, for messages
 * @returns plain JSON
 * @throws GatebookError `RULE_INVALID`, such as `rule.yml:12: detection.selection.userAgent|Re: the modifier Re is not known`
 * @example compileRule(parseRule(await readFile(file, "utf8"), file), { deploy_roles: roles })
 */
export function parseRule(text: string, file: string): Rule {
  const [document, second] = readRuleDocuments(text, file);
  if (document === undefined) throw new GatebookError("RULE_INVALID", `${file}:1: is empty`);
  if (second !== undefined) throw second.invalid([], "a second YAML document where one rule should be");
  return parseRuleDocument(document);
}

/** @throws GatebookError `RULE_INVALID` */
export function parseRuleDocument(document: RuleDocument): Rule {
  const parsed = RuleSchema.safeParse(document.plain);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw document.invalid(issue?.path ?? [], issue?.message ?? "is not a rule");
  }
  const { title, description, falsepositives, tags, runbook = [], staged, policies, detection } = parsed.data;
  const { name, first_seen } = parsed.data;
  const { selections, condition } = parseDetection(detection, "detection", document);
  return {
    ...identityOf(parsed.data, document),
    ...(name !== undefined && { name }),
    title,
    description,
    falsepositives,
    tags,
    runbook,
    file: document.file,
    ...(staged && { staged }),
    ...(policies.length > 0 && { policies }),
    ...(first_seen !== undefined && { firstSeen: first_seen }),
    logsource: toLogsource(parsed.data.logsource, document),
    selections,
    condition,
  };
}

/** What only its correlation calls, by its name, needs neither id nor level of its own. */
function identityOf({ id, level, name }: RuleSchema, document: RuleDocument): Pick<Rule, "id" | "level"> {
  if (id === undefined && name === undefined) {
    throw document.invalid(["id"], "must be a UUID: findings are told apart by it");
  }
  if (level === undefined && name === undefined) throw document.invalid(["level"], "must be there");
  return { id: id ?? name ?? "", level: level ?? "informational" };
}

/**
 * Selections and a condition over them, as rules and filters have.
 *
 * @param parent the key that holds them
 * @throws GatebookError `RULE_INVALID`
 */
export function parseDetection(
  detection: Readonly<Record<string, unknown>>,
  parent: string,
  document: RuleDocument,
): Pick<Rule, "selections" | "condition"> {
  if (TIMEFRAME in detection) throw document.invalid([parent, TIMEFRAME], AGGREGATION);
  const named = Object.entries(detection).filter(([name]) => name !== CONDITION);
  const selections = parseSelections(named, parent, document);
  const names = selections.map(({ name }) => name);
  return { selections, condition: toCondition(detection[CONDITION], [parent, CONDITION], names, document) };
}

export function toLogsource(
  { product, service, category }: z.infer<typeof LogsourceSchema>,
  document: RuleDocument,
): Logsource {
  const { product: ours, service: record } = RECORD_LOGSOURCE;
  if (product === ours && service !== undefined && service !== record) {
    throw document.invalid(["logsource", "service"], `must be ${record}: ${ours} has no other service`);
  }
  const narrows = category !== undefined && !(category === APPLICATION && product !== undefined);
  return {
    ...(product !== undefined && { product }),
    ...(service !== undefined && { service }),
    ...(narrows && { category }),
  };
}

function toCondition(
  written: unknown,
  path: readonly string[],
  names: readonly string[],
  document: RuleDocument,
): Condition {
  const texts = Array.isArray(written) ? written : [written];
  if (texts.length === 0) throw document.invalid(path, "must not be empty");
  const conditions = texts.map((text: unknown) => {
    if (typeof text !== "string") throw document.invalid(path, "must be text, such as: selection and not filter");
    const context: ParseContext = { names, invalid: (message) => document.invalid(path, message) };
    return parseCondition(text, context);
  });
  const [only] = conditions;
  // The specification joins a list of conditions with OR.
  return only !== undefined && conditions.length === 1 ? only : { type: "any", conditions };
}
