/** What an access review decided to remove, as a change to gatebook.yml and as a table. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { applyPatch } from "diff";
import { describe, expect, test } from "vitest";
import { describeReview } from "../../bin/commands/describe-review.ts";
import { reviewPatch } from "../../bin/commands/review-patch.ts";
import { parseConfiguration } from "../../lib/core/configuration/parse-configuration.ts";
import { rolesHeld } from "../../lib/core/configuration/role-members.ts";
import type { ShownCampaign, ShownItem } from "../../lib/core/review/shown-review.ts";
import { temporaryFolder } from "./gatebook.ts";

const ITEM: ShownItem = {
  person: "bo@acme.example",
  role: "release-manager",
  project: "shop",
  state: "to-remove",
  certifiers: ["ana@acme.example"],
  decision: { verdict: "remove", by: "ana@acme.example", reason: "moved on", time: Date.parse("2026-11-02") },
  due: Date.parse("2026-11-15"),
  isOverdue: true,
};
const campaignOf = (...items: ShownItem[]): ShownCampaign[] => [
  { project: "shop", period: "2026-Q4", openedAt: Date.parse("2026-11-01"), items },
];

async function configurationFile(): Promise<{ readonly file: string; readonly text: string }> {
  const file = join(await temporaryFolder(), "gatebook.yml");
  const text = readFileSync("gatebook.yml", "utf8");
  writeFileSync(file, text);
  return { file, text };
}

describe("the patch", () => {
  test("takes out what is to go, and nothing else", async () => {
    const { file, text } = await configurationFile();
    const patch = reviewPatch(file, campaignOf(ITEM, { ...ITEM, role: "developer", state: "certified" }));
    const after = parseConfiguration(String(applyPatch(text, patch)), file);
    const gone = rolesHeld(parseConfiguration(text, file)).filter(
      (held) => !rolesHeld(after).some((left) => JSON.stringify(left) === JSON.stringify(held)),
    );
    expect(gone).toEqual([{ project: "shop", role: "release-manager", person: "bo@acme.example" }]);
  });

  test.each([
    ["nothing is to go", { ...ITEM, state: "open" as const }],
    ["the file no longer gives what is to go", { ...ITEM, role: "auditor" }],
    ["the role is held elsewhere", { ...ITEM, environment: "production" }],
  ])("is empty where %s", async (_, item) => {
    expect(reviewPatch((await configurationFile()).file, campaignOf(item))).toBe("");
  });

  test("is refused, with the file's name, where there is no such file", () => {
    expect(() => reviewPatch("nowhere.yml", campaignOf(ITEM))).toThrow(/^nowhere\.yml: cannot be read/);
  });

  test("is refused where the file is written in a way that none can be made of", async () => {
    const { file, text } = await configurationFile();
    const anchored = text.replace(/release-manager: (\[.*\])/, "release-manager: &leads $1\n      other: *leads");
    expect(anchored).not.toBe(text);
    writeFileSync(file, anchored);
    expect(() => reviewPatch(file, campaignOf(ITEM))).toThrow("no patch can be made of it");
  });
});

describe("the table", () => {
  test("says who, what, where, how it stands, since when, and by whom", () => {
    const lines = campaignOf(ITEM).map(describeReview).join("\n").split("\n");
    expect(lines[0]).toBe("shop: access review 2026-Q4, open since 2026-11-01");
    expect(lines[2]?.split(/ {2,}/)).toEqual([
      "bo@acme.example",
      "release-manager",
      "shop",
      "to be removed, OVERDUE",
      "2026-11-15",
      "ana@acme.example, 2026-11-02: moved on",
    ]);
  });

  test("lets no name move the cursor", () => {
    const [campaign] = campaignOf({ ...ITEM, role: "x\u001b[2Jy" });
    expect(campaign && describeReview(campaign)).toContain("x\\u001b[2Jy");
  });
});
