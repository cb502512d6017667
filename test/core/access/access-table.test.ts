/** The page on the access policy is made by asking the policies, and up to date. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ACCESS_PAGE, makeAccessPage } from "./access-table.ts";

test("docs/access-policy.md says what the policies answer: npm run docs", () => {
  expect(readFileSync(ACCESS_PAGE, "utf8")).toBe(makeAccessPage());
});
