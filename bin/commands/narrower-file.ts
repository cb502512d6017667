/** A narrower gatebook.yml as a patch that has been tested: applied, read back, and asked about the past. */
import type { AskedBefore } from "../../lib/core/access/access-census.ts";
import type { DecideAccess } from "../../lib/core/access/decide-access.ts";
import { askAgain, type NarrowerRoles, type PastAskedAgain } from "../../lib/core/access/narrow-roles.ts";
import type { Configuration } from "../../lib/core/configuration/configuration.ts";
import { type RolesPatch, rolesPatch } from "./roles-patch.ts";

export type NarrowerFile =
  | (PastAskedAgain & Extract<RolesPatch, { outcome: "tested" }>)
  | Extract<RolesPatch, { outcome: "not-written" }>;

export interface Past {
  readonly asked: readonly AskedBefore[];
  /** The same policies over another configuration. */
  readonly decideFor: (configuration: Configuration) => DecideAccess;
}

export function narrowerFile(
  file: string,
  configuration: Configuration,
  { unneeded: gone, configuration: wanted }: NarrowerRoles,
  { asked, decideFor }: Past,
): NarrowerFile {
  const written = rolesPatch(file, configuration, { gone, wanted, label: "narrower" });
  if (written.outcome === "not-written") return written;
  return { ...written, ...askAgain(asked, decideFor(configuration), decideFor(wanted)) };
}
