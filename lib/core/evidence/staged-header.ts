/** The schema of a staged batch's header. Members that it does not know are kept: what is sent again must equal what was sent first. */
import * as z from "zod";
import { DELIVERY_ACTIONS } from "../record/delivery-action.ts";
import { LEVELS } from "../record/finding.ts";
import { FindingSchema } from "../record/finding-schema.ts";
import type { IndexEntry } from "../record/index-entry.ts";

const text = z.string();
const optionalText = z.string().exactOptional();
const count = z.int().nonnegative();
const action = z.enum(DELIVERY_ACTIONS);
const level = z.enum(LEVELS);

const indexEntry = z.looseObject({
  principal: text,
  eventKey: text,
  identity: optionalText,
  action,
  operation: text,
  person: optionalText,
  resource: optionalText,
  trace: optionalText,
  links: z.array(text).exactOptional(),
  status: z.number().exactOptional(),
  issued: optionalText,
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
  findings: z.array(FindingSchema),
});

export type StagedHeader = z.infer<typeof StagedHeader>;
