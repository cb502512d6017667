/** Where findings go for machines to read: the event bus, Security Hub. */
import type { Finding } from "../record/finding.ts";

/** Resolves once the other side has it; the same finding may be put again, and is known there by its uid. */
export interface FindingSink {
  put(finding: Finding): Promise<void>;
}
