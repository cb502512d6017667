/** Who acts with MFA and who without, counted over a recorded past. */
import { expect, test } from "vitest";
import { createMfaCensus } from "../../../lib/core/access/mfa-census.ts";
import type { AuditRecord } from "../../../lib/core/record/audit-record.ts";
import { approves, approvesJob, at, gitHub, record, user } from "../record/mfa-calls.ts";
import { exampleAccess } from "./example-access.ts";

const { configuration } = exampleAccess();
const WITH = user("ana", "ASIAEXAMPLEANA000001", true);
const KEY = user("ana", "AKIAEXAMPLEANA000001");

function censusOf(records: readonly AuditRecord[]) {
  const census = createMfaCensus(configuration);
  for (const each of records) census.add(each);
  return census;
}

test("a row for each principal, action and state, the missing first, with since when and from where it is known", async () => {
  const { records } = await record([
    [approves(0, WITH), approves(3, KEY), approves(7, KEY), approvesJob(5, "bochen")],
    [gitHub("git.push", 6, "bochen", { repo: "acme/shop" })],
  ]);
  const expected = [
    { is: "no", principal: "ana@acme.example", times: 2, since: at(3), last: at(7), from: "access" },
    { is: "unknown", principal: "bo@acme.example", times: 1, since: at(5), last: at(5), from: "nothing" },
    { is: "yes", principal: "ana@acme.example", times: 1, since: at(0), last: at(0), from: "access" },
  ].map((row) => ({ ...row, action: "pipeline.approve" }));
  expect(censusOf(records).rows()).toEqual(expected);
  expect(censusOf(records).counts()).toEqual({ yes: 1, no: 2, unknown: 1 });
  expect(censusOf(records.toReversed()).rows()).toEqual(expected);
});

test("records of before there was a requirement count by what they tell themselves", async () => {
  const { records } = await record([[approves(0, KEY), approvesJob(5, "bochen")]]);
  const earlier = records.map(({ mfa: _, ...rest }) => rest);
  expect(censusOf(earlier).counts()).toEqual({ yes: 0, no: 1, unknown: 1 });
});

test("what gatebook.yml asks for today counts, not what it asked for then", async () => {
  const { records } = await record([[approves(0, KEY)]]);
  const census = createMfaCensus({ ...configuration, mfa: { requiredFor: [] } });
  for (const each of records) census.add(each);
  expect(census.rows()).toEqual([]);
});

test("principals without number take no memory without end", async () => {
  const [one] = (await record([[approves(0, KEY)]])).records;
  if (one === undefined) throw new Error("nothing was recorded");
  const { person: _, ...nobodys } = one;
  const census = createMfaCensus(configuration);
  for (let i = 0; i < 5_100; i++) {
    const event = { ...nobodys.event, actor: { user: { uid: `arn:aws:iam::1:user/${i}` } } };
    census.add({ ...nobodys, event, granted: { by: "console", mfa: false } });
  }
  expect(census.rows()).toHaveLength(5_001);
  expect(census.rows()[0]).toMatchObject({ principal: "others", times: 100 });
  expect(census.counts().no).toBe(5_100);
});
