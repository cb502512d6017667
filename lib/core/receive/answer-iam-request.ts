/** A JSON request that IAM has let in, answered: from nobody, too long, unreadable and refused are answers too. */
import { GatebookError } from "../errors.ts";
import { EventCaller } from "../sources/cloudevent-schema.ts";
import { parseJson } from "../sources/json.ts";
import { type HttpReply, problem } from "./problem.ts";

export interface IamRequest {
  readonly body: string;
  /** What API Gateway tells of whom IAM let in. */
  readonly caller: unknown;
}

/** 403 for whom it is not theirs to do, 404 and 409 for what is not there or no longer. */
export class Refusal extends Error {
  readonly status: 403 | 404 | 409;

  constructor(status: 403 | 404 | 409, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * @param answer given the body's JSON; throws a `Refusal` where somebody has to be told no, and `INPUT_INVALID` (`read` does) for a body that
 *   is not as it should be
 * @throws whatever else `answer` does: it is a fault of ours
 */
export async function answerIamRequest(
  { body, caller: given }: IamRequest,
  maxBodyChars: number,
  answer: (value: unknown, caller: EventCaller) => Promise<HttpReply>,
): Promise<HttpReply> {
  const caller = EventCaller.safeParse(given);
  // A route that lost its authoriser would let anybody in: without a caller nothing is answered.
  if (!caller.success) return problem(403, "The request is not signed by a principal that IAM knows.");
  if (body.length > maxBodyChars) return problem(413, `The body has more than ${maxBodyChars} characters.`);
  try {
    return await answer(parseJson(body, "the request"), caller.data);
  } catch (error) {
    if (error instanceof Refusal) return problem(error.status, error.message);
    if (error instanceof GatebookError && error.code === "INPUT_INVALID") return problem(400, `${error.message}.`);
    throw error;
  }
}

export function jsonReply(statusCode: number, answer: object): HttpReply {
  return { statusCode, headers: { "content-type": "application/json" }, body: JSON.stringify(answer) };
}
