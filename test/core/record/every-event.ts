/** Every recorded event under test/events, recorded: as many shapes of records as there are sources. */
import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { requireRules } from "../../../lib/adapters/rule-files.ts";
import { parseConfiguration } from "../../../lib/core/configuration/parse-configuration.ts";
import type { AppendEntry } from "../../../lib/core/evidence/append-entry.ts";
import { keyName } from "../../../lib/core/evidence/event-index.ts";
import { createRecorder, type RecorderWorld } from "../../../lib/core/record/recorder.ts";
import { fingerprinter } from "../../../lib/core/redaction/fingerprint.ts";
import { fixtureBody, fixtureNames } from "../sources/fixtures.ts";

const settings = {
  configuration: parseConfiguration(readFileSync("gatebook.yml", "utf8"), "gatebook.yml"),
  rules: requireRules("rules/detections"),
};
const mark = fingerprinter(Buffer.alloc(32, 7));

const FOLDERS = [
  "cloudtrail",
  "codebuild",
  "codecommit",
  "codedeploy",
  "codepipeline",
  "ecr",
  "github",
  "gitlab",
  "rotation",
  "signin",
  "story",
];

/** Bodies of the intake queue, by their file. */
export function everyEvent(): { readonly id: string; readonly body: string }[] {
  return FOLDERS.flatMap((folder) =>
    fixtureNames(folder).map((name) => ({ id: `${folder}/${name}`, body: fixtureBody(folder, name) })),
  );
}

/** With secrets marked by their fingerprints, as the function that records does. */
export async function recordEvents(
  arrivals: readonly { readonly id: string; readonly body: string }[],
  index: RecorderWorld["index"],
): Promise<AppendEntry[]> {
  const record = createRecorder({ settings, index, fingerprint: async () => mark });
  const { recorded, rejected } = await record(arrivals);
  expect(rejected).toEqual([]);
  // Some events are recorded in two folders: the log has them once.
  const byName = new Map(recorded.map(({ append }) => [append.index.identity ?? keyName(append.index), append]));
  return [...byName.values()];
}
