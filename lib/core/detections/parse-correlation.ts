/** Reads a Sigma correlation; what is wrong is said with file, line and key. */
import * as z from "zod";
import { LEVELS } from "../record/finding.ts";
import { parseTimespan, TIMESPAN_FORM } from "./correlation/timespan.ts";
import { BOUNDS, CORRELATION_TYPES, type CorrelationCondition, type CorrelationRule } from "./correlation-rule.ts";
import type { RuleDocument } from "./sigma/rule-document.ts";

const MAX_RULES = 100;
const MAX_FIELDS = 16;
const MAX_FIELD_CHARACTERS = 256;
const RUNBOOK_LINES = 3;

const text = z.string("must be text").trim().min(1, "must not be empty");
const texts = z.array(text, "must be a list of text").default([]);
const field = text.max(MAX_FIELD_CHARACTERS, `must be at most ${MAX_FIELD_CHARACTERS} characters`);
const fields = z
  .union([z.array(field), field.transform((only) => [only])], "must be a field or a list of fields")
  .refine((names) => new Set(names).size === names.length, "names a field twice")
  .refine((names) => names.length <= MAX_FIELDS, `must be at most ${MAX_FIELDS} fields`);
const number = z.number("must be a number");

const KEYS = "must be a map of keys: type, rules, group-by, timespan, condition";

const NAMES_ARE_NO_CONDITION =
  "must be a map such as { gte: 10 }: conditions over the names of rules are not supported, list them under rules";

const Condition = z.strictObject(
  {
    ...Object.fromEntries(BOUNDS.map((by) => [by, number.optional()])),
    field: fields.optional(),
    percentile: number.min(0, "must be 0 to 100").max(100, "must be 0 to 100").optional(),
  } as Record<(typeof BOUNDS)[number], z.ZodOptional<z.ZodNumber>> & {
    field: z.ZodOptional<typeof fields>;
    percentile: z.ZodOptional<z.ZodNumber>;
  },
  { error: ({ code }) => (code === "invalid_type" ? NAMES_ARE_NO_CONDITION : undefined) },
);

const CorrelationSchema = z.looseObject({
  title: text,
  id: z.guid("must be a UUID: findings are told apart by it").optional(),
  name: text.optional(),
  level: z.enum(LEVELS, `must be one of ${LEVELS.join(", ")}`).default("medium"),
  description: z.string("must be text").trim().default(""),
  falsepositives: z.union([texts, text.transform((line) => [line])], "must be a list of text").default([]),
  tags: texts,
  staged: z.boolean("must be true or false").optional(),
  runbook: z
    .array(text, "must be a list of three lines")
    .length(RUNBOOK_LINES, "must be exactly three lines: what it means, what to check, how to contain it")
    .default([]),
  detection: z.undefined("a correlation has none: it refers to rules that have").optional(),
  generate: z.boolean("must be true or false").optional(),
  correlation: z.strictObject(
    {
      type: z.enum(CORRELATION_TYPES, `must be one of ${CORRELATION_TYPES.join(", ")}`),
      rules: z
        .union([z.array(text), text.transform((only) => [only])], "must be a list of ids or names of rules")
        .refine((names) => names.length > 0, "must not be empty")
        .refine((names) => new Set(names).size === names.length, "names a rule twice")
        .refine((names) => names.length <= MAX_RULES, `must be at most ${MAX_RULES} rules`),
      "group-by": fields.default([]),
      timespan: z.string(TIMESPAN_FORM).refine((span) => parseTimespan(span) !== undefined, TIMESPAN_FORM),
      condition: Condition.optional(),
      aliases: z
        .record(z.string(), z.record(z.string(), field, "must be a map of a rule's name and its field"))
        .default({}),
      generate: z.boolean("must be true or false").optional(),
    },
    { error: ({ code }) => (code === "invalid_type" ? KEYS : undefined) },
  ),
});

/** @throws GatebookError `RULE_INVALID`, such as `rule.yml:9: correlation.timespan: must be a number and one of s, m, h, …` */
export function parseCorrelation(document: RuleDocument): CorrelationRule {
  const parsed = CorrelationSchema.safeParse(document.plain);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw document.invalid(issue?.path ?? [], issue?.message ?? "is not a correlation");
  }
  const { correlation, id: uuid, name, staged, title, level, description, falsepositives, tags, runbook } = parsed.data;
  const id = uuid ?? name;
  if (id === undefined) throw document.invalid(["title"], "has neither id nor name: findings are told apart by it");
  const { type, rules, aliases } = correlation;
  return {
    id,
    title,
    level,
    description,
    falsepositives,
    tags,
    runbook,
    file: document.file,
    line: document.lineOf(["correlation"]),
    ...(name !== undefined && { name }),
    ...(staged !== undefined && { staged }),
    type,
    rules,
    groupBy: correlation["group-by"],
    aliases,
    timespanMs: parseTimespan(correlation.timespan) ?? 0,
    condition: toCondition(correlation.condition ?? {}, type, document),
    generate: correlation.generate ?? parsed.data.generate ?? false,
  };
}

function toCondition(
  written: z.infer<typeof Condition>,
  type: CorrelationRule["type"],
  document: RuleDocument,
): CorrelationCondition {
  const path = ["correlation", "condition"];
  const bounds = BOUNDS.flatMap((by) => {
    const value = written[by];
    return value === undefined ? [] : [{ by, value }];
  });
  const isTemporal = type === "temporal" || type === "temporal_ordered";
  const isOfValues = type.startsWith("value_");
  const { field: of = [], percentile } = written;
  if (bounds.length === 0 && !isTemporal) throw document.invalid(path, `must have one of ${BOUNDS.join(", ")}`);
  if (isOfValues && of.length === 0) throw document.invalid(path, `must name the field that ${type} is about`);
  if (!isOfValues && of.length > 0) throw document.invalid([...path, "field"], `means nothing to ${type}`);
  if (type !== "value_count" && of.length > 1) throw document.invalid([...path, "field"], `${type} takes one field`);
  if (type === "value_percentile" && percentile === undefined) {
    throw document.invalid(path, "must say which percentile, such as percentile: 95");
  }
  if (type !== "value_percentile" && percentile !== undefined) {
    throw document.invalid([...path, "percentile"], `means nothing to ${type}`);
  }
  return { bounds, fields: of, ...(percentile !== undefined && { percentile }) };
}
