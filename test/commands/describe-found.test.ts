/** A recorded access in a few lines: what Gatebook did itself is told in its own words, and no name from outside moves the cursor. */
import { expect, test } from "vitest";
import { describeFound } from "../../bin/commands/describe-found.ts";
import { normaliseGatebook, readGatebookMessage } from "../../lib/core/sources/gatebook.ts";

function found(message: string) {
  const original = {
    v: 1,
    uid: "grant.requested:grant:1",
    time: Date.parse("2026-11-24T10:00:00Z"),
    type: "grant.requested",
    principal: "arn:aws:iam::111122223333:user/dee",
    resource: "grant:1",
    trace: "grant:1",
    message,
  };
  const { event, action, granted } = normaliseGatebook(readGatebookMessage(original, JSON.stringify(original)));
  const access = { outcome: "not-applicable" as const, reason: "no policy speaks about other" };
  const raw = { raw_data: "{}", raw_data_hash: { algorithm_id: 3 as const, algorithm: "SHA-256" as const, value: "" } };
  return {
    index: 7,
    record: { v: 1 as const, event: { ...event, ...raw }, action, granted, access, components: [], findings: [] },
  };
}

test("what somebody asked Gatebook for is told with the role and the reason", () => {
  expect(describeFound(found("dee@acme.example asks to be release-manager of shop/production: INC-42"))).toContain(
    "    says   dee@acme.example asks to be release-manager of shop/production: INC-42\n",
  );
});

test("of an answer with several reasons each has its line, and none moves the cursor", () => {
  expect(describeFound(found("Gatebook: no\n- four eyes\u001b[2J\n- window\u202e"))).toContain(
    "    says   Gatebook: no\n           - four eyes\\u001b[2J\n           - window\\u202e\n",
  );
});

test("what another source says is not repeated: it is its own", () => {
  const { record, ...place } = found("dee@acme.example did nothing");
  const { metadata } = record.event;
  const foreign = { ...metadata, product: { name: "Gatebook", vendor_name: "GitHub" } };
  expect(
    describeFound({ ...place, record: { ...record, event: { ...record.event, metadata: foreign } } }),
  ).not.toContain("says");
});
