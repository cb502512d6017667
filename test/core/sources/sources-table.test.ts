/** The page on the sources is made from the recorded events, and up to date. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { makeSourcesPage, SOURCES_PAGE } from "./sources-table.ts";

test("docs/sources.md says what the recorded events show: npm run docs", async () => {
  expect(readFileSync(SOURCES_PAGE, "utf8")).toBe(await makeSourcesPage());
});
