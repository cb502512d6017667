/** Webhooks of every system but GitHub, which has a file of its own: hostile payloads, samples that others published, secrets, recordings. */
import { existsSync, globSync, readFileSync } from "node:fs";
import * as path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GatebookError } from "../../../lib/core/errors.ts";
import { prepareRecord } from "../../../lib/core/record/prepare-record.ts";
import { parseMessage } from "../../../lib/core/sources/message.ts";
import { lastingIdentity, normalise, rawRecord } from "../../../lib/core/sources/normalise.ts";
import { principalOf } from "../../../lib/core/sources/principal.ts";
import { WEBHOOK_SOURCES } from "../../../lib/core/sources/webhooks/webhook-source.ts";
import { webhookSources } from "../../../lib/core/sources/webhooks/webhook-sources.ts";
import { validateOcsf } from "../../ocsf-validator.ts";
import { fixtureNames } from "./fixtures.ts";
import { hasOcsfSchema, ocsfSchema } from "./shared-samples.ts";
import { ARRIVED, normalisedWebhook, recordedWebhook, webhookOf } from "./webhook-fixtures.ts";

const OTHERS = WEBHOOK_SOURCES.filter((source) => source !== "github");
const SAMPLES = path.resolve(import.meta.dirname, "../../../../shared/data/webhooks");
const schema = hasOcsfSchema ? ocsfSchema() : undefined;

function errorsOf(body: string): readonly string[] {
  const { event } = normalise(parseMessage(body));
  expect(principalOf(event)).toMatch(/^[a-z-]+:./);
  expect(Number.isSafeInteger(event.time)).toBe(true);
  return schema === undefined ? [] : validateOcsf(schema, JSON.parse(JSON.stringify(event)));
}

describe.each(OTHERS)("%s", (source) => {
  const names = fixtureNames(source);

  test("every fixture becomes a valid event", () => {
    expect(names.length).toBeGreaterThan(3);
    for (const name of names) expect([name, errorsOf(recordedWebhook(source, name))]).toEqual([name, []]);
  });

  test("a recording is known by its headers, or by what it says of itself", () => {
    for (const name of names) expect(parseMessage(recordedWebhook(source, name))).toMatchObject({ source });
  });

  test("what redaction leaves tells the same who, what and where", async () => {
    const classify = () => ({ components: [], calendar: { isBusinessHours: true } }) as never;
    for (const name of names) {
      const { entry } = await prepareRecord(recordedWebhook(source, name), classify);
      const { event, action, trace } = normalisedWebhook(source, name);
      expect(entry).toMatchObject({ action, principal: principalOf(event) });
      expect([entry.resource, entry.trace]).toEqual([event.resources?.[0]?.uid, trace]);
    }
  });

  test("the same bytes delivered again at another time are one event", () => {
    const [name = ""] = names;
    const again = { ...JSON.parse(recordedWebhook(source, name)), receivedAt: Date.parse(ARRIVED) + 60_000 };
    const [first, second] = [recordedWebhook(source, name), JSON.stringify(again)].map((body) => {
      const message = parseMessage(body);
      const { event } = normalise(message);
      return [event.metadata.uid, lastingIdentity(message, event) ?? event.time];
    });
    expect(second).toEqual(first);
  });

  test("an event of a type that is new, or of none, is kept as other", () => {
    for (const body of [{}, { event: "new" }, { object_kind: 7, resource: [], notifications: {}, build: "x" }]) {
      const message = webhookOf(source, body);
      expect(errorsOf(message)).toEqual([]);
      const { action, event, granted } = normalise(parseMessage(message));
      expect([action, event.actor?.user?.uid, granted.by]).toEqual(["other", `service:${source}`, "token"]);
    }
  });

  test("any JSON value in the place of any field gives a valid event", () => {
    const recordings = names.map((name) => JSON.parse(recordedWebhook(source, name)));
    const replaced = fc
      .constantFrom(...recordings)
      .map((message) => ({ message, original: JSON.parse(Buffer.from(message.body, "base64").toString()) }))
      .chain((recorded) =>
        fc.tuple(fc.constant(recorded), fc.constantFrom(...pathsOf(recorded.original)), fc.jsonValue()),
      );
    fc.assert(
      fc.property(replaced, ([{ message, original }, at, value]) => {
        expect(errorsOf(webhookOf(source, replace(original, at, value), message.headers))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test("a name of any length fits the index", () => {
    const [name = ""] = names;
    const recorded = JSON.parse(recordedWebhook(source, name));
    const text = Buffer.from(recorded.body, "base64").toString();
    const long = text.replaceAll(/ana@acme\.example|analima|bochen|acme/g, "é".repeat(3000));
    const { event } = normalise(parseMessage(webhookOf(source, JSON.parse(long), recorded.headers)));
    expect(Buffer.byteLength(principalOf(event))).toBeLessThan(2048);
    expect(Buffer.byteLength(event.metadata.uid)).toBeLessThan(1024 - 30);
  });
});

test("raw rules see the payload, and the header that names the event", () => {
  const { product, service, record } = rawRecord(parseMessage(recordedWebhook("bitbucket", "push")));
  expect([product, service, record["X-Event-Key"]]).toEqual(["bitbucket", "webhook", "repo:push"]);
  expect(rawRecord(parseMessage(recordedWebhook("gitlab", "push"))).record["X-Gitlab-Event"]).toBe("Push Hook");
  const run = parseMessage(recordedWebhook("terraform-cloud", "run-created"));
  expect(rawRecord(run).record).toEqual(run.original);
});

test("a source that there is not is refused", () => {
  for (const source of ["teamcity", "__proto__", "constructor", ""]) {
    expect(() => parseMessage(webhookOf(source, {}))).toThrow(GatebookError);
  }
});

test("the registry names each source as the URL does, and keeps no header that is itself the secret", () => {
  for (const [name, source] of Object.entries(webhookSources)) {
    expect(source.name).toBe(name);
    for (const header of source.keptHeaders) {
      expect(header).toBe(header.toLowerCase());
      expect(["authorization", "x-gitlab-token", "x-buildkite-token", "cookie"]).not.toContain(header);
    }
  }
});

describe.skipIf(!existsSync(SAMPLES))("the samples that others published", () => {
  const FOLDERS: readonly (readonly [source: string, folder: string])[] = [
    ["gitlab", "go-gitlab"],
    ["gitlab", "go-playground/gitlab"],
    ["bitbucket", "go-playground/bitbucket"],
    ["bitbucket", "go-playground/bitbucket-server"],
    ["azure-devops", "go-playground/azuredevops"],
  ];

  test.each(FOLDERS)("of %s in %s are valid events", (source, folder) => {
    const files = globSync(`${folder}/*.json`, { cwd: SAMPLES });
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) {
      const body = JSON.parse(readFileSync(path.join(SAMPLES, file), "utf8"));
      expect([file, errorsOf(webhookOf(source, body))]).toEqual([file, []]);
    }
  });
});

type Path = readonly string[];

function pathsOf(value: unknown): readonly Path[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => [[key], ...pathsOf(child).map((rest) => [key, ...rest])]);
}

function replace(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined || typeof value !== "object" || value === null) return by;
  const entries = Object.entries(value).map(([name, child]) => [name, name === key ? replace(child, rest, by) : child]);
  return Object.fromEntries(entries);
}
