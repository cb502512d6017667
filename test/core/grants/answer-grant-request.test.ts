/** Who may ask for a role, who may give it, and what is refused. */
import { expect, test } from "vitest";
import { answerGrantRequest, MAX_OPEN_REQUESTS } from "../../../lib/core/grants/answer-grant-request.ts";
import { ANSWER_MS, MAX_REASON_CHARS } from "../../../lib/core/grants/grant.ts";
import { grantDesk, START, WANTED } from "./grant-requests.ts";

const HOUR_MS = 60 * 60 * 1000;

async function requested() {
  const desk = grantDesk();
  const { grant } = await desk.ask("bo", WANTED);
  return { ...desk, id: grant?.id ?? "" };
}

test("a request says who may approve it, and is recorded in a trace of its own", async () => {
  const { ask, sent } = grantDesk();
  const { status, grant, approvers } = await ask("bo", WANTED);
  expect([status, grant?.state]).toEqual([200, "requested"]);
  expect(approvers).toEqual(["ana@acme.example", "ed@acme.example", "flo@acme.example"]);
  expect(sent).toEqual([
    expect.objectContaining({
      kind: "gatebook",
      type: "grant.requested",
      principal: "arn:aws:iam::111122223333:user/bo",
      trace: grant?.id,
      time: START,
      message: "bo@acme.example asks to be release-manager of shop/production for 60 minutes: INC-42",
    }),
  ]);
});

test("the time runs from the approval", async () => {
  const { ask, clock, id, sent } = await requested();
  clock.now += HOUR_MS;
  expect(await ask("ana", { do: "approve", grant: id })).toMatchObject({
    status: 200,
    grant: { state: "active", until: START + 2 * HOUR_MS },
  });
  expect(sent.at(-1)).toMatchObject({ type: "grant.approved", trace: id, time: START + HOUR_MS });
});

test("why it was approved is recorded, where it is said", async () => {
  const { ask, sent } = grantDesk();
  const { grant } = await ask("bo", WANTED);
  await ask("ana", { do: "approve", grant: grant?.id, reason: "agreed in the incident call" });
  expect(sent.at(-1)).toMatchObject({ message: expect.stringMatching(/ minutes: agreed in the incident call$/) });
});

test("nobody approves their own, whichever roles they have, and nobody without a right to it", async () => {
  const { ask } = grantDesk();
  const own = await ask("flo", WANTED);
  expect(await ask("flo", { do: "approve", grant: own.grant?.id })).toMatchObject({
    status: 403,
    detail: "flo@acme.example asked for it: somebody else has to approve it.",
  });
  expect(await ask("bo", { do: "approve", grant: own.grant?.id })).toMatchObject({
    status: 403,
    detail: expect.stringContaining("bo@acme.example may not make anybody release-manager of shop/production"),
  });
});

test("who holds a role for a while gives it to nobody", async () => {
  const { ask, id } = await requested();
  expect(await ask("ana", { do: "approve", grant: id })).toMatchObject({ status: 200 });
  const other = await ask("flo", WANTED);
  expect(await ask("bo", { do: "approve", grant: other.grant?.id })).toMatchObject({ status: 403 });
});

test("administrators alone make administrators", async () => {
  const { ask } = grantDesk();
  const { grant, approvers } = await ask("bo", { ...WANTED, role: "administrator" });
  expect(approvers).toEqual(["flo@acme.example"]);
  expect(await ask("ana", { do: "approve", grant: grant?.id })).toMatchObject({ status: 403 });
  expect(await ask("flo", { do: "approve", grant: grant?.id })).toMatchObject({ status: 200 });
});

test("those of one environment give its roles, and neither those of another nor the project's", async () => {
  const { ask } = grantDesk();
  const asked = (environment?: string) =>
    ask("flo", { ...WANTED, place: { project: "shop", ...(environment !== undefined && { environment }) } });
  const [staging, production, everywhere] = [await asked("staging"), await asked("production"), await asked()];
  const approvers = ["ana@acme.example", "ed@acme.example"];
  expect([staging.approvers, production.approvers, everywhere.approvers]).toEqual([
    [...approvers, "bo@acme.example"],
    approvers,
    approvers,
  ]);
  const approved = async ({ grant }: typeof staging) => (await ask("bo", { do: "approve", grant: grant?.id })).status;
  expect([await approved(staging), await approved(production), await approved(everywhere)]).toEqual([200, 403, 403]);
});

test("who holds a role in one environment cannot ask for it there, and can elsewhere", async () => {
  const { ask } = grantDesk();
  const staging = { project: "shop", environment: "staging" };
  expect(await ask("bo", { ...WANTED, place: staging })).toMatchObject({
    status: 403,
    detail: expect.stringContaining("bo@acme.example is release-manager of shop/staging already"),
  });
  expect(await ask("bo", WANTED)).toMatchObject({ status: 200 });
  expect(await ask("ana", { ...WANTED, role: "pilot", place: staging })).toMatchObject({ status: 200 });
  expect(await ask("ana", { ...WANTED, role: "pilot" })).toMatchObject({
    status: 403,
    detail: expect.stringContaining("pilot is no role of shop/production: there are developer, release-manager, admin"),
  });
});

test("what is over, taken back or approved already is not approved", async () => {
  const { ask, clock, id } = await requested();
  expect((await ask("ana", { do: "approve", grant: id })).status).toBe(200);
  expect(await ask("ed", { do: "approve", grant: id })).toMatchObject({
    status: 409,
    detail: expect.stringContaining("is active"),
  });
  clock.now += HOUR_MS;
  expect(await ask("ed", { do: "approve", grant: id })).toMatchObject({
    status: 409,
    detail: expect.stringContaining("is ended"),
  });
  const late = await ask("bo", WANTED);
  clock.now += ANSWER_MS;
  expect(await ask("ana", { do: "approve", grant: late.grant?.id })).toMatchObject({
    status: 409,
    detail: expect.stringContaining("it is lapsed"),
  });
});

test("whoever has it gives it back, whoever may approve it takes it back, and nobody else", async () => {
  const { ask, id, sent } = await requested();
  await ask("ana", { do: "approve", grant: id });
  const back = { do: "revoke", grant: id, reason: "done" };
  const other = { ...back, grant: (await ask("flo", WANTED)).grant?.id };
  expect(await ask("bo", other)).toMatchObject({ status: 403 });
  expect(await ask("bo", back)).toMatchObject({ status: 200, grant: { state: "revoked" } });
  expect(await ask("ed", other)).toMatchObject({ status: 200, grant: { state: "revoked" } });
  expect(sent.filter(({ type }) => type === "grant.revoked")).toHaveLength(2);
});

test("a revocation that could not be told holds all the same, and is told by the next try", async () => {
  const { ask, id, sent, failing, grants } = await requested();
  await ask("ana", { do: "approve", grant: id });
  failing.send = true;
  await expect(ask("ana", { do: "revoke", grant: id, reason: "wrong" })).rejects.toThrow("the queue is down");
  expect(await grants.read(id)).toMatchObject({ revoked: { reason: "wrong" } });
  failing.send = false;
  expect(await ask("ed", { do: "revoke", grant: id, reason: "again" })).toMatchObject({ status: 200 });
  expect(sent.at(-1)).toMatchObject({ type: "grant.revoked", principal: "arn:aws:iam::111122223333:user/ana" });
});

test("an approval that could not be recorded gives nobody a role", async () => {
  const { ask, id, failing, grants } = await requested();
  failing.send = true;
  await expect(ask("ana", { do: "approve", grant: id })).rejects.toThrow("the queue is down");
  expect((await grants.read(id))?.approved).toBeUndefined();
});

test("of two who approve at the same moment, one is told that the other did", async () => {
  const { world, id } = await requested();
  const approve = (name: string) =>
    answerGrantRequest(
      {
        body: JSON.stringify({ do: "approve", grant: id }),
        caller: { arn: `arn:aws:iam::111122223333:user/${name}`, account: "111122223333" },
      },
      world,
    );
  const statuses = (await Promise.all([approve("ana"), approve("ed")])).map(({ statusCode }) => statusCode);
  expect(statuses.toSorted()).toEqual([200, 409]);
});

test.each([
  ["somebody who left", "cy", WANTED, 403, "cy@acme.example left on 2026-10-01."],
  ["nobody of gatebook.yml", "mallory", WANTED, 403, "is nobody of gatebook.yml"],
  [
    "a session that calls itself like somebody",
    "arn:aws:sts::111122223333:assumed-role/dev/ana@acme.example",
    WANTED,
    403,
    "is nobody",
  ],
  ["a role that they have", "ana", WANTED, 403, "is release-manager of shop/production already"],
  ["a role that there is not", "bo", { ...WANTED, role: "king" }, 403, "king is no role of shop"],
  ["a role of every object", "bo", { ...WANTED, role: "constructor" }, 403, "constructor is no role of shop"],
  ["a project that there is not", "bo", { ...WANTED, place: { project: "__proto__" } }, 403, "is no project"],
  [
    "an environment that there is not",
    "bo",
    { ...WANTED, place: { project: "shop", environment: "x" } },
    403,
    "is no environment of shop",
  ],
  ["too long a time", "bo", { ...WANTED, minutes: 721 }, 400, "from 5 to 720"],
  ["half a minute", "bo", { ...WANTED, minutes: 5.5 }, 400, "from 5 to 720"],
  ["no reason", "bo", { ...WANTED, reason: " " }, 400, "say why"],
  ["a novel", "bo", { ...WANTED, reason: "x".repeat(MAX_REASON_CHARS + 1) }, 400, "has more than"],
  ["a member that we do not know", "bo", { ...WANTED, person: "ana@acme.example" }, 400, "person"],
  ["an id that is none", "ana", { do: "approve", grant: "grant:1" }, 400, "is no id of a grant"],
  ["a grant that there is not", "ana", { do: "approve", grant: "grant:0000000000001-00000000" }, 404, "There is no"],
  ["something else", "ana", { do: "delete" }, 400, "must be request, approve, revoke or list"],
  ["no JSON", "ana", "{", 400, "the request"],
  ["megabytes", "ana", "x".repeat(9_000), 413, "8192"],
])("%s is refused, and nothing is recorded", async (_, who, body, status, detail) => {
  const { ask, sent } = grantDesk();
  expect(await ask(who, body)).toMatchObject({ status, detail: expect.stringContaining(detail) });
  expect(sent).toEqual([]);
});

test("a caller whom IAM did not check is refused", async () => {
  const { world } = grantDesk();
  for (const caller of [undefined, {}, { arn: "ana", account: "111122223333" }]) {
    expect((await answerGrantRequest({ body: JSON.stringify({ do: "list" }), caller }, world)).statusCode).toBe(403);
  }
});

test("a workforce user of Identity Center is the person with that user name", async () => {
  const { ask, id, sent } = await requested();
  const arn = "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Admins_0123456789abcdef/ana@acme.example";
  expect(await ask(arn, { do: "approve", grant: id })).toMatchObject({ status: 200 });
  expect(sent.at(-1)).toMatchObject({ principal: "sso:ana@acme.example" });
});

test("one person has so many requests open at a time and no more", async () => {
  const { ask } = grantDesk();
  for (let i = 0; i < MAX_OPEN_REQUESTS; i += 1) expect((await ask("bo", WANTED)).status).toBe(200);
  expect(await ask("bo", WANTED)).toMatchObject({ status: 409, detail: expect.stringContaining("10 requests") });
  expect((await ask("flo", WANTED)).status).toBe(200);
  expect((await ask("ana", { do: "list" })).grants).toHaveLength(MAX_OPEN_REQUESTS + 1);
});
