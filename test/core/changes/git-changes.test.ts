/** What webhooks of GitHub and GitLab are said to have changed. */
import { expect, test } from "vitest";
import { fixtureBody } from "../sources/fixtures.ts";
import { gitHub, gitLab, subjectOf, told } from "./told.ts";

const rule = {
  id: 37429001,
  name: "main",
  updated_at: "2026-11-24T09:30:00Z",
  required_approving_review_count: 1,
  admin_enforced: true,
  authorized_actor_names: ["analima"],
};

test("branch protection is told from what the event says was", () => {
  expect(told(fixtureBody("github", "branch-protection-edited"))).toEqual({
    kind: "branch protection main",
    resource: "github:acme/shop",
    before: "told",
    lines: ["required_approving_review_count: 1 → 0"],
  });
  const edited = gitHub("branch_protection_rule", {
    action: "edited",
    rule: { ...rule, authorized_actor_names: ["analima", "eve"] },
    changes: { admin_enforced: { from: false }, authorized_actor_names: { from: ["analima"] } },
  });
  expect(told(edited)?.lines).toEqual(["admin_enforced: false → true", 'authorized_actor_names: "eve" was added']);
});

test("branch protection that is deleted is told with all it was", () => {
  expect(told(gitHub("branch_protection_rule", { action: "deleted", rule }))).toMatchObject({
    before: "told",
    lines: [
      "the branch protection main was removed",
      "it was: required_approving_review_count: 1",
      "it was: admin_enforced: true",
      'it was: name: "main"',
      'it was: authorized_actor_names: ["analima"]',
    ],
  });
  expect(told(gitHub("branch_protection_rule", { action: "created", rule }))?.lines[0]).toBe(
    "the branch protection main is new",
  );
});

test("protection that is edited without a word of what was is compared with what was seen", () => {
  const edited = (count: number) =>
    gitHub("branch_protection_rule", { action: "edited", rule: { ...rule, required_approving_review_count: count } });
  expect(told(edited(2), edited(1))).toMatchObject({
    before: "seen",
    lines: ["required_approving_review_count: 2 → 1"],
  });
});

test("a ruleset is told by its rules that came, went or were set otherwise", () => {
  expect(told(fixtureBody("github", "ruleset-edited"))).toMatchObject({
    kind: "ruleset main",
    lines: ['enforcement: "active" → "disabled"'],
  });
  const parameters = (count: number) => ({ required_approving_review_count: count });
  const edited = gitHub("repository_ruleset", {
    action: "edited",
    repository_ruleset: {
      name: "main",
      enforcement: "active",
      rules: [{ type: "pull_request", parameters: parameters(0) }, { type: "required_signatures" }],
    },
    changes: {
      rules: {
        added: [{ type: "required_signatures" }],
        deleted: [{ type: "non_fast_forward" }],
        updated: [
          {
            rule: { type: "pull_request", parameters: parameters(0) },
            changes: { configuration: { from: JSON.stringify(parameters(2)) } },
          },
        ],
      },
    },
  });
  expect(told(edited)).toMatchObject({
    before: "told",
    lines: [
      "rules[pull_request].parameters.required_approving_review_count: 2 → 0",
      'rules[non_fast_forward]: {"type":"non_fast_forward"} was removed',
      'rules[required_signatures]: {"type":"required_signatures"} was added',
    ],
  });
});

test("a repository that became public, or has another default branch, name or owner, is told from the event", () => {
  const repository = {
    full_name: "acme/shop",
    name: "shop",
    private: false,
    visibility: "public",
    default_branch: "main",
  };
  const lines = (action: string, changes?: object) =>
    told(gitHub("repository", { action, repository: { ...repository, owner: { login: "acme" } }, changes }))?.lines;
  expect(lines("publicized")).toEqual(["public: false → true"]);
  expect(lines("archived")).toEqual(["archived: false → true"]);
  expect(lines("edited", { default_branch: { from: "release" } })).toEqual(['default_branch: "release" → "main"']);
  expect(lines("renamed", { repository: { name: { from: "store" } } })).toEqual(['name: "store" → "shop"']);
  expect(lines("transferred", { owner: { from: { user: { login: "ana" } } } })).toEqual(['owner: "ana" → "acme"']);
});

test("a person's access is told by the role before and after", () => {
  const member = { login: "eve" };
  const changes = { permission: { from: "write", to: "admin" } };
  expect(told(gitHub("member", { action: "edited", member, changes }))).toMatchObject({
    kind: "access of eve",
    before: "told",
    lines: ['access of eve: "write" → "admin"'],
  });
  const added = gitHub("member", { action: "added", member, changes: { role_name: { to: "maintain" } } });
  expect(told(added)?.lines).toEqual(["the access of eve is new", 'access of eve: "maintain"']);
  expect(told(added, gitHub("member", { action: "removed", member }))?.lines).toEqual([
    "the access of eve was removed",
    'it was: access of eve: "maintain"',
  ]);
  const old = gitHub("member", { action: "edited", member, changes: { old_permission: { from: "write" } } });
  expect(subjectOf(old)).toMatchObject({ isPartial: true, before: "write", after: "another permission" });
  expect(subjectOf(gitHub("member", { action: "edited", member }))).toBeUndefined();
});

test("a team's access to a repository is told by the permissions that changed", () => {
  const team = { slug: "shop", name: "Shop", permission: "pull", privacy: "closed" };
  const repository = { full_name: "acme/shop", permissions: { pull: true, push: true, admin: true } };
  const changes = { repository: { permissions: { from: { admin: false } } } };
  const organization = { login: "acme" };
  expect(told(gitHub("team", { action: "edited", team, repository, organization, changes }))).toMatchObject({
    kind: "access of team shop",
    resource: "github:acme/shop",
    lines: ["permissions.admin: false → true"],
  });
  const edited = {
    action: "edited",
    team,
    repository: undefined,
    organization,
    changes: { privacy: { from: "secret" } },
  };
  expect(told(gitHub("team", edited))).toMatchObject({ kind: "team shop", lines: ['privacy: "secret" → "closed"'] });
  const nothing = { full_name: "acme/shop", permissions: { pull: false, push: false, admin: false } };
  const removed = gitHub("team", { action: "removed_from_repository", team, repository: nothing, organization });
  const added = gitHub("team", { action: "added_to_repository", team, repository, organization });
  expect(told(added, removed)).toMatchObject({
    before: "seen",
    lines: [
      "the access of team shop was removed",
      "it was: permissions.pull: true",
      "it was: permissions.push: true",
      "it was: permissions.admin: true",
    ],
  });
});

test("a deploy key is told by whether it may write", () => {
  expect(told(fixtureBody("github", "deploy-key-created"))).toMatchObject({
    kind: "deploy key 1001",
    before: "told",
    lines: ["the deploy key 1001 is new", 'title: "laptop"', "read_only: false"],
  });
});

test("a record of the audit log is told where both states stand in it", () => {
  const audit = (action: string, members: object) =>
    JSON.stringify({
      action,
      "@timestamp": 1_795_000_000_000,
      actor: "analima",
      org: "acme",
      repo: "acme/shop",
      ...members,
    });
  const visibility = audit("repo.access", { visibility: "public", previous_visibility: "internal" });
  expect(told(visibility)).toEqual({
    kind: "repository visibility",
    resource: "github:acme/shop",
    before: "told",
    lines: ['repository visibility: "internal" → "public"'],
  });
  const access = { permission: "admin", old_permission: "write" };
  expect(told(audit("repo.update_member", { user: "eve", ...access }))?.lines).toEqual([
    'access of eve: "write" → "admin"',
  ]);
  const ofTeam = audit("team.update_repository_permission", { team: "acme/shop", ...access });
  expect(told(ofTeam)?.lines).toEqual(['access of team acme/shop: "write" → "admin"']);
  expect(subjectOf(audit("repo.create", { visibility: "public" }))).toBeUndefined();
  expect(subjectOf(audit("repo.update_member", access))).toBeUndefined();
});

test("other events, of GitHub and of systems that tell no states, change nothing that can be told", () => {
  expect(subjectOf(fixtureBody("github", "push"))).toBeUndefined();
  expect(subjectOf(fixtureBody("github", "invented-next-year"))).toBeUndefined();
  expect(subjectOf(gitHub("branch_protection_rule", { action: "edited" }))).toBeUndefined();
});

test("GitLab's projects and members are told as far as its hooks tell them", () => {
  const project = (event_name: string, members: object) =>
    gitLab({ event_name, path_with_namespace: "acme/shop", ...members });
  const update = (project_visibility: string) => project("project_update", { project_visibility });
  expect(told(update("private"), update("public"))).toEqual({
    kind: "project",
    resource: "gitlab:acme/shop",
    before: "seen",
    lines: ['visibility: "private" → "public"'],
  });
  expect(told(project("project_transfer", { old_path_with_namespace: "ana/shop" }))).toMatchObject({
    before: "told",
    lines: ['path: "ana/shop" → "acme/shop"'],
  });
  const member = (event_name: string, access_level: string) =>
    gitLab({ event_name, project_path_with_namespace: "acme/shop", user_username: "eve", access_level });
  expect(told(member("user_add_to_team", "Developer"), member("user_update_for_team", "Owner"))).toMatchObject({
    kind: "access of eve",
    before: "seen",
    lines: ['access of eve: "Developer" → "Owner"'],
  });
  expect(told(member("user_remove_from_team", "Owner"))?.lines).toEqual([
    "the access of eve was removed; what it was is not known",
  ]);
  expect(subjectOf(fixtureBody("gitlab", "push"))).toBeUndefined();
});
