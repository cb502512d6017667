/** The organisation that the examples of rules are about. */
import { existsSync } from "node:fs";
import { memoryEventIndex } from "../../lib/adapters/memory-event-index.ts";
import type { ExampleWorld } from "../../lib/core/detections/example.ts";
import { readConfiguration } from "./input.ts";

/** So that a pack of rules can be tested whatever the organisation's own gatebook.yml says. */
export const EXAMPLE_ORGANISATION = "rules/example-organisation.yml";

export const CONFIG_OPTION = [
  "--config <file>",
  `the organisation that the examples are about (default: ${EXAMPLE_ORGANISATION}, or gatebook.yml where there is none)`,
] as const;

export function exampleWorld(config: string | undefined): ExampleWorld {
  const organisation = config ?? (existsSync(EXAMPLE_ORGANISATION) ? EXAMPLE_ORGANISATION : "gatebook.yml");
  return { configuration: readConfiguration(organisation), createIndex: memoryEventIndex };
}
