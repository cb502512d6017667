/** A grant's statement comes into a trust policy, and goes without a trace. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { withoutTrust, withTrust } from "../../../lib/core/grants/trust-statement.ts";

const UNTIL = Date.parse("2026-11-25T11:00:00.750Z");
const FIRST = {
  grant: "grant:1795600800000-0a1b2c3d",
  principals: ["arn:aws:iam::111122223333:user/dee"],
  until: UNTIL,
};
const SECOND = { ...FIRST, grant: "grant:1795600800000-ffffffff" };
const PIPELINE = {
  Effect: "Allow",
  Principal: { Service: "codebuild.amazonaws.com" },
  Action: "sts:AssumeRole",
};
const LIST = JSON.stringify({ Version: "2012-10-17", Statement: [PIPELINE, { Sid: "Mine", ...PIPELINE }] });
const SINGLE = JSON.stringify({ Version: "2012-10-17", Statement: PIPELINE });

test("the person is trusted until then, to the second before", () => {
  expect(JSON.parse(withTrust(LIST, FIRST)).Statement[2]).toEqual({
    Sid: "GatebookGrant1795600800000x0a1b2c3d",
    Effect: "Allow",
    Principal: { AWS: ["arn:aws:iam::111122223333:user/dee"] },
    Action: "sts:AssumeRole",
    Condition: { DateLessThan: { "aws:CurrentTime": "2026-11-25T11:00:00Z" } },
  });
});

test("adding again changes nothing, and neither does removing again", () => {
  for (const text of [LIST, SINGLE]) {
    const added = withTrust(text, FIRST);
    expect(withTrust(added, FIRST)).toBe(added);
    expect(withoutTrust(text, FIRST.grant)).toBe(text);
  }
});

test("whatever the order of two grants, what is left is what was there, a single statement included", () => {
  for (const text of [LIST, SINGLE]) {
    for (const [one, other] of [
      [FIRST, SECOND],
      [SECOND, FIRST],
    ] as const) {
      const both = withTrust(withTrust(text, FIRST), SECOND);
      expect(withoutTrust(withoutTrust(both, one.grant), other.grant)).toBe(text);
    }
  }
});

test("what somebody else changes meanwhile stays", () => {
  const document = JSON.parse(withTrust(LIST, FIRST));
  const changed = JSON.stringify({ ...document, Statement: document.Statement.slice(1) });
  expect(JSON.parse(withoutTrust(changed, FIRST.grant)).Statement).toEqual([{ Sid: "Mine", ...PIPELINE }]);
});

test("any document comes back as it was", async () => {
  const statement = fc.dictionary(fc.constantFrom("Effect", "Action", "Resource", "Condition"), fc.jsonValue());
  await fc.assert(
    fc.asyncProperty(fc.array(statement), async (Statement) => {
      const text = JSON.stringify({ Version: "2012-10-17", Statement });
      expect(withoutTrust(withTrust(text, FIRST), FIRST.grant)).toBe(text);
    }),
  );
});

test.each(["", "{", "[]", '"x"', "{}", '{"Statement":7}', '{"Statement":[{"Sid":7}]}'])(
  "%s is left as it is",
  (text) => {
    expect(() => withTrust(text, FIRST)).toThrow("the trust policy cannot be read, and is left as it is");
    expect(() => withoutTrust(text, FIRST.grant)).toThrow("is left as it is");
  },
);

test("a Sid is made of nothing but an id", () => {
  expect(() => withTrust(LIST, { ...FIRST, grant: 'grant:","Effect' })).toThrow("is no id of a grant");
});
