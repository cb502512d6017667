/** What becomes of a finding besides its mail: the event bus, what waits to be told together, a digest. */
import { ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { dynamoDbOutbox } from "../../lib/adapters/dynamodb-outbox.ts";
import { putRecordedEvents } from "../../lib/local/put-recorded-events.ts";
import { FINDING, findingWith } from "../core/alerting/findings.ts";
import { invoke } from "./invoke.ts";
import { outputOf, PATIENCE, type RunningCloud, runInEmptyFolder } from "./running-cloud.ts";
import { nightEvent } from "./story.ts";

let running: RunningCloud;
beforeAll(async () => {
  running = await runInEmptyFolder();
});
afterAll(() => running.close());

async function outbox() {
  const client = running.clients.dynamodb;
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  const waiting = TableNames.filter((name) => name.includes("AlertingWaiting"));
  expect(waiting).toHaveLength(1);
  return dynamoDbOutbox({ client, tableName: waiting[0] ?? "" });
}

/** The same rule, person and role, an hour later, as an event of its own. */
function laterEvent() {
  const event = structuredClone(nightEvent());
  const id = "0a4f7d52-1111-4b5e-9c41-5d5c2f0a7e01";
  return {
    ...event,
    id,
    time: "2026-11-26T03:13:20Z",
    detail: { ...event.detail, eventID: id, eventTime: "2026-11-26T03:13:20Z" },
  };
}

const NIGHT = "Deploy role assumed outside business hours";
const mailsAbout = (words: string) => running.mails.filter(({ subject }) => subject.includes(words));
const putsOnBus = () => running.calls.filter(({ operation }) => operation === "PutEvents");

test("a finding is mailed and put on the bus, and the same again waits", async () => {
  expect(outputOf(running, "FindingsBusArn")).toMatch(/^arn:aws:events:.*:event-bus\//);
  await putRecordedEvents(running.cloud.url, [nightEvent()]);
  await vi.waitFor(() => expect(mailsAbout(NIGHT)).toHaveLength(1), PATIENCE);
  await vi.waitFor(() => expect(putsOnBus()).not.toHaveLength(0), PATIENCE);
  await putRecordedEvents(running.cloud.url, [laterEvent()]);
  const waiting = await outbox();
  const again = await vi.waitFor(async () => {
    const all = await waiting.due(Date.now() + 24 * 60 * 60 * 1000, 10);
    const found = all.filter(({ finding }) => finding.rule.title === NIGHT);
    expect(found).toHaveLength(1);
    return found;
  }, PATIENCE);
  expect(again[0]).toMatchObject({ reason: "repeat", finding: { event: laterEvent().id } });
  expect(mailsAbout(NIGHT)).toHaveLength(1);
  await vi.waitFor(() => expect(putsOnBus().length).toBeGreaterThanOrEqual(2), PATIENCE);
  expect(new Set(putsOnBus().map(({ status }) => status))).toEqual(new Set([200]));
});

test("what waited is mailed when it is due, and is gone then", async () => {
  const waiting = await outbox();
  const due = Date.now() - 1;
  for (const uid of ["one", "two", "three"]) {
    const finding = findingWith({ uid, event: `event-${uid}`, principal: `github:${uid}` });
    await waiting.put({ due, reason: "storm", finding });
  }
  await waiting.put({ due, reason: "repeat", finding: findingWith({ uid: "four", event: "event-four" }) });
  await invoke(running, "digest");
  await vi.waitFor(() => expect(mailsAbout(FINDING.rule.title)).toHaveLength(2), PATIENCE);
  expect(mailsAbout(FINDING.rule.title).map(({ subject }) => subject)).toEqual([
    "[Gatebook high] 3 findings: 1 rule, 1 person, worst Approved by the starter",
    "[Gatebook high] 1 more: Approved by the starter: Ana Lima on shop-release/Approve/Release",
  ]);
  expect(await waiting.due(due, 10)).toEqual([]);
});

test("nothing was refused by IAM on the way", () => {
  expect(running.calls.filter(({ status }) => status === 403)).toEqual([]);
  expect([running.alarms, running.faults]).toEqual([[], []]);
});
