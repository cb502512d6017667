/** The shell of a Sigma rule (https://sigmahq.io/sigma-specification/specification/sigma-rules-specification.html). */
import * as z from "zod";
import { LEVELS } from "../record/finding.ts";

const text = z.string("must be text").trim().min(1, "must not be empty");
const texts = z.array(text, "must be a list of text").default([]);
const logsourceName = z
  .string("must be text")
  .regex(/^[a-z0-9_.-]+$/, "must be lower-case letters, digits, _, . and -")
  .optional();

/** What is meant, what to check, how to contain it. */
const RUNBOOK_LINES = 3;

/** Keys of Sigma that are not read here (author, references, status, …) may be there; those that would change the meaning may not. */
export const RuleSchema = z.looseObject(
  {
    title: text,
    id: z.guid("must be a UUID: findings are told apart by it"),
    level: z.enum(LEVELS, `must be one of ${LEVELS.join(", ")}`),
    description: z.string("must be text").trim().default(""),
    falsepositives: z.union([texts, text.transform((line) => [line])], "must be a list of text").default([]),
    tags: texts,
    runbook: z
      .array(text, "must be a list of three lines")
      .length(RUNBOOK_LINES, "must be exactly three lines: what it means, what to check, how to contain it")
      .optional(),
    logsource: z.looseObject(
      { product: logsourceName, service: logsourceName, category: logsourceName },
      "must name a product",
    ),
    detection: z.record(z.string(), z.unknown(), "must be a map of selections and a condition"),
    correlation: z.undefined("correlations are not supported").optional(),
    filter: z.undefined("Sigma filters are not supported").optional(),
    action: z.undefined("rule collections are not supported: write one rule a file").optional(),
  },
  "must be a map of keys: title, id, level, logsource, detection, …",
);

export type RuleSchema = z.infer<typeof RuleSchema>;
