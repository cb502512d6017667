/** What the stack writes beside each function's bundle: the configuration, the rules and the policies, already parsed and checked. */
import type { AccessPolicies } from "./access/policy-engine.ts";
import type { Configuration } from "./configuration/configuration.ts";
import type { RuleSet } from "./detections/rule-set.ts";

/** Plain JSON. Nothing is validated again when a function starts: it was, when the stack was synthesised. */
export interface Settings {
  readonly configuration: Configuration;
  readonly rules: RuleSet;
  readonly access: AccessPolicies;
}

/** The name of the file beside the bundle. */
export const SETTINGS_FILE = "settings.json";
