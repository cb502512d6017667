/** A secret in a commit or a pull request is found whichever source tells of it. */
import { describe, expect, test } from "vitest";
import { COMMIT, findingsOf, TOKEN, webhook } from "./planted-commits.ts";

const codeCommit = (eventName: string, requestParameters: object, responseElements: object | null): string =>
  JSON.stringify({
    eventVersion: "1.11",
    eventID: "e1",
    eventTime: "2026-11-18T10:00:00Z",
    eventSource: "codecommit.amazonaws.com",
    eventName,
    awsRegion: "eu-west-1",
    userIdentity: { type: "IAMUser", arn: "arn:aws:iam::111122223333:user/ana" },
    requestParameters: { repositoryName: "shop", ...requestParameters },
    responseElements,
  });

const target = { hash: COMMIT, message: TOKEN, summary: { raw: TOKEN, html: `<p>${TOKEN}</p>` } };

describe.each<[title: string, body: string, of: string]>([
  [
    "GitHub, pull request",
    webhook(
      "github",
      { "x-github-event": "pull_request" },
      {
        action: "opened",
        pull_request: { number: 12, title: "Till", body: TOKEN },
        repository: { full_name: "acme/shop" },
      },
    ),
    "pull request 12",
  ],
  [
    "GitLab, push",
    webhook(
      "gitlab",
      { "x-gitlab-event": "Push Hook" },
      { object_kind: "push", commits: [{ id: COMMIT, title: TOKEN, message: TOKEN }] },
    ),
    `commit ${COMMIT}`,
  ],
  [
    "GitLab, last commit of a merge request",
    webhook(
      "gitlab",
      { "x-gitlab-event": "Merge Request Hook" },
      { object_kind: "merge_request", object_attributes: { iid: 3, last_commit: { id: COMMIT, message: TOKEN } } },
    ),
    `commit ${COMMIT}`,
  ],
  [
    "GitLab, merge request",
    webhook(
      "gitlab",
      { "x-gitlab-event": "Merge Request Hook" },
      { object_kind: "merge_request", object_attributes: { iid: 3, description: TOKEN } },
    ),
    "pull request 3",
  ],
  [
    "GitLab, job",
    webhook(
      "gitlab",
      { "x-gitlab-event": "Job Hook" },
      { object_kind: "build", commit: { id: 9, sha: COMMIT, message: TOKEN } },
    ),
    `commit ${COMMIT}`,
  ],
  [
    "Bitbucket, push",
    webhook(
      "bitbucket",
      { "x-event-key": "repo:push" },
      { push: { changes: [{ new: { target }, commits: [target] }] } },
    ),
    `commit ${COMMIT}`,
  ],
  [
    "Bitbucket, pull request",
    webhook(
      "bitbucket",
      { "x-event-key": "pullrequest:created" },
      { pullrequest: { id: 4, title: TOKEN, summary: { raw: TOKEN } } },
    ),
    "pull request 4",
  ],
  [
    "Bitbucket Data Center, pull request",
    webhook("bitbucket", { "x-event-key": "pr:opened" }, { pullRequest: { id: 5, description: TOKEN } }),
    "pull request 5",
  ],
  [
    "Azure DevOps, push",
    webhook(
      "azure-devops",
      {},
      { eventType: "git.push", id: "a", resource: { commits: [{ commitId: COMMIT, comment: TOKEN }] } },
    ),
    `commit ${COMMIT}`,
  ],
  [
    "Azure DevOps, pull request",
    webhook(
      "azure-devops",
      {},
      { eventType: "git.pullrequest.created", id: "b", resource: { pullRequestId: 6, title: TOKEN } },
    ),
    "pull request 6",
  ],
  [
    "CodeCommit, commit",
    codeCommit("CreateCommit", { commitMessage: TOKEN }, { commitId: COMMIT }),
    `commit ${COMMIT}`,
  ],
  ["CodeCommit, refused commit", codeCommit("CreateCommit", { commitMessage: TOKEN }, null), "commit without an id"],
  [
    "CodeCommit, pull request by call",
    codeCommit("CreatePullRequest", { title: TOKEN }, { pullRequest: { pullRequestId: "7" } }),
    "pull request 7",
  ],
  [
    "CodeCommit, pull request by event",
    JSON.stringify({
      id: "c",
      "detail-type": "CodeCommit Pull Request State Change",
      source: "aws.codecommit",
      account: "111122223333",
      region: "eu-west-1",
      time: "2026-11-18T10:00:00Z",
      resources: [],
      detail: { event: "pullRequestCreated", pullRequestId: "8", title: TOKEN },
    }),
    "pull request 8",
  ],
])("%s", (_, body, of) => {
  test("is one finding for one secret", async () => {
    const findings = await findingsOf([body]);
    expect(findings.map(({ why }) => why.slice("The text of ".length, "The text of ".length + of.length))).toEqual([
      of,
    ]);
  });
});
