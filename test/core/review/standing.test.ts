/** What is due of an access review, and since when. */
import { expect, test } from "vitest";
import { BO_DEVELOPS, DAY_MS, DI_DEPLOYS, opened, organisation, START } from "./review-desk.ts";

test("what was not settled in one period is due since then in the next, until it is certified", async () => {
  const { decide, look, clock, stateOf } = await opened();
  await decide("ana", "keep", BO_DEVELOPS);
  clock.now = Date.parse("2027-01-01T05:25:00Z");
  await look();
  const next = clock.now + 14 * DAY_MS;
  expect(await stateOf("bo@acme.example", "developer")).toMatchObject({ state: "open", due: next, isOverdue: false });
  const late = { state: "open", due: START + 14 * DAY_MS, isOverdue: true };
  expect(await stateOf("di@acme.example", "deployer")).toMatchObject(late);
  await decide("ana", "keep", DI_DEPLOYS);
  expect(await stateOf("di@acme.example", "deployer")).toMatchObject({ state: "certified", isOverdue: false });
});

test("what was decided to go stays due when nobody is left who could certify it", async () => {
  const { decide, deploy, stateOf, clock } = await opened();
  await decide("ana", "remove", BO_DEVELOPS);
  const shop = "{ repositories: [x], roles: { developer: [bo@acme.example] } }";
  deploy(organisation("", `projects: { shop: ${shop} }\n`));
  clock.now = START + 14 * DAY_MS;
  expect(await stateOf("bo@acme.example", "developer")).toMatchObject({
    ...{ state: "to-remove", certifiers: [], isOverdue: true },
    due: START + 14 * DAY_MS,
  });
});

test("what nobody could certify is open, and not due, once gatebook.yml names somebody who may", async () => {
  const { deploy, decide, stateOf, clock } = await opened();
  expect(await stateOf("ana@acme.example", "release-manager")).toMatchObject({ state: "nobody" });
  const shop = "{ repositories: [x], certifiers: [di@acme.example], roles: { release-manager: [ana@acme.example] } }";
  deploy(organisation("", `projects: { shop: ${shop} }\n`));
  clock.now = START + 20 * DAY_MS;
  const released = { person: "ana@acme.example", role: "release-manager" };
  const open = await stateOf("ana@acme.example", "release-manager");
  expect(open).toMatchObject({ state: "open", certifiers: ["di@acme.example"], isOverdue: false });
  expect(open?.due).toBeUndefined();
  expect((await decide("di", "keep", released)).status).toBe(200);
  expect(await stateOf("ana@acme.example", "release-manager")).toMatchObject({ state: "certified" });
});

test("run shows what is due since the period before, as show does", async () => {
  const { ask, clock, shown } = await opened();
  clock.now = Date.parse("2027-01-01T00:10:00Z");
  const { campaigns = [] } = await ask("ana", { do: "run" });
  expect(campaigns[0]).toMatchObject({ period: "2027-Q1" });
  expect(campaigns[0]?.items).toEqual(await shown());
  expect(campaigns[0]?.items.filter(({ isOverdue }) => isOverdue)).toHaveLength(3);
});

test("in the first hours of a period the campaign before it still stands", async () => {
  const { decide, clock, stateOf } = await opened();
  clock.now = Date.parse("2027-01-01T00:10:00Z");
  expect(await stateOf("bo@acme.example", "developer")).toMatchObject({ isOverdue: true });
  await decide("ana", "keep", BO_DEVELOPS);
  expect(await stateOf("bo@acme.example", "developer")).toMatchObject({ state: "certified" });
});
