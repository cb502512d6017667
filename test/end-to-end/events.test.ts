/** A company's own events over HTTP: IAM says who may send them, and every record says who did. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LOCAL_ACCOUNT, LOCAL_OWNER, LOCAL_OWNER_KEY, LOCAL_REGION } from "../../lib/local/aws-service.ts";
import { lengthOf, readEntries, readHead, readRecords, waitForEvents, waitUntilIdle } from "./recorded.ts";
import { outputOf, type RunningCloud, runInEmptyFolder } from "./running-cloud.ts";

const TOKEN = `ghp_${"a1B2c3D4e5F6".repeat(3)}`;
const ONE = "application/cloudevents+json";
const BATCH = "application/cloudevents-batch+json";
const EVENT = {
  specversion: "1.0",
  id: "4711",
  source: "https://ci.acme.example/deploys",
  type: "example.acme.deploy",
  data: { action: "deploy.start", resource: "shop/production", principal: "bo", note: `with ${TOKEN}` },
};

let running: RunningCloud;
beforeAll(async () => {
  running = await runInEmptyFolder();
});
afterAll(() => running.close());

/** The local cloud reads whose key it is, and checks no signature. */
function signed(accessKeyId: string): string {
  return `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20261122/${LOCAL_REGION}/execute-api/aws4_request, SignedHeaders=host, Signature=0`;
}

async function send(
  type: string,
  events: unknown,
  { authorization = signed(LOCAL_OWNER_KEY), ...more }: Readonly<Record<string, string>> = {},
): Promise<readonly [status: number, answer: unknown]> {
  const headers = { "content-type": type, ...(authorization !== "" && { authorization }), ...more };
  const answer = await fetch(outputOf(running, "EventsUrl"), { method: "POST", headers, body: JSON.stringify(events) });
  return [answer.status, await answer.json()];
}

describe("nothing is enqueued", () => {
  test("of whom IAM does not let in", async () => {
    for (const authorization of ["", signed("NOBODY"), "Bearer token"]) {
      expect(await send(ONE, EVENT, { authorization })).toEqual([403, { message: "Forbidden" }]);
    }
  });

  test("of a batch with one bad event, whose place the answer names", async () => {
    const [status, answer] = await send(BATCH, [EVENT, { ...EVENT, source: undefined }]);
    expect(status).toBe(400);
    expect(answer).toEqual({
      type: "about:blank",
      title: "Bad Request",
      status,
      detail: expect.stringMatching(/^Event 1 /),
    });
  });

  test("of what is no CloudEvent", async () => {
    expect((await send("application/json", EVENT))[0]).toBe(415);
  });

  afterAll(async () => {
    expect(running.calls.filter(({ operation }) => operation.startsWith("SendMessage"))).toEqual([]);
    expect(await readHead(running)).toBeUndefined();
  });
});

test("an event is recorded once, with who signed it beside whom it names, and without its secret", async () => {
  for (const _ of ["at first", "again"]) {
    expect(await send(ONE, EVENT)).toEqual([202, { ids: [expect.stringMatching(/./)] }]);
  }
  const [indexed] = await waitForEvents(running, 1);
  await waitUntilIdle(running);
  expect(await readHead(running)).toMatchObject({ size: 1 });
  expect(indexed).toMatchObject({ principal: "cloudevent:bo", action: "deploy.start" });
  expect((await readRecords(running))[0]).toMatchObject({
    action: "deploy.start",
    granted: { by: "root", chain: [LOCAL_OWNER], credential: LOCAL_OWNER_KEY },
    event: {
      actor: { user: { uid: "cloudevent:bo" }, invoked_by: LOCAL_OWNER },
      metadata: { uid: `${LOCAL_ACCOUNT} ${EVENT.source} 4711` },
    },
  });
  expect((await readEntries(running)).join()).not.toContain(TOKEN);
});

test("a batch, attributes in headers, and one too large for the queue are recorded too", async () => {
  const note = "😀 long ".repeat(150_000);
  const batch = ["b1", "b2"].map((id) => ({ ...EVENT, id, data: { action: "deploy.rollback", note } }));
  const [status, answer] = await send(BATCH, batch);
  expect([status, answer]).toEqual([202, { ids: [expect.any(String), expect.any(String)] }]);
  const headers = {
    "ce-specversion": "1.0",
    "ce-id": "h1",
    "ce-source": "/tool",
    "ce-type": "t",
    "ce-team": "sh%C3%B6p",
  };
  expect((await send("application/json", { action: "pipeline.start", status: "success" }, headers))[0]).toBe(202);
  const indexed = await waitForEvents(running, 4);
  expect(indexed.map(({ action }) => action).sort()).toEqual([
    "deploy.rollback",
    "deploy.rollback",
    "deploy.start",
    "pipeline.start",
  ]);
  await waitUntilIdle(running);
  expect(await lengthOf(running, outputOf(running, "RejectedQueueUrl"))).toBe(0);
});
