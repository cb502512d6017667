/** An entry of the log, read back as the audit record that it is. */
import * as z from "zod";
import { MFA_STATES } from "../access/mfa.ts";
import { GatebookError } from "../errors.ts";
import type { AuditRecord } from "./audit-record.ts";
import { DELIVERY_ACTIONS } from "./delivery-action.ts";
import { FindingSchema } from "./finding-schema.ts";
import { IndexRemainder } from "./index-remainder.ts";

/** The last moment that a Date can hold, and the first one before the epoch. */
const MAX_DATE_MS = 8_640_000_000_000_000;

/** Of records that were written before there were policies. */
const UNTOLD = "it was recorded before there was a policy";

/** What readers rely on. Members that it does not know are kept: a later Gatebook may have written them. */
const Record = z.looseObject({
  v: z.literal(1),
  event: z.looseObject({
    class_uid: z.number(),
    time: z.number().min(-MAX_DATE_MS).max(MAX_DATE_MS),
    metadata: z.looseObject({ uid: z.string(), event_code: z.string() }),
  }),
  action: z.enum(DELIVERY_ACTIONS),
  granted: z.looseObject({ by: z.string() }),
  components: z.array(z.string()),
  access: z
    .looseObject({ outcome: z.enum(["allow", "deny", "not-applicable"]), reason: z.string().default(UNTOLD) })
    .default({ outcome: "not-applicable", reason: UNTOLD }),
  breakGlass: z.string().exactOptional(),
  mfa: z.looseObject({ is: z.enum(MFA_STATES), from: z.string(), since: z.number().exactOptional() }).exactOptional(),
  findings: z.array(FindingSchema),
  index: IndexRemainder.exactOptional(),
});

/** @throws GatebookError `LOG_CORRUPT` for bytes that Gatebook cannot have written */
export function decodeRecord(bytes: Uint8Array): AuditRecord {
  const parsed = Record.safeParse(parse(bytes));
  if (!parsed.success) {
    const where = parsed.error.issues.map(({ path }) => path.join(".") || "it").join(", ");
    throw new GatebookError("LOG_CORRUPT", `an entry of the log is no audit record: ${where}`, {
      cause: parsed.error,
    });
  }
  // Written by `encodeRecord`, whose type says the rest.
  return parsed.data as unknown as AuditRecord;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch (cause) {
    throw new GatebookError("LOG_CORRUPT", "an entry of the log is not JSON", { cause });
  }
}
