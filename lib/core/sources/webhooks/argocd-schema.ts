/** What we read of an Argo CD Application (https://argo-cd.readthedocs.io/en/stable/operator-manual/application.yaml). */
import * as z from "zod";
import { anything, part, text } from "../fields.ts";

/** An application of more sources than this is known by its first ones, and one of more deployments by its last. */
const MAX_LISTED = 20;

/** `revisions` where the application has several sources. */
const Revision = z.object({
  revision: text,
  revisions: z
    .unknown()
    .transform((value) => (Array.isArray(value) ? value.filter(isRevision).slice(0, MAX_LISTED) : []))
    .optional(),
});

const Sync = part(Revision.extend({ dryRun: anything }));
const Initiator = part(z.object({ username: text, automated: anything }));

/** Each field may be missing or of another type. */
export const Application = z.object({
  metadata: part(z.object({ name: text, namespace: text })),
  spec: part(z.object({ project: text })),
  status: part(
    z.object({
      operationState: part(
        z.object({
          phase: text,
          startedAt: text,
          finishedAt: text,
          syncResult: part(Revision),
          operation: part(z.object({ initiatedBy: Initiator, sync: Sync })),
        }),
      ),
      /** What was deployed, the latest last. */
      history: z
        .unknown()
        .transform((value) => (Array.isArray(value) ? value.slice(-MAX_LISTED).map(revisionsOfUnknown) : []))
        .optional(),
    }),
  ),
});
export type Application = z.infer<typeof Application>;
export type Operation = NonNullable<Application["status"]>["operationState"];

export function revisionsOf(of: z.infer<typeof Revision> | undefined): readonly string[] {
  if (of?.revisions !== undefined && of.revisions.length > 0) return of.revisions;
  return of?.revision === undefined ? [] : [of.revision];
}

function revisionsOfUnknown(value: unknown): readonly string[] {
  return revisionsOf(Revision.safeParse(value).data);
}

function isRevision(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
