/** The body of `POST /v1/reviews`: what somebody wants to see or to decide. */
import * as z from "zod";
import { isPlain, NOT_PLAIN } from "../receive/plain-text.ts";
import { read } from "../sources/fields.ts";
import { VERDICTS } from "./campaign.ts";

/** Decided at once: each is an event, and the answer has to come before API Gateway stops waiting. */
export const MAX_ITEMS = 200;
const MAX_NAME_CHARS = 256;
const MAX_REASON_CHARS = 500;

const name = z.string("is missing, or no text").trim().min(1, "is empty").max(MAX_NAME_CHARS, "is too long");
const reason = z
  .string("is missing: say why, it is recorded")
  .trim()
  .min(1, "is empty: say why, it is recorded")
  .max(MAX_REASON_CHARS, `has more than ${MAX_REASON_CHARS} characters`)
  .refine(isPlain, NOT_PLAIN);
const project = name;
const environment = name.exactOptional();

const ReviewRequest = z.discriminatedUnion(
  "do",
  [
    z.strictObject({ do: z.literal("show"), project: project.exactOptional() }),
    z.strictObject({ do: z.literal("run") }),
    z.strictObject({
      do: z.literal("decide"),
      project,
      items: z
        .array(z.strictObject({ person: name, role: name, environment }))
        .min(1, "names nothing to decide about")
        .max(MAX_ITEMS, `has more than ${MAX_ITEMS}: decide about some of them first`),
      verdict: z.enum(VERDICTS, `must be one of ${VERDICTS.join(", ")}`),
      reason,
    }),
  ],
  "must be show, run or decide",
);
export type ReviewRequest = z.infer<typeof ReviewRequest>;

/** @throws GatebookError `INPUT_INVALID` */
export function readReviewRequest(value: unknown): ReviewRequest {
  return read(ReviewRequest, value, "the request");
}
