/** Asks a running Gatebook about grants, as whoever runs the command. */
import * as z from "zod";
import { Grant } from "../../lib/core/grants/grant.ts";
import type { GrantRequest } from "../../lib/core/grants/grant-request.ts";
import { type IamCallChoice, type IamRoute, iamCall } from "./iam-call.ts";

const ShownGrant = Grant.omit({ version: true }).extend({ state: z.string(), until: z.number().exactOptional() });
export type ShownGrant = z.infer<typeof ShownGrant>;

const Listed = z.object({ grants: z.array(ShownGrant) });
const Changed = z.object({ grant: ShownGrant, approvers: z.array(z.string()) });

const GRANTS: IamRoute = { urlIn: ({ GrantsUrl }) => GrantsUrl, of: "grants" };

export async function listGrants(choice: IamCallChoice): Promise<ShownGrant[]> {
  return Listed.parse(await call({ do: "list" }, choice)).grants;
}

/** @throws GatebookError `INPUT_INVALID` with the reason where it is refused */
export async function changeGrant(
  request: Exclude<GrantRequest, { do: "list" }>,
  choice: IamCallChoice,
): Promise<z.infer<typeof Changed>> {
  return Changed.parse(await call(request, choice));
}

function call(request: GrantRequest, choice: IamCallChoice): Promise<unknown> {
  return iamCall(request, GRANTS, choice);
}
