/** Which accesses need a second factor: of whom, to do what, and where. */
import * as z from "zod";
import { DELIVERY_ACTIONS, type DeliveryAction } from "../record/delivery-action.ts";

/** Groups of people and programs that a requirement may name; anything else is a pattern of principals. */
const GROUPS = ["people", "workloads", "everybody"];

const who = z
  .string()
  .refine(
    (text) => GROUPS.includes(text) || isPattern(text),
    `must be ${GROUPS.join(", ")}, or a pattern of principals or addresses, such as arn:aws:iam::*:user/* or ana@acme.example`,
  );

/** A word of its own is a group misspelt: it would match nobody, and whoever wrote it believes that it does. */
function isPattern(text: string): boolean {
  return /[:@]/.test(text) && text.trim() === text;
}

const action = z
  .string()
  .refine(
    (text) => actionsNamed(text).length > 0,
    "must be a delivery action, such as pipeline.approve, or all of a kind, such as deploy.*",
  );

const Requirement = z.strictObject({
  who: who.default("people"),
  actions: z.array(action).min(1, "must name at least one action, such as pipeline.approve"),
  where: z.enum(["production", "all"], "must be production or all").default("production"),
});
export type MfaRequirement = z.infer<typeof Requirement>;

const DEFAULT: z.input<typeof Requirement>[] = [
  { who: "people", actions: ["pipeline.approve", "pipeline.bypass"], where: "all" },
  { who: "people", actions: ["deploy.*", "secret.*"], where: "production" },
];

export const Mfa = z.strictObject({
  /** Each alone is enough to need one; an empty list needs none. */
  requiredFor: z.array(Requirement).prefault(DEFAULT),
});

/** What `pipeline.approve` or `pipeline.*` stands for; nothing where it is neither. */
export function actionsNamed(text: string): readonly DeliveryAction[] {
  const kind = /^[a-z]+\.(?=\*$)/.exec(text)?.[0];
  return DELIVERY_ACTIONS.filter((known) => (kind === undefined ? known === text : known.startsWith(kind)));
}
