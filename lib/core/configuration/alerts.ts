/** Who is mailed, about what, and how often. */
import * as z from "zod";
import { LEVELS } from "../record/finding.ts";
import { date, email } from "./field-types.ts";

/** A phone that rang ten times in a minute is put away. */
const MAX_MAILS_PER_MINUTE = 10;
const MAX_REPEAT_MINUTES = 7 * 24 * 60;
const MAX_REASON_CHARS = 500;

/** `*` is any run of characters, `?` any one: see `matcherOf`. */
const pattern = z.string().min(1);

const Suppression = z.strictObject({
  /** The rule's id or its title. */
  rule: z.string().min(1),
  /** The principal, or the person behind it. */
  principal: pattern.optional(),
  resource: pattern.optional(),
  /** Who answers for it. */
  owner: email,
  reason: z
    .string()
    .trim()
    .min(1, "must say why nobody needs to be told")
    .max(MAX_REASON_CHARS, `must be at most ${MAX_REASON_CHARS} characters`),
  /** The last day, in the organisation's time zone. */
  until: date,
});

export const Alerts = z.strictObject({
  email: z.array(email).min(1, "must name at least one address: an alert that nobody gets is none"),
  minimumLevel: z.enum(LEVELS).default("medium"),
  /** The same rule, principal and resource within this time are one mail, and one that counts the rest; 0 mails each. */
  repeatAfterMinutes: z
    .int()
    .min(0)
    .max(MAX_REPEAT_MINUTES, `must be at most ${MAX_REPEAT_MINUTES}, which is a week`)
    .default(60),
  /** More than these become one digest. */
  maxMailsPerMinute: z.int().min(1).max(1_000).default(MAX_MAILS_PER_MINUTE),
  suppressions: z.array(Suppression).default([]),
  /** Findings go to AWS Security Hub, which has to be enabled in the account and region. */
  securityHub: z.boolean("must be true or false, without quotes").default(false),
});
