/** A policy that cannot be evaluated stops the decision, and is named: left out, what it forbids would be allowed. */
import { expect, test } from "vitest";
import { cedarEngine } from "../../lib/adapters/cedar-engine.ts";
import { accessEntities } from "../../lib/core/access/access-entities.ts";
import { exampleAccess, REMY_APPROVES } from "../core/access/example-access.ts";

test("a policy that cannot be evaluated is named, with its file and line", () => {
  const { configuration, schema, policies } = exampleAccess();
  const text = "forbid (principal, action, resource) when { 9223372036854775807 + 1 > 0 };";
  const overflow = { id: "overflow", reason: "it is too much", effect: "forbid", text, at: "rules/x.cedar:3" } as const;
  const engine = cedarEngine({ schema, policies: [...policies, overflow] }, accessEntities(configuration));
  expect(() => engine.authorise(REMY_APPROVES)).toThrow(
    /^rules\/x\.cedar:3: overflow could not be evaluated: .*overflow/,
  );
});
