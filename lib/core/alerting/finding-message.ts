/** A finding on the findings queue: JSON, checked again where it comes out. */
import { GatebookError } from "../errors.ts";
import type { Finding } from "../record/finding.ts";
import { FindingSchema } from "../record/finding-schema.ts";

/** @throws GatebookError `INPUT_INVALID` */
export function parseFinding(body: string): Finding {
  try {
    return FindingSchema.parse(JSON.parse(body));
  } catch (cause) {
    throw new GatebookError(
      "INPUT_INVALID",
      "a message on the findings queue is not a finding; it was not written by Gatebook",
      { cause },
    );
  }
}
