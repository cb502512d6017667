/** What is kept of a bucket apart from its objects. */
import * as z from "zod";
import { LOCK_MODES } from "./version.ts";

export const DefaultRetention = z.object({
  mode: z.enum(LOCK_MODES),
  period: z.number().int().positive(),
  unit: z.enum(["Days", "Years"]),
});
export type DefaultRetention = Readonly<z.infer<typeof DefaultRetention>>;

/** Sub-resources that are kept as the document that was put. */
const DOCUMENTS = [
  "policy",
  "encryption",
  "publicAccessBlock",
  "ownershipControls",
  "lifecycle",
  "notification",
] as const;
export type DocumentName = (typeof DOCUMENTS)[number];

export const BucketState = z.object({
  name: z.string(),
  /** Epoch milliseconds. */
  createdAt: z.number(),
  versioning: z.enum(["Enabled", "Suspended"]).optional(),
  /** Present once Object Lock is on, which cannot be undone. */
  objectLock: z.object({ defaultRetention: DefaultRetention.optional() }).optional(),
  documents: z.partialRecord(z.enum(DOCUMENTS), z.string()),
});
export type BucketState = Readonly<z.infer<typeof BucketState>>;
