/** The change to gatebook.yml that an access review has decided: roles that should go and are still there. */
import { withoutRole } from "../../lib/core/access/narrow-roles.ts";
import { rolesHeld } from "../../lib/core/configuration/role-members.ts";
import { GatebookError } from "../../lib/core/errors.ts";
import { keyOfItem } from "../../lib/core/review/review-item.ts";
import type { ShownCampaign } from "../../lib/core/review/shown-review.ts";
import { readConfiguration } from "./input.ts";
import { rolesPatch } from "./roles-patch.ts";

/**
 * What the file no longer gives needs no patch, whatever the running stack says.
 *
 * @returns for `patch -p0`; empty where nothing is to go
 * @throws GatebookError `INPUT_INVALID` where none can be made, or the file cannot be read
 */
export function reviewPatch(file: string, campaigns: readonly ShownCampaign[]): string {
  const configuration = readConfiguration(file);
  const items = campaigns.flatMap((campaign) => campaign.items);
  const leaving = new Set(items.filter(({ state }) => state === "to-remove").map(keyOfItem));
  const gone = rolesHeld(configuration).filter((held) => leaving.has(keyOfItem(held)));
  const wanted = gone.reduce(withoutRole, configuration);
  const written = rolesPatch(file, configuration, { gone, wanted, label: "after the access review" });
  if (written.outcome === "tested") return written.patch;
  throw new GatebookError("INPUT_INVALID", written.reason);
}
