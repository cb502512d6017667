/** The recorded story of a release: the good one trips nothing, and each way in which one goes wrong is one finding. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { gatebook, linesOf, ROOT } from "./gatebook.ts";

const STORIES = "test/events/release";

/** By its file: which of its messages, which finding, about whom. */
const FINDINGS: Readonly<Record<string, readonly [message: number, title: string, principal: string]>> = {
  "break-glass": [16, "Break-glass access used", "user/bo"],
  "commit-after-approval": [17, "Delivery took other commits after its approval", "service:codepipeline.amazonaws.com"],
  "commit-after-review": [5, "Merged with commits that came after the last review", "github:raeodum"],
  "deploy-outside-the-window": [11, "Access that no policy allows", "user/remy"],
  "developer-to-production": [16, "Lambda code in production changed outside any pipeline", "user/dee"],
  "self-approval-by-another-identity": [
    11,
    "Pipeline execution approved by somebody who wrote what it delivers",
    "assumed-role/AWSReservedSSO_ReleaseManager_0123456789abcdef/ana@acme.example",
  ],
  "stage-removed-after-approval": [17, "Pipeline changed while an approved delivery runs through it", "user/ada"],
  "workload-outside-its-pipeline": [16, "Access that no policy allows", "assumed-role/shop-deploy/laptop"],
};

const backtest = (story: string) => backtestPath(`${STORIES}/${story}.jsonl`);
const backtestPath = (path: string) =>
  gatebook(["backtest", path, "--json", "--config", "rules/example-organisation.yml"]);

test("every story but the good one has its finding", () => {
  const names = readdirSync(join(ROOT, STORIES)).map((file) => file.replace(".jsonl", ""));
  expect(names.sort()).toEqual([...Object.keys(FINDINGS), "good"].sort());
});

test("the good release has not one", async () => {
  const { code, stdout, stderr } = await backtest("good");
  expect([code, stdout]).toEqual([0, ""]);
  expect(stderr).toMatch(/ 0 matches, 0 problems$/m);
});

test.each(Object.entries(FINDINGS))(
  "%s has exactly the one that is meant",
  async (story, [message, title, principal]) => {
    const { code, stdout } = await backtest(story);
    expect(code).toBe(1);
    const lines = linesOf(stdout);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ at: `${STORIES}/${story}.jsonl:${message}`, title });
    expect(String(lines[0]?.["principal"])).toMatch(new RegExp(`(^|:)${principal}$`));
  },
);

test("told one after another, they are as many releases, and none finds anything in another", async () => {
  const { stdout } = await backtestPath(STORIES);
  const found = linesOf(stdout).map(({ at, title }) => [at, title]);
  const meant = Object.entries(FINDINGS).map(([story, [message, title]]) => [
    `${STORIES}/${story}.jsonl:${message}`,
    title,
  ]);
  expect(found.sort()).toEqual(meant.sort());
});
