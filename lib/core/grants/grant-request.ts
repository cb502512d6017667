/** The body of `POST /v1/grants`: what somebody wants done. */
import * as z from "zod";
import { read } from "../sources/fields.ts";
import { isGrantId, MAX_MINUTES, MAX_REASON_CHARS, MIN_MINUTES } from "./grant.ts";

const MAX_NAME_CHARS = 128;
const MINUTES = `must be a whole number of minutes from ${MIN_MINUTES} to ${MAX_MINUTES}`;

const name = z.string("is missing, or no text").trim().min(1, "is empty").max(MAX_NAME_CHARS, "is too long");
const reason = z
  .string("is missing: say why, it is recorded")
  .trim()
  .min(1, "is empty: say why, it is recorded")
  .max(MAX_REASON_CHARS, `has more than ${MAX_REASON_CHARS} characters`);
const grant = z.string("is missing, or no text").refine(isGrantId, "is no id of a grant: list shows them");

const GrantRequest = z.discriminatedUnion(
  "do",
  [
    z.strictObject({
      do: z.literal("request"),
      role: name,
      place: z.strictObject({ project: name, environment: name.exactOptional() }),
      minutes: z.int(MINUTES).min(MIN_MINUTES, MINUTES).max(MAX_MINUTES, MINUTES),
      reason,
    }),
    z.strictObject({ do: z.literal("approve"), grant, reason: reason.exactOptional() }),
    z.strictObject({ do: z.literal("revoke"), grant, reason }),
    z.strictObject({ do: z.literal("list") }),
  ],
  "must be request, approve, revoke or list",
);
export type GrantRequest = z.infer<typeof GrantRequest>;

/** @throws GatebookError `INPUT_INVALID` */
export function readGrantRequest(value: unknown): GrantRequest {
  return read(GrantRequest, value, "the request");
}
