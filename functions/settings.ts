/** The settings beside this function's bundle. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SETTINGS_FILE, type Settings } from "../lib/core/settings.ts";

export function readSettings(): Settings {
  return JSON.parse(readFileSync(join(import.meta.dirname, SETTINGS_FILE), "utf8"));
}
