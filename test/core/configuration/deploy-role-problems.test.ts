/** A deploy role that nobody can be is said with its line. */
import { expect, test } from "vitest";
import { problemsOf, SHOP } from "./example-problems.ts";

const problemsWith = (...roles: string[]): string[] =>
  problemsOf(`${SHOP}    environments:\n      live:\n        deployRoles: ${JSON.stringify(roles)}\n`);

test("a role by its name alone is nobody", () => {
  expect(problemsWith("arn:aws:iam::111122223333:role/a", "shop-deploy", "role/*-deploy")).toEqual(
    [1, 2].map((i) =>
      expect.stringContaining(`gatebook.yml:10: projects.shop.environments.live.deployRoles[${i}]: is no ARN`),
    ),
  );
});

test("an ARN is fine, with wildcards or without", () => {
  expect(problemsWith("arn:aws:iam::*:role/*-deploy", "*:role/shop-deploy")).toEqual([]);
});
