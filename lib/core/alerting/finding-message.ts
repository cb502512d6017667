/** A finding on the findings queue: JSON, checked again where it comes out. */
import * as z from "zod";
import { GatebookError } from "../errors.ts";
import { type Finding, LEVELS } from "../record/finding.ts";

const Message = z.looseObject({
  uid: z.string().min(1),
  rule: z.looseObject({ id: z.string(), title: z.string() }),
  level: z.enum(LEVELS),
  time: z.number().int(),
  principal: z.string(),
  action: z.string(),
  operation: z.string(),
  event: z.string(),
  granted: z.looseObject({ by: z.string() }),
  why: z.string(),
  next: z.array(z.string()),
});

/** @throws GatebookError `INPUT_INVALID` */
export function parseFinding(body: string): Finding {
  try {
    return Message.parse(JSON.parse(body)) as unknown as Finding;
  } catch (cause) {
    throw new GatebookError(
      "INPUT_INVALID",
      "a message on the findings queue is not a finding; it was not written by Gatebook",
      { cause },
    );
  }
}
