/** Identities lead to people, and wildcards of gatebook.yml behave as AWS's. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { personLookup } from "../../../lib/core/configuration/people.ts";
import { matcherOf } from "../../../lib/core/configuration/wildcard.ts";

const personOf = personLookup([
  {
    email: "ana@acme.example",
    name: "Ana",
    identities: ["github:AnaLima", "arn:aws:iam::111122223333:user/ana", "sso:ana@acme.example"],
  },
]);

describe("a person", () => {
  test.each([
    ["an ARN", "arn:aws:iam::111122223333:user/ana", { by: "access-key" as const }, "ana@acme.example"],
    ["a login, whatever its case", "github:analima", { by: "token" as const }, "ana@acme.example"],
    [
      "the Identity Center user behind a role",
      "arn:aws:sts::1:assumed-role/AWSReservedSSO_Admin_0/x",
      { by: "identity-center" as const, subject: "Ana@acme.example" },
      "ana@acme.example",
    ],
    [
      "nobody, when only the session name looks alike",
      "arn:aws:sts::1:assumed-role/Admin/ana@acme.example",
      { by: "assumed-role" as const, subject: "ana@acme.example" },
      undefined,
    ],
  ])("is found by %s", (_, principal, granted, expected) => expect(personOf(principal, granted)).toBe(expected));
});

describe("a wildcard", () => {
  test.each([
    ["arn:aws:iam::*:role/*-deploy", "arn:aws:iam::111122223333:role/shop-deploy", true],
    ["arn:aws:iam::*:role/*-deploy", "arn:aws:iam::111122223333:role/shop-deployer", false],
    ["a?c", "abc", true],
    ["a?c", "ac", false],
    ["*", "", true],
    ["**b*", "aab", true],
    ["exact", "exactly", false],
  ])("%s against %s: %s", (pattern, text, expected) => expect(matcherOf([pattern])(text)).toBe(expected));

  test("agrees with the regular expression it stands for", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 8 });
    const pattern = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 6 });
    fc.assert(
      fc.property(pattern, text, (wild, subject) => {
        const expected = new RegExp(`^${wild.replaceAll("*", ".*").replaceAll("?", ".")}$`).test(subject);
        expect(matcherOf([wild])(subject)).toBe(expected);
      }),
      { numRuns: 2_000 },
    );
  });
});
