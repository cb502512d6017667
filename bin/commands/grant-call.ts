/** Asks a running Gatebook about grants, as whoever runs the command. */
import * as z from "zod";
import { iamSignedPost } from "../../lib/adapters/iam-signed-post.ts";
import { GatebookError } from "../../lib/core/errors.ts";
import { Grant } from "../../lib/core/grants/grant.ts";
import type { GrantRequest } from "../../lib/core/grants/grant-request.ts";
import { isPlayed, keyOfPlayed } from "../../lib/local/authorisation/played-person.ts";
import { findRunningStack, type RunningStack, type StackChoice } from "./running-stack.ts";

const ShownGrant = Grant.omit({ version: true }).extend({ state: z.string(), until: z.number().exactOptional() });
export type ShownGrant = z.infer<typeof ShownGrant>;

const Listed = z.object({ grants: z.array(ShownGrant) });
const Changed = z.object({ grant: ShownGrant, approvers: z.array(z.string()) });
const Problem = z.object({ detail: z.string() });
const Refused = z.object({ message: z.string() });

export interface GrantCallChoice extends StackChoice {
  /** In the local cloud, where nobody has an identity of their own: the ARN to call as. */
  readonly as?: string;
}

export async function listGrants(choice: GrantCallChoice): Promise<ShownGrant[]> {
  return Listed.parse(await call({ do: "list" }, choice)).grants;
}

/** @throws GatebookError `INPUT_INVALID` with the reason where it is refused */
export async function changeGrant(
  request: Exclude<GrantRequest, { do: "list" }>,
  choice: GrantCallChoice,
): Promise<z.infer<typeof Changed>> {
  return Changed.parse(await call(request, choice));
}

async function call(request: GrantRequest, { as, ...choice }: GrantCallChoice): Promise<unknown> {
  const stack = await findRunningStack(choice);
  const url = stack.outputs.GrantsUrl;
  if (url === undefined) {
    throw new GatebookError(
      "UNAVAILABLE",
      `${stack.name} knows no grants yet: deploy this version, and make its outputs anew`,
    );
  }
  const credentials = await credentialsOf(stack, { as, isDeployed: choice.outputs !== undefined });
  const answer = await iamSignedPost({
    url,
    body: JSON.stringify(request),
    credentials,
    region: await stack.s3.config.region(),
  }).catch((cause: unknown) => {
    throw new GatebookError("UNAVAILABLE", `${url} does not answer`, { cause });
  });
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
