/** A narrower gatebook.yml as a patch that has been tested: applied, read back, and asked about the past. */
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { applyPatch, createTwoFilesPatch } from "diff";
import type { AskedBefore } from "../../lib/core/access/access-census.ts";
import type { DecideAccess } from "../../lib/core/access/decide-access.ts";
import { askAgain, type NarrowerRoles, type PastAskedAgain } from "../../lib/core/access/narrow-roles.ts";
import type { Configuration } from "../../lib/core/configuration/configuration.ts";
import { parseConfiguration } from "../../lib/core/configuration/parse-configuration.ts";
import { rewriteRoles } from "../../lib/core/configuration/rewrite-roles.ts";
import { GatebookError } from "../../lib/core/errors.ts";

export type NarrowerFile =
  /** `patch` is for `patch -p0`, and empty where there is nothing to narrow. */
  (PastAskedAgain & { readonly outcome: "tested"; readonly patch: string }) | NotWritten;

/** The file is written in a way that no patch can be made of. */
interface NotWritten {
  readonly outcome: "not-written";
  readonly reason: string;
}

export interface Past {
  readonly asked: readonly AskedBefore[];
  /** The same policies over another configuration. */
  readonly decideFor: (configuration: Configuration) => DecideAccess;
}

export function narrowerFile(
  file: string,
  configuration: Configuration,
  { unneeded, configuration: wanted }: NarrowerRoles,
  { asked, decideFor }: Past,
): NarrowerFile {
  const text = readFileSync(file, "utf8");
  const name = relative(process.cwd(), file);
  const rewritten = rewriteRoles(text, configuration, unneeded);
  const patch = rewritten === text ? "" : createTwoFilesPatch(name, name, text, rewritten, "", "narrower");
  const narrower = readBack(patch === "" ? text : applyPatch(text, patch), name);
  if (narrower === undefined || !isDeepStrictEqual(narrower, wanted)) {
    return {
      outcome: "not-written",
      reason: `${name}: no patch can be made of it: write its roles without anchors and merge keys`,
    };
  }
  return { outcome: "tested", patch, ...askAgain(asked, decideFor(configuration), decideFor(narrower)) };
}

function readBack(text: string | false, name: string): Configuration | undefined {
  if (text === false) return undefined;
  try {
    return parseConfiguration(text, name);
  } catch (error) {
    if (error instanceof GatebookError) return undefined;
    throw error;
  }
}
