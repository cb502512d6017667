/** A request to a route of a running Gatebook that IAM guards, as whoever runs the command. */
import type { Command } from "commander";
import * as z from "zod";
import { iamSignedPost } from "../../lib/adapters/iam-signed-post.ts";
import { GatebookError } from "../../lib/core/errors.ts";
import { isPlayed, keyOfPlayed } from "../../lib/local/authorisation/played-person.ts";
import { findRunningStack, type RunningStack, type StackChoice } from "./running-stack.ts";

const Problem = z.object({ detail: z.string() });
const Refused = z.object({ message: z.string() });

export interface IamCallChoice extends StackChoice {
  /** In the local cloud, where nobody has an identity of their own: the ARN to call as. */
  readonly as?: string;
}

/** The options that such a choice is made of. */
export function withCaller(command: Command): Command {
  return command
    .option("--to <url>", "the local cloud's address (default: the one that runs on this folder)")
    .option("--outputs <file>", "outputs of a deployed stack")
    .option("--as <arn>", "in the local cloud: whom to be, by an ARN that gatebook.yml lists");
}

export interface IamRoute {
  /** The route's address among the stack's outputs. */
  readonly urlIn: (outputs: RunningStack["outputs"]) => string | undefined;
  /** What a stack that has no such route does not know: "grants". */
  readonly of: string;
}

/**
 * @returns the answer's body
 * @throws GatebookError `INPUT_INVALID` with the reason where it is refused, `UNAVAILABLE` where nothing answers
 */
export async function iamCall(
  request: object,
  { urlIn, of }: IamRoute,
  { as, ...choice }: IamCallChoice,
): Promise<unknown> {
  const stack = await findRunningStack(choice);
  const url = urlIn(stack.outputs);
  if (url === undefined) {
    throw new GatebookError(
      "UNAVAILABLE",
      `${stack.name} knows no ${of} yet: deploy this version, and make its outputs anew`,
    );
  }
  const credentials = await credentialsOf(stack, { as, isDeployed: choice.outputs !== undefined });
  const region = await stack.s3.config.region();
  const answer = await iamSignedPost({ url, body: JSON.stringify(request), credentials, region }).catch(
    (cause: unknown) => {
      throw new GatebookError("UNAVAILABLE", `${url} does not answer`, { cause });
    },
  );
  return read(answer, url);
}

async function credentialsOf(
  { s3 }: RunningStack,
  { as, isDeployed }: { readonly as: string | undefined; readonly isDeployed: boolean },
) {
  if (as === undefined) return s3.config.credentials();
  if (isDeployed) throw new GatebookError("INPUT_INVALID", "--as is for the local cloud: AWS knows who you are");
  if (isPlayed(as)) return { accessKeyId: keyOfPlayed(as), secretAccessKey: "local" };
  throw new GatebookError(
    "INPUT_INVALID",
    `${as} is no ARN of a user or of a role's session, as gatebook.yml lists them`,
  );
}

function read({ status, body }: { readonly status: number; readonly body: string }, url: string): unknown {
  const answer = parse(body);
  if (status === 200) return answer;
  const refused = Problem.safeParse(answer).data?.detail ?? Refused.safeParse(answer).data?.message;
  if (status >= 500 || refused === undefined) {
    throw new GatebookError("UNAVAILABLE", `${url} answered ${status}: ${refused ?? "nothing that can be read"}`);
  }
  if (status === 403 && Problem.safeParse(answer).success === false) {
    throw new GatebookError(
      "INPUT_INVALID",
      `IAM did not let you in (${refused}): you need execute-api:Invoke on ${url}`,
    );
  }
  throw new GatebookError("INPUT_INVALID", refused.replace(/\.$/, ""));
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
