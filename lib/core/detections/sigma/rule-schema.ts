/** The shell of a Sigma rule (https://sigmahq.io/sigma-specification/specification/sigma-rules-specification.html). */
import * as z from "zod";
import { LEVELS } from "../../record/finding.ts";
import { parseTimespan, TIMESPAN_FORM } from "../correlation/timespan.ts";

const text = z.string("must be text").trim().min(1, "must not be empty");
const texts = z.array(text, "must be a list of text").default([]);
const logsourceName = z
  .string("must be text")
  .regex(/^[a-z0-9_.-]+$/, "must be lower-case letters, digits, _, . and -")
  .optional();

/** What is meant, what to check, how to contain it. */
const RUNBOOK_LINES = 3;

/** Of which a source may have one, two or three; what else is written there is for people. */
export const LogsourceSchema = z
  .looseObject(
    { product: logsourceName, service: logsourceName, category: logsourceName },
    "must be a map of product, service, category",
  )
  .refine(
    ({ product, service, category }) => product ?? service ?? category,
    "must name a product, a service or a category",
  );

const duration = z.string(TIMESPAN_FORM).transform((written, context) => {
  const ms = parseTimespan(written);
  if (ms !== undefined) return ms;
  context.addIssue({ code: "custom", message: TIMESPAN_FORM });
  return z.NEVER;
});

/** Gatebook's own: fire only on what was not seen together in the time before. */
const FirstSeenSchema = z
  .strictObject({
    fields: z.array(text, "must be a list of fields").min(1, "must name a field"),
    within: duration,
    learn: duration,
  })
  .transform(({ fields, within, learn }) => ({ fields, withinMs: within, learnMs: learn }));

/** Keys of Sigma that are not read here (author, references, status, …) may be there. */
export const RuleSchema = z.looseObject(
  {
    title: text,
    id: z.guid("must be a UUID: findings are told apart by it").optional(),
    name: text.optional(),
    level: z.enum(LEVELS, `must be one of ${LEVELS.join(", ")}`).optional(),
    description: z.string("must be text").trim().default(""),
    falsepositives: z.union([texts, text.transform((line) => [line])], "must be a list of text").default([]),
    tags: texts,
    runbook: z
      .array(text, "must be a list of three lines")
      .length(RUNBOOK_LINES, "must be exactly three lines: what it means, what to check, how to contain it")
      .optional(),
    staged: z.boolean("must be true or false").default(false),
    first_seen: FirstSeenSchema.optional(),
    /** Gatebook's own: access policies whose denials the rule reports. */
    policies: texts,
    logsource: LogsourceSchema,
    detection: z.record(z.string(), z.unknown(), "must be a map of selections and a condition"),
  },
  "must be a map of keys: title, id, level, logsource, detection, …",
);

export type RuleSchema = z.infer<typeof RuleSchema>;
