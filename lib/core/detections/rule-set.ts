/** All rules of an organisation: plain JSON, so that it can be stored beside a function. */
import { linkCorrelations } from "./correlation/link-correlations.ts";
import type { CorrelationRule } from "./correlation-rule.ts";
import { type IndexPlan, planIndex } from "./match/plan.ts";
import { parseCorrelation } from "./parse-correlation.ts";
import { refusePolicies, requirePolicies, silentlyReporting } from "./reported-policies.ts";
import type { Rule } from "./rule.ts";
import { type RuleProblem, toProblem } from "./rule-problem.ts";
import { unfoldCollection } from "./sigma/collection.ts";
import { applyFilter, parseFilter, type RuleFilter } from "./sigma/filter.ts";
import { parseRuleDocument } from "./sigma/parse-rule.ts";
import { type RuleDocument, readRuleDocuments } from "./sigma/rule-document.ts";

export interface RuleSet {
  readonly rules: readonly Rule[];
  readonly correlations: readonly CorrelationRule[];
  /** How to find the few rules that can match a record; without it, that is worked out when the first record comes. */
  readonly plan?: IndexPlan;
}

export const NO_RULES: RuleSet = { rules: [], correlations: [] };

export interface RuleFile {
  /** Its name, for messages. */
  readonly file: string;
  /** YAML of one document or more. */
  readonly text: string;
}

interface Reading {
  readonly rules: { readonly rule: Rule; readonly document: RuleDocument }[];
  readonly correlations: { readonly rule: CorrelationRule; readonly document: RuleDocument }[];
  readonly filters: RuleFilter[];
  readonly problems: RuleProblem[];
}

export interface RuleReading {
  /** Ids that rules may name under `policies`; without them, none is checked. */
  readonly policies?: ReadonlySet<string>;
}

/**
 * Reads rules, correlations and filters. What is wrong is told, and the rest is read.
 *
 * @returns the set as plain JSON, its plan included; filters are part of their rules
 */
export function readRuleSet(
  files: readonly RuleFile[],
  { policies }: RuleReading = {},
): {
  readonly set: RuleSet;
  readonly problems: readonly RuleProblem[];
} {
  const reading: Reading = { rules: [], correlations: [], filters: [], problems: [] };
  for (const file of files) {
    const documents = attempt(reading, file.file, () => unfoldCollection(readRuleDocuments(file.text, file.file)));
    for (const document of documents ?? [])
      attempt(reading, file.file, () => readDocument(document, reading, policies));
  }
  let rules: readonly Rule[] = reading.rules.map(({ rule }) => rule);
  for (const filter of reading.filters) {
    attempt(reading, filter.document.file, () => {
      rules = applyFilter(rules, filter);
    });
  }
  const known = [...rules, ...reading.correlations.map(({ rule }) => rule)];
  const correlations = reading.correlations.flatMap(
    ({ rule, document }) => attempt(reading, rule.file, () => requireReferences(rule, known, document)) ?? [],
  );
  // What refers to itself, or to what cannot be run.
  const { linked, silent, problems } = linkCorrelations({ rules, correlations });
  const runnable = new Set(linked.map(({ rule }) => rule));
  return {
    set: { rules, correlations: correlations.filter((rule) => runnable.has(rule)), plan: planIndex(rules) },
    problems: [
      ...reading.problems,
      ...problems,
      ...reading.rules.flatMap(({ rule: { id }, document }) => silentlyReporting(silent.has(id), document)),
    ],
  };
}

function readDocument(
  document: RuleDocument,
  { rules, correlations, filters }: Reading,
  policies: ReadonlySet<string> | undefined,
): void {
  const known = [...rules, ...correlations];
  if (document.has(["correlation"])) {
    refusePolicies(document);
    const rule = parseCorrelation(document);
    requireUnique(rule, known, document);
    correlations.push({ rule, document });
  } else if (document.has(["filter"])) {
    if (document.has(["detection"]))
      throw document.invalid(["filter"], "a rule has none: write it as a document of its own");
    filters.push(parseFilter(document));
  } else {
    const rule = parseRuleDocument(document);
    if (policies !== undefined) requirePolicies(rule.policies, policies, document);
    requireUnique(rule, known, document);
    rules.push({ rule, document });
  }
}

type Named = Pick<Rule, "id" | "name" | "file">;

function requireUnique(rule: Named, known: readonly { readonly rule: Named }[], document: RuleDocument): void {
  for (const { rule: other } of known) {
    if (other.id === rule.id) throw document.invalid(["id"], `${rule.id} is the id of a rule in ${other.file} already`);
    if (rule.name !== undefined && other.name === rule.name) {
      throw document.invalid(["name"], `${rule.name} is the name of a rule in ${other.file} already`);
    }
  }
}

function requireReferences(
  rule: CorrelationRule,
  known: readonly Named[],
  document: RuleDocument,
): readonly [CorrelationRule] {
  for (const [i, reference] of rule.rules.entries()) {
    if (known.some(({ id, name }) => id === reference || name === reference)) continue;
    throw document.invalid(["correlation", "rules", i], `no rule has the id or the name ${reference}`);
  }
  return [rule];
}

/** What is wrong becomes a problem of the file; undefined then. */
function attempt<T>({ problems }: Reading, file: string, step: () => T): T | undefined {
  try {
    return step();
  } catch (error) {
    problems.push(toProblem(error, file));
    return undefined;
  }
}
