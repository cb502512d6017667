/** What a record asks the policies, and why some ask nothing. */
import { expect, test } from "vitest";
import { createAskAbout } from "../../../lib/core/access/ask-about.ts";
import { ORDINARY } from "../../../lib/core/access/permissions.ts";
import type { RecordView } from "../../../lib/core/detections/record-view.ts";
import { exampleAccess } from "./example-access.ts";
import { recordView } from "./record-views.ts";

const { configuration } = exampleAccess();
const askAbout = createAskAbout(configuration);
const DEPLOY_ROLE = "arn:aws:iam::111122223333:role/shop-deploy";

function questionsOf(different: Partial<RecordView>) {
  const asked = askAbout(recordView(different));
  return "questions" in asked ? asked.questions : [];
}

test("an approval by a person asks about the person, the environment and the circumstances", () => {
  expect(askAbout(recordView())).toEqual({
    questions: [
      {
        principal: { type: "Person", id: "remy@acme.example", left: false },
        action: "pipeline.approve",
        place: { project: "shop", environment: "production" },
        context: { ...ORDINARY, address: "192.0.2.7" },
      },
    ],
  });
});

test("what somebody did in the delivery is theirs, by whichever of their names", () => {
  const delivery = {
    starters: ["remy@acme.example"],
    approvers: [],
    committers: ["dee@acme.example"],
    editors: ["remy@acme.example"],
  };
  expect(questionsOf({ delivery })[0]?.context).toMatchObject({ started: true, wrote: false, editedPipeline: true });
});

test("a session of a deploy role is a workload where no person is behind it", () => {
  const session = {
    actor: {
      user: {
        uid: "arn:aws:sts::111122223333:assumed-role/shop-deploy/AWSCodeBuild-8d5cf7bd-25a5-4d6f-a4a7-1b7f9f8c0b11",
      },
      session: { issuer: DEPLOY_ROLE },
    },
    granted: { by: "assumed-role" as const },
    action: "deploy.change" as const,
  };
  const { person: _, ...nobody } = recordView(session);
  const asked = askAbout(nobody);
  expect("questions" in asked && asked.questions[0]).toMatchObject({
    principal: { type: "Workload", id: DEPLOY_ROLE },
    context: { byPipeline: true, mfa: "unknown", isReader: true },
  });
  expect(questionsOf({ ...session, person: "dee@acme.example" })[0]?.principal).toMatchObject({
    type: "Person",
    id: "dee@acme.example",
  });
});

test("a session of the deploy role that nobody's pipeline opened is a workload on its own", () => {
  const { person: _, ...nobody } = recordView({
    actor: { user: { uid: "arn:aws:sts::111122223333:assumed-role/shop-deploy/botocore-session-1" } },
    granted: { by: "assumed-role" },
    action: "deploy.change",
  });
  const asked = askAbout(nobody);
  expect("questions" in asked && asked.questions[0]?.context.byPipeline).toBe(false);
});

const PROVIDER = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";
const SESSION = "arn:aws:sts::111122223333:assumed-role/shop-deploy/GitHubActions";
const openedBy = (subject: string) => `WebIdentityUser:${PROVIDER}:sts.amazonaws.com:${subject}`;

test.each([
  ["a job of the project's repository opened", openedBy("repo:acme/shop:ref:refs/heads/main"), true],
  ["a job of it opened whose name GitHub writes otherwise", openedBy("repo:Acme/Shop:ref:refs/heads/main"), true],
  ["a job of another repository opened", openedBy("repo:mallory/shop:ref:refs/heads/main"), false],
  ["a job opened whose repository begins like ours", openedBy("repo:acme/shop-copy:ref:refs/heads/main"), false],
  ["a job opened that has our subject in its own", openedBy("repo:mallory/shop:environment:repo:acme/shop:x"), false],
  ["nobody is known to have opened", undefined, true],
])("a session that %s, and of which AWS tells the provider alone", (_, opener, byPipeline) => {
  const { person: _person, ...nobody } = recordView({
    actor: { user: { uid: SESSION }, session: { issuer: DEPLOY_ROLE } },
    granted: { by: "federation", provider: PROVIDER },
    action: "deploy.change",
  });
  for (const by of ["federation", "assumed-role"] as const) {
    const granted = { by, provider: PROVIDER };
    const asked = askAbout({ ...nobody, granted, ...(opener !== undefined && { opened_by: opener }) });
    const known = opener === undefined && by === "assumed-role" ? false : byPipeline;
    expect("questions" in asked && asked.questions[0]?.context.byPipeline).toBe(known);
  }
});

test("an access to two projects asks about each, and to a project without an environment about the project", () => {
  expect(
    questionsOf({ environments: ["shop/production"], projects: ["shop", "till"] }).map(({ place }) => place),
  ).toEqual([{ project: "shop", environment: "production" }, { project: "till" }]);
});

test("an address that Cedar would not take is written as one that it does", () => {
  const granted = { by: "console" as const, mfa: true, sourceAddress: "::ffff:192.0.2.7" };
  expect(questionsOf({ granted })[0]?.context.address).toBe("192.0.2.7");
});

test("an address that is a name is left out", () => {
  expect(
    questionsOf({ granted: { by: "service", sourceAddress: "cloudformation.amazonaws.com" } })[0]?.context,
  ).not.toHaveProperty("address");
});

test.each([
  ["an action that no policy knows", { action: "other" }, /^no policy speaks about other$/],
  ["a call that was refused", { status_id: 2 }, /refused/],
  ["no project", { environments: [], projects: [] }, /^it touches no project/],
  ["a service", { person: "", by_service: true }, /neither|service/],
] as const)("%s is not asked about", (_, different, reason) => {
  const { person, ...rest } = recordView(different as Partial<RecordView>);
  const asked = askAbout(person ? { ...rest, person } : rest);
  expect("none" in asked && asked.none).toMatch(reason);
});

test("administrators' actions are asked about where a project names administrators, and nowhere else", () => {
  expect(questionsOf({ action: "pipeline.edit" })).toHaveLength(1);
  const { shop } = configuration.projects;
  const without = createAskAbout({
    ...configuration,
    projects: { shop: { ...shop, roles: {} } as NonNullable<typeof shop> },
  });
  expect(without(recordView({ action: "pipeline.edit" }))).toEqual({
    none: expect.stringContaining("has no role administrator"),
  });
});

test("the push that a merge made is not asked about: the merge is", () => {
  const asked = askAbout(recordView({ action: "source.push", by_merge: true }));
  expect("none" in asked && asked.none).toMatch(/^the merge/);
});

test("whoever takes on break-glass access is asked about as who has it, and nobody else who assumes a role", () => {
  const taking = (uid: string) => questionsOf({ action: "access.assume", resources: [{ uid }] })[0]?.context.breakGlass;
  expect(taking("arn:aws:iam::111122223333:role/break-glass")).toBe(true);
  expect(taking("arn:aws:iam::111122223333:role/break-glass-notes")).toBeUndefined();
  expect(taking(DEPLOY_ROLE)).toBe(false);
});

test("a person who takes on a role that gatebook.yml does not name is asked about what they do with it, a workload at once", () => {
  const taking = { action: "access.assume" as const, resources: [{ uid: "arn:aws:iam::111122223333:role/read-only" }] };
  expect(askAbout(recordView(taking))).toEqual({ none: expect.stringContaining("does not name the role") });
  const { person: _, ...nobody } = recordView({
    ...taking,
    actor: { user: { uid: "arn:aws:sts::111122223333:assumed-role/shop-deploy/laptop" } },
    granted: { by: "assumed-role" },
  });
  const asked = askAbout(nobody);
  expect("questions" in asked && asked.questions[0]?.context.byPipeline).toBe(false);
});
