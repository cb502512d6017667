/** A deployment that waits in GitHub is answered at GitHub's own address, and nowhere else. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_APPROVAL_WAIT_MS } from "../../../lib/core/gate/ask-gate.ts";
import { answerGitHub, askAgainAfter, type GitHubAnswer } from "../../../lib/core/gate/github-gate.ts";
import { type GitHubAsks, gitHubQuestion, readGitHubAsks } from "../../../lib/core/gate/github-request.ts";
import { gateAfter, gitHub, type Message, NOW, SHA } from "./release.ts";

const API = "https://api.github.com";
const RUN = 9001;
const CALLBACK = `${API}/repos/acme/shop/actions/runs/${RUN}/deployment_protection_rule`;
const PAYLOAD = {
  action: "requested",
  environment: "production",
  event: "push",
  deployment_callback_url: CALLBACK,
  deployment: { sha: SHA, environment: "production" },
  repository: { full_name: "acme/shop" },
  installation: { id: 77 },
  sender: { login: "analima" },
};
const HEADERS = { "x-github-event": "deployment_protection_rule", "x-github-delivery": "d-1" };

function requestOf(payload: unknown, headers: Readonly<Record<string, string>> = HEADERS) {
  return { headers, body: Buffer.from(JSON.stringify(payload)), receivedAt: NOW };
}
const asks = (payload: object = {}): GitHubAsks =>
  readGitHubAsks(gitHubQuestion("github", requestOf({ ...PAYLOAD, ...payload })) ?? "");

/** The run was started by Ana's push, and Bo approved its deployment. */
const run = { id: RUN, head_sha: SHA };
const STORY: readonly Message[] = [
  gitHub("push", 0, { ref: "refs/heads/main", after: SHA, sender: { login: "analima" } }),
  gitHub("workflow_run", 5, { action: "requested", sender: { login: "analima" }, workflow_run: run }),
  gitHub("deployment_review", 30, {
    action: "approved",
    sender: { login: "bochen" },
    approver: { login: "bochen" },
    workflow_run: run,
  }),
];

async function answersTo(asked: GitHubAsks, messages = STORY, apiUrl = API) {
  const answers: (readonly [url: string, installation: number, answer: GitHubAnswer])[] = [];
  const world = await gateAfter(messages);
  const outcome = await answerGitHub(asked, {
    ...world,
    apiUrl,
    async answer(url, installation, given) {
      answers.push([url, installation, given]);
      return "answered";
    },
  });
  return { outcome, answers, sent: world.sent };
}

test("a deployment that two people took part in is approved, with a word of it", async () => {
  const { outcome, answers, sent } = await answersTo(asks());
  const answer = { state: "approved", environment: "production", comment: expect.stringMatching(/^Gatebook: yes, /) };
  expect([outcome, answers]).toEqual(["pass", [[CALLBACK, 77, answer]]]);
  expect(sent).toMatchObject([{ type: "gate.passed", trace: `github:acme/shop/actions/runs/${RUN}` }]);
});

test("one that its author approved is rejected, in no more words than GitHub takes", async () => {
  const own = STORY.map((message, i) =>
    i === 2
      ? gitHub("deployment_review", 30, {
          action: "approved",
          sender: { login: "analima" },
          approver: { login: "analima" },
          workflow_run: run,
        })
      : message,
  );
  const { answers } = await answersTo(asks(), own);
  expect(answers[0]?.[2]).toMatchObject({
    state: "rejected",
    comment: expect.stringMatching(/- Ana Lima wrote, started and approved it/),
  });
  expect(answers[0]?.[2].comment.length).toBeLessThanOrEqual(1_024);
  expect(answers[0]?.[2].comment).not.toContain("@acme.example");
});

test("one of a repository or an environment that gatebook.yml does not know is rejected", async () => {
  const other = {
    repository: { full_name: "acme/other" },
    deployment_callback_url: CALLBACK.replace("acme/shop", "acme/other"),
  };
  for (const payload of [other, { environment: "moon" }]) {
    const { answers } = await answersTo({ ...asks(payload), since: 0 });
    expect(answers[0]?.[2]).toMatchObject({ state: "rejected", comment: expect.stringMatching(/has no environment/) });
  }
});

test("one whose run is not told yet is waited for, and in the end rejected", async () => {
  expect(await answersTo(asks(), [])).toMatchObject({ outcome: "wait", answers: [], sent: [] });
  expect((await answersTo({ ...asks(), since: 0 }, [])).answers[0]?.[2].state).toBe("rejected");
});

test("one that a reviewer was asked to approve waits for their answer, for days", async () => {
  const requested = gitHub("deployment_review", 20, {
    action: "requested",
    requestor: { login: "analima" },
    workflow_run: run,
  });
  const untilAsked = [...STORY.slice(0, 2), requested];
  const since = NOW - MAX_APPROVAL_WAIT_MS;
  expect(await answersTo({ ...asks(), since: since + 1 }, untilAsked)).toMatchObject({ outcome: "wait", answers: [] });
  expect((await answersTo({ ...asks(), since }, untilAsked)).answers[0]?.[2].state).toBe("rejected");
  expect((await answersTo({ ...asks(), since: since + 1 }, [...untilAsked, ...STORY.slice(2)])).outcome).toBe("pass");
});

test("what is late is asked about soon, and people less often", () => {
  expect([askAgainAfter(asks(), NOW), askAgainAfter({ ...asks(), since: 0 }, NOW)]).toEqual([30, 300]);
});

describe("a callback URL", () => {
  test.each([
    "https://evil.example/repos/acme/shop/actions/runs/9001/deployment_protection_rule",
    "http://api.github.com/repos/acme/shop/actions/runs/9001/deployment_protection_rule",
    "https://api.github.com.evil.example/repos/acme/shop/actions/runs/9001/deployment_protection_rule",
    "https://api.github.com@evil.example/repos/acme/shop/actions/runs/9001/deployment_protection_rule",
    "https://api.github.com:8443/repos/acme/shop/actions/runs/9001/deployment_protection_rule",
    "https://api.github.com/repos/acme/shop/../evil/actions/runs/9001/deployment_protection_rule",
    "https://api.github.com/repos/acme/other/actions/runs/9001/deployment_protection_rule",
    "https://api.github.com/repos/acme/shop/actions/runs/9001/deployment_protection_rule?to=evil",
    "https://api.github.com/repos/acme/shop/actions/runs/9001/deployment_protection_rule#x",
    "https://api.github.com/repos/acme/shop/actions/runs/0/deployment_protection_rule",
    "https://api.github.com/repos/acme/shop/actions/runs/9001/cancel",
    "http://169.254.169.254/latest/meta-data/",
    "file:///etc/passwd",
    "",
  ])("that is not the run's own at GitHub is not followed: %s", async (callbackUrl) => {
    await expect(answersTo({ ...asks(), callbackUrl })).rejects.toMatchObject({ code: "INPUT_INVALID" });
  });

  test("with anything else in it is not followed", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(CALLBACK.length), fc.string({ minLength: 1, maxLength: 12 }), async (at, inserted) => {
        const callbackUrl = CALLBACK.slice(0, at) + inserted + CALLBACK.slice(at);
        const other =
          /^https:\/\/api\.github\.com\/repos\/acme\/shop\/actions\/runs\/[1-9]\d*\/deployment_protection_rule$/;
        fc.pre(!other.test(callbackUrl));
        await expect(answersTo({ ...asks(), callbackUrl }, [])).rejects.toMatchObject({ code: "INPUT_INVALID" });
      }),
      { numRuns: 50 },
    );
  });

  test("of a repository whose name leads elsewhere is not followed", async () => {
    for (const repository of ["../..", "acme/..", "acme/shop/x", "acme", "acme/sh op"]) {
      const callbackUrl = `${API}/repos/${repository}/actions/runs/9001/deployment_protection_rule`;
      await expect(answersTo({ ...asks(), repository, callbackUrl })).rejects.toMatchObject({ code: "INPUT_INVALID" });
    }
  });

  test("of a GitHub of one's own is followed where gatebook.yml names it", async () => {
    const own = "https://github.acme.example/api/v3";
    const asked = asks({ deployment_callback_url: CALLBACK.replace(API, own) });
    expect((await answersTo(asked, STORY, own)).outcome).toBe("pass");
    await expect(answersTo(asked)).rejects.toMatchObject({ code: "INPUT_INVALID" });
  });
});

test.each<readonly [name: string, source: string, headers: Readonly<Record<string, string>>, payload: unknown]>([
  ["another event", "github", { "x-github-event": "push" }, PAYLOAD],
  ["another source's", "gitlab", HEADERS, PAYLOAD],
  ["another action", "github", HEADERS, { ...PAYLOAD, action: "completed" }],
  ["one without an installation", "github", HEADERS, { ...PAYLOAD, installation: null }],
  ["one without a place to answer", "github", HEADERS, { ...PAYLOAD, deployment_callback_url: 7 }],
  ["one without a commit", "github", HEADERS, { ...PAYLOAD, deployment: "x" }],
  ["one with an endless name", "github", HEADERS, { ...PAYLOAD, environment: "x".repeat(10_000) }],
])("%s asks nothing of the gate", (_, source, headers, payload) => {
  expect(gitHubQuestion(source, requestOf(payload, headers))).toBeUndefined();
});
