/** Asks a running Gatebook about emergency access, as whoever runs the command. */
import * as z from "zod";
import { ListedUses, ShownUse } from "../../lib/core/break-glass/list-uses.ts";
import { type IamCallChoice, type IamRoute, iamCall } from "./iam-call.ts";

const Explained = z.object({ use: ShownUse, already: z.boolean() });

const BREAK_GLASS: IamRoute = { urlIn: ({ BreakGlassUrl }) => BreakGlassUrl, of: "explanations of break-glass access" };

export async function listBreakGlass(choice: IamCallChoice & { readonly all: boolean }): Promise<ListedUses> {
  const { all, ...rest } = choice;
  return ListedUses.parse(await iamCall({ do: "list", all }, BREAK_GLASS, rest));
}

/** @param use a session, or an event of it */
export async function explainBreakGlass(
  explanation: { readonly use: string; readonly reason: string; readonly ticket?: string },
  choice: IamCallChoice,
): Promise<z.infer<typeof Explained>> {
  return Explained.parse(await iamCall({ do: "explain", ...explanation }, BREAK_GLASS, choice));
}
