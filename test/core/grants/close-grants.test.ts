/** What is over is recorded, once. */
import { expect, test } from "vitest";
import { memoryGrantStore } from "../../../lib/adapters/memory-grant-store.ts";
import { closeGrants } from "../../../lib/core/grants/close-grants.ts";
import { ANSWER_MS, type Grant } from "../../../lib/core/grants/grant.ts";
import { exampleGrant, TEN } from "./example-grant.ts";

const HOUR_MS = 60 * 60 * 1000;
const ID = "grant:1795600800000-0a1b2c3d";

async function closing(...stored: readonly Grant[]) {
  const grants = memoryGrantStore();
  for (const grant of stored) await grants.replace(grant);
  const sent: Record<string, unknown>[] = [];
  const failing = { on: "" };
  const intake = {
    async send(bodies: readonly string[]) {
      if (failing.on !== "" && bodies.some((body) => body.includes(failing.on))) throw new Error("the queue is down");
      sent.push(...bodies.map((body) => JSON.parse(body)));
      return bodies.map(() => "id");
    },
  };
  return { close: (now: number) => closeGrants({ grants, intake }, now), grants, sent, failing };
}

test("a grant ends when its time is over, and that is told once, with the time when it was", async () => {
  const { close, sent, grants } = await closing(exampleGrant());
  expect(await close(TEN + HOUR_MS - 1)).toEqual([]);
  expect(await close(TEN + HOUR_MS + 30_000)).toEqual([ID]);
  expect(await close(TEN + HOUR_MS + 90_000)).toEqual([]);
  expect(sent).toEqual([
    expect.objectContaining({ type: "grant.ended", trace: ID, time: TEN + HOUR_MS, principal: "gatebook:grants" }),
  ]);
  expect(await grants.read(ID)).toMatchObject({ version: 2, isClosed: true });
});

test("a request that nobody answers lapses", async () => {
  const { approved: _, ...request } = exampleGrant();
  const { close, sent } = await closing(request);
  const lapsing = request.requested.time + ANSWER_MS;
  expect(await close(lapsing - 1)).toEqual([]);
  expect(await close(lapsing)).toEqual([ID]);
  expect(sent).toEqual([expect.objectContaining({ type: "grant.lapsed", time: lapsing })]);
});

test("what was taken back has been told by whoever did it", async () => {
  const act = { person: "remy@acme.example", principal: "x", time: TEN + 1, reason: "wrong" };
  const { close, sent } = await closing(exampleGrant({ revoked: act }));
  expect(await close(TEN + 2)).toEqual([ID]);
  expect(sent).toEqual([]);
});

test("one that cannot be told keeps no other open, and is told the next time", async () => {
  const other = "grant:1795600800000-ffffffff";
  const { close, sent, failing } = await closing(exampleGrant(), exampleGrant({ id: other }));
  failing.on = ID;
  await expect(close(TEN + HOUR_MS)).rejects.toThrow("1 grants could not be closed");
  expect(sent).toEqual([expect.objectContaining({ trace: other })]);
  failing.on = "";
  expect(await close(TEN + HOUR_MS)).toEqual([ID]);
});
