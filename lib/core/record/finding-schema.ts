/** A finding as it comes back from a queue, a staged batch or an event of our own. Members that it does not know are kept. */
import * as z from "zod";
import { DELIVERY_ACTIONS } from "./delivery-action.ts";
import { type Finding, LEVELS } from "./finding.ts";

const text = z.string();
const optionalText = z.string().exactOptional();
const optionalTexts = z.array(text).exactOptional();

export const GrantedSchema = z.looseObject({
  by: z.enum([
    "console",
    "access-key",
    "assumed-role",
    "federation",
    "identity-center",
    "root",
    "service",
    "token",
    "unknown",
  ]),
  mfa: z.boolean().exactOptional(),
  chain: z.array(text).exactOptional(),
  provider: optionalText,
  subject: optionalText,
  credential: optionalText,
  sourceAddress: optionalText,
  userAgent: optionalText,
});

export const FindingSchema = z.looseObject({
  uid: z.string().min(1),
  rule: z.looseObject({ id: z.string().min(1), title: z.string().min(1) }),
  level: z.enum(LEVELS),
  time: z.number(),
  principal: text,
  person: optionalText,
  action: z.enum(DELIVERY_ACTIONS),
  operation: text,
  resource: optionalText,
  event: text,
  granted: GrantedSchema,
  why: text,
  next: z.array(text),
  components: optionalTexts,
  production: z.boolean().exactOptional(),
  changes: optionalTexts,
  tags: optionalTexts,
  staged: z.boolean().exactOptional(),
  trace: optionalText,
  falsePositives: optionalTexts,
  events: optionalTexts,
  count: z.number().exactOptional(),
  raisedFrom: z.enum(LEVELS).exactOptional(),
}) satisfies z.ZodType<Finding>;
