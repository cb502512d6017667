/** What the stack writes beside each function's bundle: the configuration and the rules, already parsed and checked. */
import type { Configuration } from "./configuration/configuration.ts";
import type { Rule } from "./detections/rule.ts";

/** Plain JSON. Nothing is validated again when a function starts: it was, when the stack was synthesised. */
export interface Settings {
  readonly configuration: Configuration;
  readonly rules: readonly Rule[];
}

/** The name of the file beside the bundle. */
export const SETTINGS_FILE = "settings.json";
