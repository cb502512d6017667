/** A correlation whose time has to be over, on the running stack: judged by the scheduled function, recorded, mailed, once. */
import { cp, glob, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { readRuleSet } from "../../lib/core/detections/rule-set.ts";
import type { Settings } from "../../lib/core/settings.ts";
import { putRecordedEvents } from "../../lib/local/put-recorded-events.ts";
import { synthesised } from "./assembly.ts";
import { invoke } from "./invoke.ts";
import { readRecords, waitForEvents, waitUntilIdle } from "./recorded.ts";
import { emptyFolder, PATIENCE, remove, runInEmptyFolder } from "./running-cloud.ts";
import { idOf, nightEvent, type StoryEvent } from "./story.ts";

/** The stack is synthesised, started, and idles until it is sure that nothing more comes. */
const PATIENT_MS = 240_000;
const DAY_MS = 24 * 60 * 60 * 1000;

const RULES = `
title: A role was taken on
name: role_taken_on
id: 11111111-2222-4333-8444-555555555551
level: low
logsource: { product: aws, service: cloudtrail }
detection: { selection: { eventName: AssumeRole }, condition: selection }
---
title: The nightly job ran only in part
id: 11111111-2222-4333-8444-555555555552
level: high
description: It takes on a role three times.
correlation:
  type: event_count
  rules: [role_taken_on]
  group-by: [userIdentity.arn]
  timespan: 1h
  condition: { lt: 3 }
`;

/** The stack with two more rules, which waits for no late events. */
async function assemblyWithRules(folder: string): Promise<string> {
  const { set, problems } = readRuleSet([{ file: "rules.yml", text: RULES }]);
  expect(problems).toEqual([]);
  const copy = join(folder, "cdk.out");
  await cp(await synthesised(), copy, { recursive: true });
  for await (const file of glob(join(copy, "asset.*", "settings.json"))) {
    const settings = JSON.parse(await readFile(file, "utf8")) as Settings;
    const rules = {
      rules: [...settings.rules.rules, ...set.rules],
      correlations: [...settings.rules.correlations, ...set.correlations],
    };
    const configuration = { ...settings.configuration, detections: { placeholders: {}, latenessMinutes: 0 } };
    await writeFile(file, JSON.stringify({ ...settings, rules, configuration }));
  }
  return copy;
}

/** The hour that it is in is over, whenever this runs. */
function yesterday(event: StoryEvent): StoryEvent {
  const time = new Date(Date.now() - DAY_MS).toISOString().replace(/\.\d+Z$/, "Z");
  return { ...event, time, detail: { ...event.detail, eventTime: time } };
}

test(
  "few events of a time that is over are told of by the scheduled function, under the last one's name, once",
  async () => {
    const folder = await emptyFolder();
    onTestFinished(() => remove(folder));
    const running = await runInEmptyFolder(await assemblyWithRules(folder));
    onTestFinished(() => running.close());
    const night = yesterday(nightEvent());
    await putRecordedEvents(running.cloud.url, [night]);
    await waitForEvents(running, 1);
    await invoke(running, "correlate");
    await waitForEvents(running, 2);

    const found = (await readRecords(running)).find(({ event }) => event.metadata.event_code === "detection.finding");
    expect(found?.event.actor?.user?.uid).toBe("gatebook:correlate");
    expect(found?.findings).toMatchObject([
      { rule: { title: "The nightly job ran only in part" }, event: idOf(night), count: 1, person: "ana@acme.example" },
    ]);
    const told = () => running.mails.filter(({ subject }) => subject.includes("The nightly job ran only in part"));
    await vi.waitFor(() => expect(told()).toHaveLength(1), PATIENCE);
    expect(told()[0]?.body).toMatch(/^Wrong: It takes on a role three times\. 1 event in a period of 1 hour, for /m);

    await invoke(running, "correlate");
    await waitUntilIdle(running);
    expect(await readRecords(running)).toHaveLength(2);
    expect(told()).toHaveLength(1);
    expect(running.calls.filter(({ status }) => status === 403)).toEqual([]);
  },
  PATIENT_MS,
);
