/** The member of a record that says of the index what does not follow from the rest of it. */
import * as z from "zod";
import { MFA_STATES } from "../access/mfa.ts";
import { DELIVERY_ACTIONS } from "./delivery-action.ts";
import { LEVELS } from "./finding.ts";

const text = z.string();
const absent = text.nullable().exactOptional();

/** Members of the index entry that do not follow from the record; null where one follows that the entry does not have. */
export const IndexRemainder = z.object({
  principal: text.exactOptional(),
  eventKey: text.exactOptional(),
  identity: text.exactOptional(),
  action: z.enum(DELIVERY_ACTIONS).exactOptional(),
  operation: text.exactOptional(),
  person: absent,
  resource: absent,
  trace: absent,
  links: z.array(text).nullable().exactOptional(),
  status: z.number().nullable().exactOptional(),
  issued: absent,
  mfa: z.enum(MFA_STATES).nullable().exactOptional(),
  mfaOf: z.array(text).nullable().exactOptional(),
  breakGlass: absent,
  finding: z.enum(LEVELS).nullable().exactOptional(),
});
export type IndexRemainder = z.infer<typeof IndexRemainder>;
