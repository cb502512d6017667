/** The parts of a CloudFormation template that the local cloud reads (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html). */
import * as z from "zod";
import { LocalCloudError } from "../local-cloud-error.ts";

const Anything = z.record(z.string(), z.unknown());

const TemplateResource = z.object({
  Type: z.string(),
  Properties: Anything.default({}),
  DependsOn: z.union([z.string().transform((one) => [one]), z.array(z.string())]).default([]),
  Condition: z.string().optional(),
});

const TemplateSchema = z.object({
  Parameters: z.record(z.string(), z.object({ Type: z.string(), Default: z.unknown().optional() })).default({}),
  Mappings: z.record(z.string(), z.record(z.string(), Anything)).default({}),
  Conditions: Anything.default({}),
  Resources: z.record(z.string(), TemplateResource),
  Outputs: z.record(z.string(), z.object({ Value: z.unknown(), Condition: z.string().optional() })).default({}),
  Transform: z.unknown().optional(),
});

export type Template = z.infer<typeof TemplateSchema>;

/** Throws TEMPLATE_INVALID for what is no template, NOT_SUPPORTED for one that a macro would have to expand first. */
export function parseTemplate(content: unknown, name: string): Template {
  const parsed = TemplateSchema.safeParse(content);
  if (!parsed.success) {
    throw new LocalCloudError("TEMPLATE_INVALID", `${name} is not a template: ${z.prettifyError(parsed.error)}`);
  }
  if (parsed.data.Transform !== undefined) {
    throw new LocalCloudError("NOT_SUPPORTED", `${name} has a Transform, which only CloudFormation can expand`);
  }
  return parsed.data;
}
