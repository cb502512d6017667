/** The schema of a staged batch's header. Members that it does not know are kept: what is sent again must equal what was sent first. */
import * as z from "zod";
import { DELIVERY_ACTIONS } from "../record/delivery-action.ts";
import { type Finding, LEVELS } from "../record/finding.ts";
import type { IndexEntry } from "../record/index-entry.ts";

const text = z.string();
const optionalText = z.string().exactOptional();
const count = z.int().nonnegative();
const action = z.enum(DELIVERY_ACTIONS);
const level = z.enum(LEVELS);

const granted = z.looseObject({
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

const finding = z.looseObject({
  uid: text,
  rule: z.looseObject({ id: text, title: text }),
  level,
  time: z.number(),
  principal: text,
  person: optionalText,
  action,
  operation: text,
  resource: optionalText,
  event: text,
  granted,
  why: text,
  next: z.array(text),
}) satisfies z.ZodType<Finding>;

const indexEntry = z.looseObject({
  principal: text,
  eventKey: text,
  action,
  operation: text,
  person: optionalText,
  resource: optionalText,
  trace: optionalText,
  status: z.number().exactOptional(),
  finding: level.exactOptional(),
}) satisfies z.ZodType<IndexEntry>;

const stagedObject = z.object({ path: text, contentType: text, length: count });

export const StagedHeader = z.object({
  v: z.literal(1),
  origin: text,
  time: z.number(),
  from: count,
  size: count,
  root: z.string().regex(/^[0-9a-f]{64}$/),
  created: z.array(stagedObject),
  carried: z.array(stagedObject),
  entries: z.array(indexEntry),
  findings: z.array(finding),
});

export type StagedHeader = z.infer<typeof StagedHeader>;
