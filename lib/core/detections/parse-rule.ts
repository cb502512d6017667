/** Reads a Sigma rule; what is wrong or not supported is said with file, line and key. */
import { type ParseContext, parseCondition } from "./condition.ts";
import { parseSelections } from "./parse-selections.ts";
import { type Condition, type Logsource, RECORD_LOGSOURCE, type Rule } from "./rule.ts";
import { type RuleDocument, readRuleDocument } from "./rule-document.ts";
import { RuleSchema } from "./rule-schema.ts";

/** What stands under `detection` and is no selection. */
const CONDITION = "condition";
const TIMEFRAME = "timeframe";

/** The one category that narrows nothing: it says of a product that it is an application. */
const APPLICATION = "application";

/**
 * @param text the rule's YAML
 * @param file its name, for messages
 * @returns plain JSON
 * @throws GatebookError `RULE_INVALID`, such as `rule.yml:12: detection.selection.userAgent|re: regular expressions are not supported`
 * @example compileRule(parseRule(await readFile(file, "utf8"), file), { deploy_roles: roles })
 */
export function parseRule(text: string, file: string): Rule {
  const document = readRuleDocument(text, file);
  const parsed = RuleSchema.safeParse(document.plain);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw document.invalid(issue?.path ?? [], issue?.message ?? "is not a rule");
  }
  const { id, title, level, description, falsepositives, tags, runbook = [], detection } = parsed.data;
  const selections = parseSelections(
    Object.entries(detection).filter(([name]) => name !== CONDITION && name !== TIMEFRAME),
    document,
  );
  return {
    id,
    title,
    level,
    description,
    falsepositives,
    tags,
    runbook,
    file,
    logsource: toLogsource(parsed.data.logsource, document),
    selections,
    condition: toCondition(
      detection,
      selections.map(({ name }) => name),
      document,
    ),
  };
}

// A rule for a log source that no candidate can have would be loaded and never run.
function toLogsource({ product, service, category }: RuleSchema["logsource"], document: RuleDocument): Logsource {
  if (product === undefined)
    throw document.invalid(["logsource"], "must name a product: a category alone is not supported");
  if (category !== undefined && category !== APPLICATION) {
    throw document.invalid(["logsource", "category"], `${category} is not supported: name the product's service`);
  }
  const { product: ours, service: record } = RECORD_LOGSOURCE;
  if (product === ours && service !== undefined && service !== record) {
    throw document.invalid(["logsource", "service"], `must be ${record}: ${ours} has no other service`);
  }
  return { product, ...(service === undefined ? {} : { service }) };
}

function toCondition(
  detection: Readonly<Record<string, unknown>>,
  names: readonly string[],
  document: RuleDocument,
): Condition {
  if (TIMEFRAME in detection) {
    throw document.invalid(["detection", TIMEFRAME], "aggregations over time are not supported");
  }
  const path = ["detection", CONDITION];
  const written = detection[CONDITION];
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
