/** Somebody who is a release manager for a while overrides the gate as any other does, and the grant is named. */
import { expect, test } from "vitest";
import { GatebookError } from "../../../lib/core/errors.ts";
import { answerRequest } from "../../../lib/core/gate/api-gate.ts";
import { askGate } from "../../../lib/core/gate/ask-gate.ts";
import type { GateWorld } from "../../../lib/core/gate/gate-world.ts";
import type { Grant } from "../../../lib/core/grants/grant.ts";
import { EXECUTION, gateAfter, NOW, organisation, release, started, TO_PRODUCTION } from "./release.ts";

const MINUTE_MS = 60_000;
const ACCOUNT = "111122223333";
const ANA = { arn: `arn:aws:iam::${ACCOUNT}:user/ana`, account: ACCOUNT, sourceAddress: "203.0.113.7" };
const ID = `grant:${NOW - 10 * MINUTE_MS}-00c0ffee`;
const act = (person: string, at: number) => ({ person, principal: `arn:aws:iam::${ACCOUNT}:user/${person}`, time: at });

/** Given to Ana by Bo ten minutes ago, for half an hour. */
function grant(more: Partial<Grant> = {}): Grant {
  return {
    id: ID,
    version: 2,
    person: "ana@acme.example",
    role: "release-manager",
    place: { project: "shop", environment: "production" },
    minutes: 30,
    requested: { ...act("ana@acme.example", NOW - 10 * MINUTE_MS), reason: "Bo is away" },
    approved: act("bo@acme.example", NOW - 9 * MINUTE_MS),
    ...more,
  };
}

/** Stopped: Bo started and approved it. */
const STOPPED = release({ start: started("bo") });

async function override(world: GateWorld) {
  const asked = {
    project: "shop",
    environment: "production",
    trace: EXECUTION,
    override: { reason: "Payments are down" },
  };
  const { statusCode, body } = await answerRequest({ body: JSON.stringify(asked), caller: ANA }, world);
  return [statusCode, JSON.parse(body)] as const;
}

test.each([
  ["on the environment", grant()],
  ["on the whole project", grant({ place: { project: "shop" } })],
])("a grant %s that is in force entitles to override, and the answer names it", async (_, held) => {
  const [status, answer] = await override(await gateAfter(STOPPED, { grants: async () => [held] }));
  expect([status, answer.because]).toEqual([200, "override"]);
  expect(answer.message).toContain(
    `since ana@acme.example overrode the gate as release-manager by ${ID}: Payments are down`,
  );
});

test("the override is on record with the grant, found from it, and alerted about as such", async () => {
  const world = await gateAfter(STOPPED, { grants: async () => [grant()] });
  await override(world);
  const [record] = await world.tell(world.sent);
  expect(record).toMatchObject({
    action: "pipeline.bypass",
    person: "ana@acme.example",
    trace: EXECUTION,
    links: [ID],
    event: { unmapped: { gate: { override: { by: "ana@acme.example", grant: ID } } } },
  });
  expect(record?.findings[0]?.why).toContain(`ana@acme.example is a release manager for a while, by ${ID}.`);
  expect(await world.index.linksOf(ID)).toEqual([EXECUTION]);
  expect(await askGate(TO_PRODUCTION, { by: "codepipeline" }, world)).toMatchObject({
    outcome: "pass",
    override: { by: "ana@acme.example", grant: ID },
  });
});

test("whom gatebook.yml makes a release manager needs no grant, and none is looked for", async () => {
  const grants = async (): Promise<never> => {
    throw new Error("the table does not answer");
  };
  const configuration = organisation("", (text) =>
    text.replace("release-manager: [bo@acme.example]", "release-manager: [ana@acme.example]"),
  );
  const [status, answer] = await override(await gateAfter(STOPPED, { grants, configuration }));
  expect([status, answer.because]).toEqual([200, "override"]);
  expect(answer.message).not.toContain("as release-manager by");
});

test.each<readonly [name: string, held: readonly Grant[]]>([
  ["that nobody approved", [{ ...grant(), approved: undefined } as unknown as Grant]],
  ["that is over", [grant({ approved: act("bo@acme.example", NOW - 31 * MINUTE_MS) })]],
  ["that was revoked", [grant({ revoked: act("bo@acme.example", NOW - MINUTE_MS) })]],
  ["that begins later", [grant({ approved: act("bo@acme.example", NOW + MINUTE_MS) })]],
  ["on another environment", [grant({ place: { project: "shop", environment: "staging" } })]],
  ["on another project", [grant({ place: { project: "payroll" } })]],
  ["of another role", [grant({ role: "developer" })]],
  ["of somebody else", [grant({ person: "cy@acme.example" })]],
])("a grant %s entitles to nothing", async (_, held) => {
  const world = await gateAfter(STOPPED, { grants: async () => held });
  expect(await override(world)).toEqual([
    403,
    expect.objectContaining({ detail: expect.stringMatching(/ana@acme\.example is no release-manager of shop/) }),
  ]);
  expect(world.sent).toEqual([]);
});

test("where the grants cannot be read, the override does not count, and the gate says what it does not know", async () => {
  const grants = async (): Promise<never> => {
    throw new GatebookError("UNAVAILABLE", "the grants could not be read");
  };
  const unknown = ["whether ana@acme.example is a release manager for a while: the grants could not be read"];
  const world = await gateAfter(STOPPED, { grants });
  expect(await override(world)).toMatchObject([409, { outcome: "block", because: "checks", unknown }]);
  expect(world.sent).toMatchObject([{ type: "gate.blocked" }]);
  const passing = await gateAfter(release(), { grants });
  expect(await override(passing)).toMatchObject([200, { outcome: "pass", because: "checks", unknown: [] }]);
});
