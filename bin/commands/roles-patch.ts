/** A gatebook.yml without some of its roles, as a patch that has been applied and read back. */
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { applyPatch, createTwoFilesPatch } from "diff";
import type { Configuration } from "../../lib/core/configuration/configuration.ts";
import { parseConfiguration } from "../../lib/core/configuration/parse-configuration.ts";
import { rewriteRoles } from "../../lib/core/configuration/rewrite-roles.ts";
import type { HeldRole } from "../../lib/core/configuration/role-members.ts";
import { GatebookError } from "../../lib/core/errors.ts";

export type RolesPatch =
  /** For `patch -p0`, and empty where nothing goes. */
  | { readonly outcome: "tested"; readonly patch: string }
  /** The file is written in a way that no patch can be made of. */
  | { readonly outcome: "not-written"; readonly reason: string };

interface Change {
  readonly gone: readonly HeldRole[];
  /** What the file has to say then. */
  readonly wanted: Configuration;
  /** What the patch calls the file that it makes. */
  readonly label: string;
}

export function rolesPatch(file: string, configuration: Configuration, { gone, wanted, label }: Change): RolesPatch {
  const text = readFileSync(file, "utf8");
  const name = relative(process.cwd(), file);
  const rewritten = rewriteRoles(text, configuration, gone);
  const patch = rewritten === text ? "" : createTwoFilesPatch(name, name, text, rewritten, "", label);
  const changed = readBack(patch === "" ? text : applyPatch(text, patch), name);
  if (changed !== undefined && isDeepStrictEqual(changed, wanted)) return { outcome: "tested", patch };
  const reason = `${name}: no patch can be made of it: write its roles without anchors and merge keys`;
  return { outcome: "not-written", reason };
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
