/** Objects that cannot become a text are JSON too: no normaliser may try. */
import { globSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";
import { prepareRecord } from "../../../lib/core/record/prepare-record.ts";
import { recordedMessage } from "../../../lib/core/sources/recorded/recorded.ts";

const EVENTS = path.resolve(import.meta.dirname, "../../events");
const NO_TEXT = { toString: "", valueOf: "", toJSON: "" };
const classify = () => ({ components: [], calendar: {} }) as never;

/** Each value in the event in turn, at whatever depth. */
function* replaced(value: unknown): Generator<unknown> {
  if (typeof value !== "object" || value === null) return;
  for (const key of Object.keys(value)) {
    const child: unknown = value[key as keyof typeof value];
    const copy = Array.isArray(value) ? [...value] : { ...value };
    for (const other of [NO_TEXT, [NO_TEXT], ...replaced(child)]) yield Object.assign(copy, { [key]: other });
  }
}

test("an object with a toString that is no function, in the place of anything, is read or refused with its reason", async () => {
  const failures: string[] = [];
  for (const file of globSync("*/*.json", {
    cwd: EVENTS,
  })) {
    for (const event of replaced(JSON.parse(readFileSync(path.join(EVENTS, file), "utf8")))) {
      await prepare(event).catch((error: Error) => {
        if (error.name !== "GatebookError")
          failures.push(`${file}: ${error.message}: ${JSON.stringify(event).slice(0, 200)}`);
      });
    }
  }
  expect(failures.slice(0, 5)).toEqual([]);
});

async function prepare(event: unknown): Promise<void> {
  await prepareRecord(recordedMessage(event, 0), classify);
}
