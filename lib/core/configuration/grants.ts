/** Roles for a while: whether their end is enforced in AWS. */
import * as z from "zod";

export const Grants = z.strictObject({
  /** trust-policy: deploy roles that are named whole trust a release manager for a while, and for no longer. */
  enforce: z.enum(["none", "trust-policy"], "must be none or trust-policy").default("none"),
});
