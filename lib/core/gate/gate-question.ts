/** The gate's question: may this delivery go there now? */
import * as z from "zod";
import type { Configuration } from "../configuration/configuration.ts";
import { read } from "../sources/fields.ts";

/** Keys of the index are bounded; an execution's id or a commit is far shorter. */
const MAX_TRACE_CHARS = 600;
const MAX_NAME_CHARS = 128;
/** Traces of Gatebook's own, which are read whole or not at all: what the gate is asked about, it puts on record there. */
const OWN_TRACE = /^(?:grant|review|break-glass):/;

const name = z.string("is missing, or no text").trim().min(1, "is empty").max(MAX_NAME_CHARS, tooLong(MAX_NAME_CHARS));

/** Where it wants to go, by the names of gatebook.yml. */
export const GatePlace = z.object({ project: name, environment: name });
export type GatePlace = z.infer<typeof GatePlace>;

export interface GateQuestion extends GatePlace {
  /** The execution's id, or a node of `trace-nodes.ts`. */
  readonly trace: string;
  /** Other nodes that the asker says it is made of: the commit. */
  readonly madeOf?: readonly string[];
  /** The pipeline or the repository that asks, where the asking system itself tells it. */
  readonly asker?: string;
}

const trace = z
  .string("is missing, or no text")
  .trim()
  .min(1, "is empty")
  .max(MAX_TRACE_CHARS, tooLong(MAX_TRACE_CHARS))
  .refine((node) => node.isWellFormed() && !/\p{Cc}/u.test(node), "has characters that no trace has")
  .refine((node) => !OWN_TRACE.test(node), "is no delivery's");
const MAX_REASON_CHARS = 500;

/** The body of `POST /v1/gate`. */
const GateRequest = GatePlace.extend({
  trace,
  override: z.exactOptional(
    z.strictObject({
      reason: z
        .string("is missing, or no text")
        .trim()
        .min(1, "must say why the release cannot wait")
        .max(MAX_REASON_CHARS, tooLong(MAX_REASON_CHARS)),
    }),
  ),
}).strict();

/** @throws GatebookError `INPUT_INVALID` */
export function readGateRequest(value: unknown): {
  readonly question: GateQuestion;
  readonly override?: { readonly reason: string };
} {
  const { override, ...question } = read(GateRequest, value, "the request");
  return { question, ...(override !== undefined && { override }) };
}

/** @example "shop/production" */
export function placeOf({ project, environment }: GatePlace): string {
  return `${project}/${environment}`;
}

/** Whether gatebook.yml knows the place; own names alone, since the question comes from outside. */
export function isKnownPlace({ project, environment }: GatePlace, { projects }: Configuration): boolean {
  const known = Object.hasOwn(projects, project) ? projects[project] : undefined;
  return known !== undefined && Object.hasOwn(known.environments, environment);
}

function tooLong(most: number): string {
  return `has more than ${most} characters`;
}
