/** The page on the detections is up to date, and what the rules say of StreamAlert's tests is known and explained. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { requireRules } from "../../../lib/adapters/rule-files.ts";
import { DETECTIONS_PAGE, makeDetectionsPage, readVerdicts } from "./detections-page.ts";
import { hasStreamAlert, streamAlertVerdicts } from "./streamalert.ts";
import { DISAGREEMENTS, isAgreed, unknownTitles } from "./streamalert-agreement.ts";

test("docs/detections.md lists the rules as they are: npm run docs", () => {
  expect(readFileSync(DETECTIONS_PAGE, "utf8")).toBe(makeDetectionsPage());
});

describe("of StreamAlert's tests", () => {
  const verdicts = readVerdicts();

  test.skipIf(!hasStreamAlert)("our rules say what is written down: npm run docs", async () => {
    expect(await streamAlertVerdicts()).toEqual(verdicts);
  });

  test("there is a verdict on each event of AWS and GitHub, and half of them agree at least", () => {
    expect(verdicts.length).toBeGreaterThan(60);
    expect(verdicts.filter(isAgreed).length).toBeGreaterThan(verdicts.length / 2);
  });

  test("those with which our rules disagree have a sentence that says why, and no others have", () => {
    const disagreed = verdicts.filter((verdict) => !isAgreed(verdict)).map((verdict) => verdict.test);
    expect(Object.keys(DISAGREEMENTS).sort()).toEqual(disagreed.sort());
    for (const why of Object.values(DISAGREEMENTS)) expect(why).toMatch(/^[A-Z].{30,}\.$/);
  });

  test("our rules that look for the same are there", () => {
    const { rules, correlations } = requireRules("rules/detections");
    expect(unknownTitles(new Set([...rules, ...correlations].map(({ title }) => title)))).toEqual([]);
  });
});
