/** The OCSF class that each CloudTrail record is of, and what that class requires: user, group, policies, privileges, log. */
import { describe, expect, test } from "vitest";
import { parseMessage } from "../../../lib/core/sources/message.ts";
import { normalise } from "../../../lib/core/sources/normalise.ts";
import { ANA, arn, BO, iam } from "./expectations.ts";
import { fixtureBody, fixtureNames, gist, normalised } from "./fixtures.ts";

const FOLDER = "cloudtrail/classes";
const USER_ID = "94d00cd8-e9e6-4810-b177-b08e84775435";
const GROUP_ID = "a4d00cd8-e9e6-4810-b177-b08e84775435";
const PERMISSION_SET = "arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-0123456789abcdef";
const ASSIGNMENT = ["arn:aws:sso:::instance/ssoins-1234567890abcdef", PERMISSION_SET];
const ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess";
const RELEASERS = { uid: iam("group/releasers"), name: "releasers" };
const KEY = arn("kms", "key/1234abcd-12ab-34cd-56ef-1234567890ab");
const LOG_GROUP = "/aws/codebuild/shop-build";
const TRAIL = arn("cloudtrail", "trail/acme-org-trail");

type Expectation = readonly [
  action: string,
  typeUid: number,
  status: string,
  resources: readonly string[],
  about: object,
];

const EXPECTED: Readonly<Record<string, Expectation>> = {
  "add-user-to-group": ["access.grant", 300603, "Success", [BO, RELEASERS.uid], { user: BO, group: RELEASERS }],
  "assign-account-to-group": [
    "access.grant",
    300601,
    "Success",
    ASSIGNMENT,
    { group: { uid: GROUP_ID }, privileges: [PERMISSION_SET] },
  ],
  "assign-account-to-user": [
    "access.grant",
    300501,
    "Success",
    ASSIGNMENT,
    { user: USER_ID, privileges: [PERMISSION_SET] },
  ],
  "attach-group-policy": [
    "access.grant",
    300601,
    "Success",
    [RELEASERS.uid, "arn:aws:iam::aws:policy/PowerUserAccess"],
    { group: RELEASERS, privileges: ["arn:aws:iam::aws:policy/PowerUserAccess"] },
  ],
  "attach-user-policy": [
    "access.grant",
    300107,
    "Success",
    [BO, ADMINISTRATOR],
    { user: BO, policies: [{ uid: ADMINISTRATOR }] },
  ],
  "change-own-password": ["credential.create", 300103, "Success", [], { user: ANA }],
  "create-group": ["identity.create", 300606, "Success", [RELEASERS.uid], { group: RELEASERS }],
  "create-log-group": ["other", 100899, "Success", [arn("logs", `log-group:${LOG_GROUP}`)], { log_name: LOG_GROUP }],
  "create-login-profile": ["credential.create", 300199, "Success", [BO], { user: BO }],
  "create-user": [
    "identity.create",
    300101,
    "Success",
    [iam("user/eve"), iam("user/contractors/eve")],
    { user: iam("user/contractors/eve") },
  ],
  "create-user-denied": ["identity.create", 600301, "Failure", [iam("user/eve")], {}],
  "delete-group-policy": [
    "access.revoke",
    300602,
    "Success",
    [RELEASERS.uid],
    { group: RELEASERS, privileges: ["deploy-anything"] },
  ],
  "delete-user": ["identity.remove", 300106, "Success", [BO], { user: BO }],
  "detach-user-policy": [
    "access.revoke",
    300108,
    "Success",
    [BO, ADMINISTRATOR],
    { user: BO, policies: [{ uid: ADMINISTRATOR }] },
  ],
  "directory-add-to-group": ["access.grant", 300603, "Success", [], { user: USER_ID, group: { uid: GROUP_ID } }],
  "directory-create-user": ["identity.create", 300101, "Success", [], { user: USER_ID }],
  "directory-disable-user": ["identity.remove", 300105, "Success", [], { user: USER_ID }],
  "directory-remove-membership": ["access.revoke", 600304, "Success", [], {}],
  "enable-mfa": ["access.mfa", 300110, "Success", [BO, iam("mfa/bo")], { user: BO }],
  "export-log-group": ["other", 100803, "Success", [arn("logs", `log-group:${LOG_GROUP}`)], { log_name: LOG_GROUP }],
  "grant-key-to-role": ["access.grant", 600301, "Success", [KEY, iam("role/shop-deploy")], {}],
  "grant-key-to-user": [
    "access.grant",
    300501,
    "Success",
    [KEY, BO],
    { user: BO, privileges: ["Decrypt", "DescribeKey"] },
  ],
  "put-user-policy": ["access.grant", 300107, "Success", [BO], { user: BO, policies: [{ name: "deploy-anything" }] }],
  "remove-user-from-group": ["access.revoke", 300604, "Success", [BO, RELEASERS.uid], { user: BO, group: RELEASERS }],
  "rename-user": ["other", 300199, "Success", [BO], { user: BO, user_result: iam("user/bo.chen") }],
  "reset-password": ["credential.create", 300104, "Success", [BO], { user: BO }],
  "revoke-override": ["source.protect", 600399, "Success", [], {}],
  "start-logging": ["other", 100806, "Success", [TRAIL], { log_name: TRAIL }],
  "unassign-account-from-user": [
    "access.revoke",
    300502,
    "Success",
    ASSIGNMENT,
    { user: USER_ID, privileges: [PERMISSION_SET] },
  ],
};

test("every fixture has an expectation", () => {
  expect(fixtureNames(FOLDER)).toEqual(Object.keys(EXPECTED).sort());
});

test.each(Object.entries(EXPECTED))("%s", (name, [action, typeUid, status, resources, about]) => {
  const seen = gist(FOLDER, name);
  const { type_uid, user, user_result, policies, group, privileges, log_name } = seen.event;
  expect([seen.action, type_uid, seen.event.status, seen.resources]).toEqual([action, typeUid, status, resources]);
  const all = { user: user?.uid, user_result: user_result?.uid, policies, group, privileges, log_name };
  expect(JSON.parse(JSON.stringify(all))).toEqual(about);
  // Whomever it is about, the principal is the caller.
  expect(seen.who).toBe(name === "revoke-override" ? BO : ANA);
});

describe("a record that lacks what its class requires is API Activity", () => {
  test.each([
    "create-user",
    "attach-user-policy",
    "add-user-to-group",
    "assign-account-to-user",
    "assign-account-to-group",
    "grant-key-to-user",
    "directory-disable-user",
    "directory-add-to-group",
  ])("%s without parameters", (name) => {
    const record = { ...JSON.parse(fixtureBody(FOLDER, name)), requestParameters: null, responseElements: null };
    const { event, action } = normalise(parseMessage(JSON.stringify(record)));
    expect([event.class_uid, action]).toEqual([6003, EXPECTED[name]?.[0]]);
  });

  test("a log that is not named is still one of CloudTrail's", () => {
    const record = { ...JSON.parse(fixtureBody(FOLDER, "start-logging")), requestParameters: null };
    expect(normalise(parseMessage(JSON.stringify(record))).event).toMatchObject({
      class_uid: 1008,
      log_provider: "cloudtrail.amazonaws.com",
    });
  });
});

test("Event Log Activity has no place for the user agent, and how it was granted still tells it", () => {
  const { event, granted } = normalised(FOLDER, "start-logging");
  expect(event.http_request).toBeUndefined();
  expect(granted.userAgent).toContain("aws-cli");
});
