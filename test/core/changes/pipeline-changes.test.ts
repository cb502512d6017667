/** What UpdatePipeline is said to have changed. */
import { expect, test } from "vitest";
import { call, subjectOf, told } from "./told.ts";

const ARN = "arn:aws:codepipeline:eu-west-1:111122223333:shop-release";

function action(name: string, category: string, provider: string, configuration: object = {}) {
  return { name, actionTypeId: { category, owner: "AWS", provider, version: "1" }, runOrder: 1, configuration };
}

const source = { name: "Source", actions: [action("Checkout", "Source", "CodeStarSourceConnection")] };
const build = { name: "Build", actions: [action("Compile", "Build", "CodeBuild", { ProjectName: "shop" })] };
const approve = { name: "Approve", actions: [action("Release", "Approval", "Manual")] };
const deploy = { name: "Deploy", actions: [action("Roll out", "Deploy", "ECS", { ClusterName: "production" })] };

function definition(stages: readonly object[], members: object = {}) {
  return {
    name: "shop-release",
    roleArn: "arn:aws:iam::111122223333:role/shop-pipeline",
    artifactStore: { type: "S3", location: "acme-shop-artifacts" },
    stages,
    version: 7,
    ...members,
  };
}

function update(stages: readonly object[], members?: object): string {
  const pipeline = definition(stages, members);
  return call("codepipeline:UpdatePipeline", { request: { pipeline }, response: { pipeline } });
}

const before = update([source, build, approve, deploy]);

test("a stage that went is told with the manual approval it held, before all else", () => {
  const after = update([
    source,
    { ...build, actions: [action("Compile", "Build", "CodeBuild", { ProjectName: "x" })] },
    deploy,
  ]);
  expect(told(before, after)).toEqual({
    kind: "pipeline definition",
    resource: ARN,
    before: "seen",
    lines: [
      'stage "Approve" was removed (manual approval "Release")',
      'action Build/Compile: ProjectName "shop" → "x"',
    ],
  });
});

test("a stage that moved before the approval is told by both their names", () => {
  expect(told(before, update([source, build, deploy, approve]))?.lines).toEqual([
    'stage "Deploy" now comes before "Approve"',
  ]);
  expect(told(before, update([deploy, source, build, approve]))?.lines).toEqual([
    'stage "Deploy" now comes before "Source"',
  ]);
});

test("actions that came and went are told by their stage", () => {
  const scan = action("Scan", "Test", "CodeBuild", { ProjectName: "scan" });
  const checked = { ...build, actions: [...build.actions, scan] };
  const lines = (from: object, to: object) =>
    told(update([source, from, approve, deploy]), update([source, to, approve, deploy]))?.lines;
  expect(lines(build, checked)).toEqual(['action "Scan" of CodeBuild was added to stage "Build"']);
  expect(lines(checked, build)).toEqual(['action "Scan" of CodeBuild was removed from stage "Build"']);
});

test("an approval that is gone from its stage, or became something else, comes first", () => {
  const gated = { name: "Deploy", actions: [...approve.actions, ...deploy.actions] };
  expect(told(update([source, gated]), update([source, deploy], { version: 8 }))?.lines).toEqual([
    'manual approval "Release" was removed from stage "Deploy"',
    "version: 7 → 8",
  ]);
  const replaced = { ...approve, actions: [action("Release", "Invoke", "Lambda")] };
  expect(told(before, update([source, build, replaced, deploy]))?.lines).toEqual([
    "action Approve/Release is no manual approval any more, but Lambda",
    'action Approve/Release: category "Approval" → "Invoke"',
    'action Approve/Release: provider "Manual" → "Lambda"',
  ]);
});

test("role, artifact store, triggers and what a stage does on failure are told; the version is last", () => {
  const after = update([source, build, approve, { ...deploy, onFailure: { result: "ROLLBACK" } }], {
    roleArn: "arn:aws:iam::111122223333:role/admin",
    artifactStore: { type: "S3", location: "elsewhere" },
    triggers: [{ providerType: "CodeStarSourceConnection" }],
    version: 8,
  });
  expect(told(before, after)?.lines).toEqual([
    'stage Deploy: onFailure: {"result":"ROLLBACK"} was added',
    'role: "arn:aws:iam::111122223333:role/shop-pipeline" → "arn:aws:iam::111122223333:role/admin"',
    'artifact store.location: "acme-shop-artifacts" → "elsewhere"',
    'triggers: [{"providerType":"CodeStarSourceConnection"}] was added',
    "version: 7 → 8",
  ]);
});

test("a definition never seen before is told as it is", () => {
  expect(told(before)).toMatchObject({
    before: "unknown",
    lines: [
      'stage "Source" (action "Checkout" of CodeStarSourceConnection)',
      'stage "Build" (action "Compile" of CodeBuild)',
      'stage "Approve" (manual approval "Release")',
      'stage "Deploy" (action "Roll out" of ECS)',
      'name: "shop-release"',
      'role: "arn:aws:iam::111122223333:role/shop-pipeline"',
      'artifact store: {"location":"acme-shop-artifacts","type":"S3"}',
      "version: 7",
    ],
  });
});

test("a pipeline that is made is new, and one that is deleted is told as it was", () => {
  const pipeline = definition([source, deploy]);
  const made = call("codepipeline:CreatePipeline", { request: { pipeline }, response: { pipeline } });
  expect(told(made)).toMatchObject({ before: "told", resource: ARN });
  expect(told(made)?.lines.slice(0, 2)).toEqual([
    "the pipeline definition is new",
    'stage "Source" (action "Checkout" of CodeStarSourceConnection)',
  ]);
  const deleted = call("codepipeline:DeletePipeline", { request: { name: "shop-release" } });
  expect(told(made, deleted)?.lines.slice(0, 2)).toEqual([
    "the pipeline definition was removed",
    'it was: stage "Source" (action "Checkout" of CodeStarSourceConnection)',
  ]);
  expect(told(deleted)?.lines).toEqual(["the pipeline definition was removed; what it was is not known"]);
});

test("the request tells the definition where the answer was too large to be recorded", () => {
  const pipeline = definition([source, deploy]);
  expect(subjectOf(call("codepipeline:UpdatePipeline", { request: { pipeline } }))?.after).toEqual(pipeline);
});

test("a call that failed, or one whose definition was left out, changes nothing that can be told", () => {
  const pipeline = definition([source]);
  const denied = call("codepipeline:UpdatePipeline", { request: { pipeline }, errorCode: "AccessDenied" });
  expect(subjectOf(denied)).toBeUndefined();
  expect(
    subjectOf(call("codepipeline:UpdatePipeline", { request: { pipeline: { name: "shop-release" } } })),
  ).toBeUndefined();
  expect(subjectOf(call("codepipeline:StartPipelineExecution", { request: { name: "shop-release" } }))).toBeUndefined();
});

test("the same definition written in another order is no change", () => {
  const turned = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(turned);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([name, each]) => [name, turned(each)]),
    );
  };
  const pipeline = turned(definition([source, build, approve, deploy]));
  expect(told(before, call("codepipeline:UpdatePipeline", { request: { pipeline } }))?.lines).toEqual([
    "nothing changed",
  ]);
});
