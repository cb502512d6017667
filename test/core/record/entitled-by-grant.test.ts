/** Whoever lets a delivery pass may do so by a grant, also where they are entitled by gatebook.yml to release elsewhere. */
import { expect, test } from "vitest";
import { memoryEventIndex } from "../../../lib/adapters/memory-event-index.ts";
import type { Placement } from "../../../lib/core/configuration/placement.ts";
import type { Grant } from "../../../lib/core/grants/grant.ts";
import { batchEntries } from "../../../lib/core/record/batch-entries.ts";
import { deliveryViewer } from "../../../lib/core/record/delivery-view.ts";
import type { IndexEntry } from "../../../lib/core/record/index-entry.ts";
import { exampleGrant, TEN } from "../grants/example-grant.ts";
import { organisation } from "./views.ts";

const PRODUCTION: Placement = { projects: ["shop"], environments: ["shop/production"], production: true };

/** Releases to staging by gatebook.yml. */
const APPROVED_BY_PIA: IndexEntry = {
  principal: "arn:aws:iam::111122223333:user/pia",
  person: "pia@acme.example",
  eventKey: "2026-11-25T10:05:00.000Z#event-1",
  action: "pipeline.approve",
  operation: "PutApprovalResult",
  trace: "E1",
};

async function entitledBy(grants: readonly Grant[]) {
  const asked: number[] = [];
  const viewer = deliveryViewer(organisation(), async (time) => {
    asked.push(time);
    return grants;
  });
  const found = await viewer.find(APPROVED_BY_PIA, batchEntries([APPROVED_BY_PIA]), memoryEventIndex());
  return { entitled: viewer.show(found, PRODUCTION)?.entitled, asked };
}

test("a release manager of another environment is one here for as long as a grant says so", async () => {
  const grant = exampleGrant({ person: "pia@acme.example" });
  expect(await entitledBy([grant])).toEqual({ entitled: true, asked: [TEN + 5 * 60_000] });
  expect(await entitledBy([exampleGrant()])).toMatchObject({ entitled: false });
  expect(await entitledBy([{ ...grant, minutes: 5 }])).toMatchObject({ entitled: false });
});

test("of somebody who may release everywhere, the grants are not asked", async () => {
  const asked: number[] = [];
  const viewer = deliveryViewer(organisation(), async (time) => {
    asked.push(time);
    return [];
  });
  const entry = { ...APPROVED_BY_PIA, person: "remy@acme.example" };
  const found = await viewer.find(entry, batchEntries([entry]), memoryEventIndex());
  expect([viewer.show(found, PRODUCTION)?.entitled, asked]).toEqual([true, []]);
});

test("of one review for two environments the right to each is asked for, and of a start, which names none, to any", async () => {
  const viewer = deliveryViewer(organisation());
  const both = { ...PRODUCTION, environments: ["shop/staging", "shop/production"] };
  const entitledAs = async (person: string) => {
    const entry = { ...APPROVED_BY_PIA, person };
    const found = await viewer.find(entry, batchEntries([entry]), memoryEventIndex());
    const places = [both, { ...both, environments: ["shop/staging"] }];
    const started = viewer.show({ ...found, isStart: true }, PRODUCTION);
    return [...places.map((place) => viewer.show(found, place)), started].map((delivery) => delivery?.entitled);
  };
  expect(await entitledAs("remy@acme.example")).toEqual([true, true, true]);
  expect(await entitledAs("pia@acme.example")).toEqual([false, true, true]);
  expect(await entitledAs("dee@acme.example")).toEqual([false, false, false]);
});
