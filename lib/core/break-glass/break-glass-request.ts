/** The body of `POST /v1/break-glass`: what was done with emergency access is listed, and explained. */
import * as z from "zod";
import { isPlain, NOT_PLAIN } from "../receive/plain-text.ts";
import { read } from "../sources/fields.ts";

const MAX_REASON_CHARS = 2_000;
const MAX_TICKET_CHARS = 200;
/** What an index holds of a session or an id is shorter. */
const MAX_NAME_CHARS = 2_048;

const name = z
  .string("is no text")
  .trim()
  .min(1, "is empty")
  .max(MAX_NAME_CHARS, "is too long")
  .refine(isPlain, NOT_PLAIN);
const reason = z
  .string("is missing: say why, it is recorded")
  .trim()
  .min(1, "is empty: say why, it is recorded")
  .max(MAX_REASON_CHARS, `has more than ${MAX_REASON_CHARS} characters: name the ticket that says the rest`)
  .refine(isPlain, NOT_PLAIN);
const ticket = z
  .string("is no text")
  .trim()
  .min(1, "is empty: leave it out")
  .max(MAX_TICKET_CHARS, `has more than ${MAX_TICKET_CHARS} characters`)
  .refine(isPlain, NOT_PLAIN);

const BreakGlassRequest = z.discriminatedUnion(
  "do",
  [
    z.strictObject({ do: z.literal("list"), all: z.boolean("must be true or false").exactOptional() }),
    z.strictObject({
      do: z.literal("explain"),
      /** A session as the list names it, or an event of it: the source's own id, or `#<place>`. */
      use: name,
      reason,
      ticket: ticket.exactOptional(),
    }),
  ],
  "must be list or explain",
);
export type BreakGlassRequest = z.infer<typeof BreakGlassRequest>;

/** @throws GatebookError `INPUT_INVALID` */
export function readBreakGlassRequest(value: unknown): BreakGlassRequest {
  return read(BreakGlassRequest, value, "the request");
}
