/** Rules see where an event belongs and in which capacity its caller acts, whichever source tells of it. */
import { describe, expect, test } from "vitest";
import type { RecordView } from "../../../lib/core/detections/record-view.ts";
import { ACCOUNT, ANA, call, type Message, organisation, timeAt, viewsOf } from "./views.ts";

const CY = `arn:aws:iam::${ACCOUNT}:user/cy`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role`;
const SESSION = `arn:aws:sts::${ACCOUNT}:assumed-role`;
const ELSEWHERE = "999988887777";

async function viewOf(message: Message, configuration = organisation()): Promise<RecordView> {
  const [view] = (await viewsOf([message], configuration)).together;
  if (view === undefined) throw new Error("the message made no record");
  return view;
}

const read = (secret: string, more: Message = {}): Message =>
  call("secretsmanager:GetSecretValue", 0, ANA, { requestParameters: { secretId: secret }, ...more });
const inAccount = (recipientAccountId: string, more: Message = {}): Message =>
  call("iam:ListUsers", 0, ANA, { recipientAccountId, ...more });
const webhook = (event: string, body: Message): Message => ({
  headers: { "X-GitHub-Event": event, "X-GitHub-Delivery": crypto.randomUUID() },
  body,
});
const inRepository = (full_name: string): Message => ({
  repository: { full_name },
  sender: { login: "analima" },
});

describe("an event belongs to", () => {
  test.each<[string, Message, Partial<RecordView>]>([
    [
      "the environment whose account it is in",
      inAccount(ACCOUNT),
      { environments: ["shop/production"], projects: ["shop"], production: true },
    ],
    [
      "one that is not of production",
      inAccount("444455556666"),
      { environments: ["shop/staging"], projects: ["shop"], production: false },
    ],
    ["none where nothing says so", inAccount(ELSEWHERE), { environments: [], projects: [], production: false }],
    [
      "the environment whose secret it reads, from wherever",
      read(`arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:shop/prod/db-AbCdEf`, { recipientAccountId: ELSEWHERE }),
      { environments: ["shop/production"], production: true },
    ],
    [
      "the environment whose deploy role it takes",
      call("sts:AssumeRole", 0, ANA, {
        recipientAccountId: ELSEWHERE,
        requestParameters: { roleArn: `${ROLE}/shop-deploy` },
      }),
      { environments: ["shop/production"], production: true },
    ],
    [
      "two environments, if it touches both",
      read(`arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:shop/prod/db`, { recipientAccountId: "444455556666" }),
      { environments: ["shop/staging", "shop/production"], projects: ["shop"], production: true },
    ],
    [
      "the project of its pipeline",
      call("codepipeline:StartPipelineExecution", 0, ANA, {
        recipientAccountId: ACCOUNT,
        requestParameters: { name: "shop-release" },
      }),
      { projects: ["shop"] },
    ],
    [
      "the project of its repository",
      webhook("star", inRepository("acme/shop")),
      { projects: ["shop"], environments: [] },
    ],
    [
      "the project of its repository, however it is written",
      webhook("star", inRepository("Acme/Shop")),
      { projects: ["shop"] },
    ],
    [
      "no project by a repository that is only named alike",
      webhook("star", inRepository("acme/shop-tools")),
      { projects: [] },
    ],
    [
      "the environment of the code host by the same name",
      webhook("deployment", {
        ...inRepository("acme/shop"),
        deployment: { environment: "Production" },
        action: "created",
      }),
      { projects: ["shop"], environments: ["shop/production"], production: true },
    ],
  ])("%s", async (_, message, expected) => expect(await viewOf(message)).toMatchObject(expected));

  test("production as the configuration says, whatever the environment is called", async () => {
    const configuration = organisation("      production:\n", "      production:\n        production: false\n");
    expect(await viewOf(inAccount(ACCOUNT), configuration)).toMatchObject({
      production: false,
      environments: ["shop/production"],
    });
  });

  test("every project whose account it is in", async () => {
    const second = 'projects:\n  till: { environments: { live: { production: true, accounts: ["111122223333"] } } }\n';
    const configuration = organisation("projects:\n", second);
    expect(await viewOf(inAccount(ACCOUNT), configuration)).toMatchObject({
      projects: ["till", "shop"],
      environments: ["till/live", "shop/production"],
      production: true,
    });
  });
});

describe("whoever left", () => {
  const onDay = (eventTime: string): Message => call("iam:ListUsers", 0, CY, { eventTime });
  test.each([
    ["2026-09-30T22:59:59Z", false],
    ["2026-09-30T23:00:00Z", true],
    ["2026-10-02T12:00:00Z", true],
  ])("is a leaver at %s by London's clock: %s", async (time, leaver) => {
    expect(await viewOf(onDay(time))).toMatchObject({ person: "cy@acme.example", leaver });
  });

  test("is one behind a role that they took before, too", async () => {
    const assume = call("sts:AssumeRole", 0, CY, {
      requestParameters: { roleArn: `${ROLE}/shop-deploy` },
      responseElements: { credentials: { accessKeyId: "ASIAEXAMPLE" } },
    });
    const use = call("iam:ListUsers", 5, `${SESSION}/shop-deploy/x`, {
      userIdentity: { type: "AssumedRole", arn: `${SESSION}/shop-deploy/x`, accessKeyId: "ASIAEXAMPLE" },
    });
    const { together, oneByOne } = await viewsOf([assume, use]);
    expect([together[1], oneByOne[1]]).toMatchObject([{ leaver: true }, { leaver: true }]);
  });

  test("is not whoever is nobody's, or works here", async () => {
    expect(await viewOf(inAccount(ACCOUNT))).toMatchObject({ person: "ana@acme.example", leaver: false });
    expect(await viewOf(call("iam:ListUsers", 0, `arn:aws:iam::${ACCOUNT}:user/zoe`))).toMatchObject({ leaver: false });
  });
});

const session = (role: string, name: string, more: Message = {}): Message =>
  call("iam:ListUsers", 0, `${SESSION}/${role}/${name}`, {
    userIdentity: {
      type: "AssumedRole",
      arn: `${SESSION}/${role}/${name}`,
      sessionContext: { sessionIssuer: { type: "Role", arn: `${ROLE}/${role}` } },
      ...more,
    },
  });

describe("the caller", () => {
  const plain = { break_glass: false, by_deploy_role: false, by_service: false };
  test.each<[string, Message, Partial<RecordView>]>([
    ["is a user", inAccount(ACCOUNT), plain],
    ["is a session of a deploy role", session("shop-deploy", "build-7"), { ...plain, by_deploy_role: true }],
    ["is a session of the role for emergencies", session("break-glass", "ana"), { ...plain, break_glass: true }],
    ["names a session like a deploy role", session("Developer", "shop-deploy"), plain],
    ["names a session like the role for emergencies", session("Developer", "break-glass"), plain],
    [
      "takes on a deploy role, and is not one yet",
      call("sts:AssumeRole", 0, ANA, { requestParameters: { roleArn: `${ROLE}/shop-deploy` } }),
      plain,
    ],
    ["has a role of that name elsewhere", session("x/shop-deploy", "y"), plain],
    [
      "is a service",
      call("sts:AssumeRole", 0, "", { userIdentity: { type: "AWSService", invokedBy: "codepipeline.amazonaws.com" } }),
      { ...plain, by_service: true },
    ],
    [
      "is CloudFormation with a person's credentials",
      call("iam:CreateRole", 0, ANA, {
        userIdentity: { type: "IAMUser", arn: ANA, invokedBy: "cloudformation.amazonaws.com" },
      }),
      { ...plain, by_service: true },
    ],
    [
      "is a service with the deploy role",
      session("shop-deploy", "AWSCloudFormation", { invokedBy: "cloudformation.amazonaws.com" }),
      { ...plain, by_deploy_role: true, by_service: true },
    ],
    [
      "is a person at the console, which calls for them",
      call("iam:CreateRole", 0, ANA, {
        userIdentity: { type: "IAMUser", arn: ANA, invokedBy: "signin.amazonaws.com" },
      }),
      plain,
    ],
    ["is a person on GitHub", webhook("star", inRepository("acme/shop")), plain],
  ])("%s", async (_, message, expected) => expect(await viewOf(message)).toMatchObject(expected));

  test("is break-glass access by an identity that the configuration names, on any system", async () => {
    const configuration = organisation("breakGlass: [", 'breakGlass: ["github:anal*", ');
    expect(await viewOf(webhook("star", inRepository("acme/shop")), configuration)).toMatchObject({
      break_glass: true,
    });
  });
});

test("what an event changed is there for rules, together with the state before", async () => {
  const put = (at: number, name: string): Message =>
    call("codepipeline:UpdatePipeline", at, ANA, {
      requestParameters: { pipeline: { name: "shop-release", version: at, stages: [{ name, actions: [] }] } },
    });
  const { together, oneByOne } = await viewsOf([put(0, "Source"), put(9, "Release")]);
  expect(together[1]?.changes).toMatchObject({ before: "seen", lines: expect.any(Array) });
  expect(oneByOne[1]?.changes).toEqual(together[1]?.changes);
});

test("what nothing is known of has every answer all the same", async () => {
  const message = {
    version: "0",
    id: "x",
    "detail-type": "Something",
    source: "com.example",
    account: ELSEWHERE,
    time: timeAt(0),
    region: "eu-west-1",
    resources: [],
    detail: {},
  };
  expect(await viewOf(message)).toMatchObject({
    environments: [],
    projects: [],
    production: false,
    leaver: false,
    break_glass: false,
    by_deploy_role: false,
  });
});
