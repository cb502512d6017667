/** Our own recorded events under test/events, as the intake queue would carry them. */
import { globSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { parseMessage } from "../../../lib/core/sources/message.ts";
import { normalise } from "../../../lib/core/sources/normalise.ts";
import { webhook } from "./shared-samples.ts";

const EVENTS = path.resolve(import.meta.dirname, "../../events");

export function fixtureNames(folder: string): readonly string[] {
  return globSync(`${folder}/*.json`, { cwd: EVENTS })
    .map((file) => path.basename(file, ".json"))
    .sort();
}

export function fixtureBody(folder: string, name: string): string {
  const content = readFileSync(path.join(EVENTS, folder, `${name}.json`), "utf8");
  const { headers, body } = JSON.parse(content);
  return headers === undefined ? content : webhook(headers, JSON.stringify(body));
}

export function normalised(folder: string, name: string) {
  return normalise(parseMessage(fixtureBody(folder, name)));
}

/** What a table of expectations says about one event: everything but the caller's agent and address. */
export function gist(folder: string, name: string) {
  const { event, action, granted, trace } = normalised(folder, name);
  const { userAgent: _agent, sourceAddress: _address, credential: _credential, ...means } = granted;
  return {
    action,
    by: means.by,
    who: event.actor?.user?.uid,
    resources: event.resources?.map(({ uid }) => uid) ?? [],
    ...(trace !== undefined && { trace }),
    means,
    event,
  };
}
