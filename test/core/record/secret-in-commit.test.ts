/** A secret in a commit, from the webhook to the finding. */
import { describe, expect, test } from "vitest";
import { COMMIT, findingsOf, fingerprint, OTHER, TOKEN, webhook } from "./planted-commits.ts";
import { mixed } from "./redact-planted.ts";

const commitOf = (message: string, id = COMMIT) => ({ id, message, author: { name: "Ana", email: TOKEN } });
const push = (commits: readonly object[], delivery = "d1", more: object = {}): string =>
  webhook(
    "github",
    { "x-github-event": "push", "x-github-delivery": delivery },
    { ref: "refs/heads/main", commits, sender: { login: "analima" }, repository: { full_name: "acme/shop" }, ...more },
  );

describe("a token in a commit's message", () => {
  test("is a finding that says who, where and what, and not the secret", async () => {
    const [finding, ...others] = await findingsOf([push([commitOf(`Roll out\n\nwith ${TOKEN}`)])]);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      rule: { title: "Secret in a commit" },
      level: "high",
      principal: "github:analima",
      person: "ana@acme.example",
      action: "source.push",
      resource: "github:acme/shop",
      why: `The text of commit ${COMMIT} of github:acme/shop holds a secret (github-token, fingerprint ${fingerprint(TOKEN)}). Whoever can read the repository has it, and so has every clone; this log has its fingerprint only.`,
    });
    expect(finding?.next).toEqual([
      expect.stringMatching(/^Rotate the secret/),
      expect.stringMatching(/^Rewriting the history does not take it back/),
      expect.stringContaining(`[redacted:github-token:${fingerprint(TOKEN)}]`),
    ]);
  });

  test("is one finding, whichever delivery and whichever place of the event tells of the commit", async () => {
    const commit = commitOf(`with ${TOKEN}`);
    const run = webhook(
      "github",
      { "x-github-event": "workflow_run", "x-github-delivery": "d3" },
      { action: "requested", workflow_run: { id: 7, head_commit: commit }, repository: { full_name: "acme/shop" } },
    );
    const inPush = push([commit], "d1", { head_commit: commit });
    const findings = await findingsOf([inPush, push([commit], "d2"), run]);
    expect(findings).toHaveLength(3);
    expect(new Set(findings.map(({ uid }) => uid)).size).toBe(1);
  });

  test("is another finding than another secret there, and than the same secret in another commit", async () => {
    const findings = await findingsOf([push([commitOf(`${TOKEN} ${OTHER}`), commitOf(TOKEN, "0a1b2c3d")])]);
    expect(new Set(findings.map(({ uid }) => uid)).size).toBe(3);
  });

  test("is found without a key as well, and then told apart by its kind", async () => {
    const [finding] = await findingsOf([push([commitOf(TOKEN)])], false);
    expect(finding?.why).toContain("holds a secret (github-token). Whoever");
    expect(JSON.stringify(finding)).not.toContain("fingerprint undefined");
  });
});

describe("nothing is found", () => {
  test.each([
    ["of a commit without a secret", push([commitOf("Round prices half to even")])],
    ["of an author's address", push([{ ...commitOf("x"), author: { name: TOKEN, email: TOKEN } }])],
    [
      "of a comment, which can be deleted",
      webhook("github", { "x-github-event": "issue_comment" }, { comment: { body: TOKEN } }),
    ],
    [
      "of an issue of GitLab's",
      webhook(
        "gitlab",
        { "x-gitlab-event": "Issue Hook" },
        { object_kind: "issue", object_attributes: { iid: 1, title: TOKEN } },
      ),
    ],
    [
      "of another service's titles",
      JSON.stringify({
        eventVersion: "1.11",
        eventID: "e",
        eventTime: "2026-11-18T10:00:00Z",
        eventSource: "ssm.amazonaws.com",
        eventName: "CreateOpsItem",
        requestParameters: { title: TOKEN },
      }),
    ],
  ])("%s", async (_, body) => {
    expect(await findingsOf([body])).toEqual([]);
  });
});

describe("hostile commits", () => {
  test("a thousand secrets are ten findings, of which the last counts the rest, and the push is recorded", async () => {
    const tokens = Array.from({ length: 1_000 }, (_, i) => `ghp_${mixed(32)}${String(i).padStart(4, "0")}`);
    const findings = await findingsOf([push(tokens.map((token, i) => commitOf(token, `c${i}`)))]);
    expect(findings).toHaveLength(10);
    expect(findings.at(-1)?.why).toMatch(/ 990 more secrets stand in the texts of this event/);
  });

  test.each([
    ["an object", {}],
    ["missing", undefined],
    ["a megabyte", "a".repeat(1024 * 1024)],
    ["a secret itself", OTHER],
    ["the prototype's", "__proto__"],
  ])("a commit's id that is %s is no harm", async (_, id) => {
    const [finding, ...others] = await findingsOf([push([{ id, message: TOKEN }])]);
    expect(others).toEqual([]);
    expect(finding?.why.length).toBeLessThan(600);
    expect(finding?.uid).toMatch(/^[0-9a-f]{64}$/);
  });

  test("markers that somebody wrote by hand are no secret", async () => {
    expect(await findingsOf([push([commitOf("with [redacted:github-token:0123456789ab]")])])).toEqual([]);
  });
});
