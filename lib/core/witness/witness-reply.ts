/** A witness's outcomes as HTTP (https://c2sp.org/tlog-witness#add-checkpoint). */
import { type HttpReply, problem } from "../receive/problem.ts";
import type { AddCheckpointOutcome } from "./add-checkpoint.ts";

/** The body of an answer of this type is the size of what the witness cosigned last. */
export const SIZE_TYPE = "text/x.tlog.size";

const STATUS = { malformed: 400, "unknown-log": 404, "not-signed": 403, "not-proved": 422 } as const;

export function witnessReply(answer: AddCheckpointOutcome): HttpReply {
  if (answer.outcome === "cosigned") return textReply(200, answer.line);
  if (answer.outcome === "other-size" || answer.outcome === "forked")
    return textReply(409, `${answer.size}\n`, SIZE_TYPE);
  return problem(STATUS[answer.outcome], answer.detail);
}

export function textReply(statusCode: number, body: string, type = "text/plain; charset=utf-8"): HttpReply {
  return { statusCode, headers: { "content-type": type }, body };
}
