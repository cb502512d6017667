/** What is known of the second factor behind an access that needs one, and what is made of it: the finding, and the decision. */
import { describe, expect, test } from "vitest";
import type { AuditRecord } from "../../../lib/core/record/audit-record.ts";
import {
  approves,
  approvesJob,
  assumes,
  at,
  call,
  consoleSignIn,
  gitHub,
  lastOf,
  record,
  session,
  ssoFactor,
  ssoSession,
  ssoSignIn,
  user,
} from "./mfa-calls.ts";

const DAY = 24 * 60;
const ASIA = "ASIAEXAMPLEANA000001";
const AKIA = "AKIAEXAMPLEANA000001";

function rulesOf({ findings }: AuditRecord): string[] {
  return findings.map(({ rule }) => rule.id);
}

function asked({ access }: AuditRecord): string | undefined {
  return access.outcome === "not-applicable" ? undefined : access.questions[0]?.context.mfa;
}

describe("by the event itself", () => {
  test("a session that was opened with a code is with MFA", async () => {
    const approval = await lastOf(approves(0, user("ana", ASIA, true)));
    expect(approval).toMatchObject({ mfa: { is: "yes", from: "access" }, access: { outcome: "allow" }, findings: [] });
    expect(asked(approval)).toBe("yes");
  });

  test("a long-lived key never is: that is one finding, and the policies' denial for its sake is no second one", async () => {
    const approval = await lastOf(approves(0, user("ana", AKIA)));
    expect(approval).toMatchObject({ mfa: { is: "no", from: "access" }, access: { outcome: "deny", policies: [] } });
    expect(asked(approval)).toBe("no");
    expect(approval.findings).toMatchObject([
      {
        rule: { id: "mfa:required", title: "Access without MFA where it is required" },
        level: "high",
        person: "ana@acme.example",
        why: "ana@acme.example did pipeline.approve without MFA, which mfa.requiredFor of gatebook.yml asks for: the credential that was used had no second factor.",
      },
    ]);
    expect(approval.findings[0]?.next).toHaveLength(3);
  });

  test("who had no right to it either way has two findings", async () => {
    expect(rulesOf(await lastOf(approves(0, user("dee", AKIA))))).toEqual(["mfa:required", "policy:not-allowed"]);
  });

  test("what nobody tells is unknown: it is in the record, and no finding", async () => {
    const approval = await lastOf(approves(0, user("ana", ASIA)));
    expect(approval).toMatchObject({
      mfa: { is: "unknown", from: "nothing" },
      access: { outcome: "allow" },
      findings: [],
    });
  });

  test("what needs none says nothing of it, nor does what was refused", async () => {
    const start = await lastOf(
      call("StartPipelineExecution", 0, user("ana", AKIA), { requestParameters: { name: "shop-release" } }),
    );
    expect(start).not.toHaveProperty("mfa");
    expect(start.findings).toEqual([]);
    const refused = await lastOf({ ...approves(0, user("ana", AKIA)), errorCode: "AccessDenied" });
    expect(refused).not.toHaveProperty("mfa");
    expect(refused.findings).toEqual([]);
  });
});

describe("by whoever opened the session", () => {
  const admin = session("Admin", "x", "ASIAEXAMPLEADMIN0001", "", true);
  const deploy = session("Deploy", "x", "ASIAEXAMPLEDEPLOY001");

  test("role after role, of which CloudTrail says false, the first one's code counts", async () => {
    const approval = await lastOf(
      assumes("Admin", 0, user("ana", ASIA, true), "ASIAEXAMPLEADMIN0001"),
      assumes("Deploy", 1, admin, "ASIAEXAMPLEDEPLOY001"),
      assumes("Release", 2, deploy, "ASIAEXAMPLERELEASE01"),
      approves(3, session("Release", "x", "ASIAEXAMPLERELEASE01")),
    );
    expect(approval).toMatchObject({ person: "ana@acme.example", mfa: { is: "yes", from: "session" }, findings: [] });
  });

  test("a session that a key without a code opened has none", async () => {
    const opened = assumes("Deploy", 0, user("ana", AKIA), "ASIAEXAMPLEDEPLOY001");
    const approval = await lastOf(opened, approves(1, deploy));
    expect(approval).toMatchObject({ mfa: { is: "no", from: "session" } });
    expect(rulesOf(approval)).toEqual(["mfa:required"]);
    expect(approval.findings[0]?.why).toContain("whoever opened the session had no second factor");
  });

  test("where an identity provider vouched for it, false means that nobody knows", async () => {
    const saml = { type: "SAMLUser", principalId: "acme:ana", userName: "ana@acme.example", identityProvider: "acme" };
    const opened = { ...assumes("Deploy", 0, saml, "ASIAEXAMPLEDEPLOY001"), eventName: "AssumeRoleWithSAML" };
    const own = "mfa: { requiredFor: [{ who: everybody, actions: [pipeline.approve], where: all }] }";
    const { records } = await record([[opened], [approves(1, deploy)]], own);
    expect(records.at(-1)).toMatchObject({ mfa: { is: "unknown" }, findings: [] });
  });

  test("a session that nobody was seen to open is what CloudTrail says", async () => {
    const own = "mfa: { requiredFor: [{ who: everybody, actions: [pipeline.approve], where: all }] }";
    const { records } = await record([[approves(1, deploy)]], own);
    expect(records[0]).toMatchObject({ mfa: { is: "no", from: "access" } });
  });
});

describe("by the sign-in before it", () => {
  const byAna = (minute: number) => approves(minute, ssoSession("ana@acme.example"));

  test("Identity Center's sign-in with a second factor is known of the person's session", async () => {
    const approval = await lastOf(ssoSignIn(0, "PASSWORD,TOTP"), byAna(30));
    expect(approval).toMatchObject({ mfa: { is: "yes", from: "sign-in", since: at(0) }, access: { outcome: "allow" } });
    expect(asked(approval)).toBe("yes");
  });

  test("a second factor that was checked alone is known too, and the password that was checked beside it takes nothing away", async () => {
    const approval = await lastOf(ssoFactor(0, "TOTP"), ssoFactor(1, "PASSWORD"), byAna(30));
    expect(approval).toMatchObject({ mfa: { is: "yes", from: "sign-in", since: at(0) } });
    expect(await lastOf(ssoFactor(0, "TOTP", "Failure"), byAna(30))).toMatchObject({ mfa: { is: "unknown" } });
  });

  test("an organisation's name of any length is looked up as it was stored", async () => {
    const org = "A".repeat(5_000);
    const required = gitHub("org.enable_two_factor_requirement", 0, "adaquist", { org });
    const approval = { ...approvesJob(5, "bochen"), org, repo: `${org}/shop` };
    expect(await lastOf(required, approval)).toMatchObject({ mfa: { is: "yes", from: "organisation" } });
  });

  test("a later sign-in of which nothing is known is what is known last, and when", async () => {
    const approval = await lastOf(ssoSignIn(0, "PASSWORD,TOTP"), ssoSignIn(5, "PASSWORD"), byAna(10));
    expect(approval.mfa).toEqual({ is: "unknown", from: "sign-in", since: at(5) });
  });

  test("a role that the person takes on from there is known by the same sign-in", async () => {
    const opened = assumes("Deploy", 1, ssoSession("ana@acme.example"), "ASIAEXAMPLEDEPLOY001");
    const asDeploy = approves(30, session("Deploy", "x", "ASIAEXAMPLEDEPLOY001"));
    expect(await lastOf(ssoSignIn(0, "PASSWORD,TOTP"), opened, asDeploy)).toMatchObject({
      person: "ana@acme.example",
      mfa: { is: "yes", from: "sign-in", since: at(0) },
    });
    expect(await lastOf(opened, asDeploy)).toMatchObject({ mfa: { is: "unknown", from: "nothing" } });
  });

  test.each([
    [
      "a later one with a password alone, or by a provider of one's own",
      [ssoSignIn(0, "PASSWORD,TOTP"), ssoSignIn(5, "EXTERNAL_IDP")],
    ],
    ["one that failed", [ssoSignIn(0, "PASSWORD,TOTP", undefined, "Failure")]],
    ["one of somebody else", [ssoSignIn(0, "PASSWORD,TOTP", "00000000-0000-4000-8000-000000000001")]],
    ["one more than a day before", [ssoSignIn(10 - DAY - 1, "PASSWORD,TOTP")]],
    ["one after it", [ssoSignIn(11, "PASSWORD,TOTP")]],
  ])("%s leaves it unknown", async (_, signIns) => {
    for (const batches of [[[...signIns, byAna(10)]], [signIns, [byAna(10)]]]) {
      const { records } = await record(batches);
      const approval = records.find(({ action }) => action === "pipeline.approve");
      expect(approval).toMatchObject({ mfa: { is: "unknown" }, findings: [] });
    }
  });

  test("a role that is only called like Identity Center's takes nothing from the sign-in of whom its session is named after", async () => {
    const own = "mfa: { requiredFor: [{ who: everybody, actions: [pipeline.approve], where: all }] }";
    const copy = session("AWSReservedSSO_Release_0123456789abcdef", "ana@acme.example", "ASIAEXAMPLECOPY00001");
    const { records } = await record([[ssoSignIn(0, "PASSWORD,TOTP")], [approves(1, copy)]], own);
    expect(records.at(-1)).toMatchObject({ mfa: { is: "no", from: "access" } });
  });

  test("the console's sign-in is known of a session that does not say itself, and of no key", async () => {
    const signIn = consoleSignIn(0, "ana", "Yes");
    const inConsole = { ...approves(1, user("ana", ASIA)), sessionCredentialFromConsole: "true" };
    expect(await lastOf(signIn, inConsole)).toMatchObject({ mfa: { is: "yes", from: "sign-in", since: at(0) } });
    expect(await lastOf(signIn, approves(1, user("ana", AKIA)))).toMatchObject({ mfa: { is: "no", from: "access" } });
    const without = await lastOf(signIn, consoleSignIn(1, "ana", "No"), {
      ...inConsole,
      eventTime: new Date(at(2)).toISOString(),
    });
    expect(without).toMatchObject({ mfa: { is: "no", from: "sign-in", since: at(1) } });
    expect(rulesOf(without)).toEqual(["mfa:required"]);
  });
});

describe("by the settings of a code host", () => {
  const required = gitHub("org.enable_two_factor_requirement", 0, "adaquist");

  test("an organisation that asks for a second factor lets nobody in without", async () => {
    expect(await lastOf(required, approvesJob(5, "bochen"))).toMatchObject({
      mfa: { is: "yes", from: "organisation", since: at(0) },
      findings: [],
    });
  });

  test("a requirement of years ago holds, from a record that is replayed", async () => {
    const old = gitHub("org.enable_two_factor_requirement", -800 * DAY, "adaquist");
    expect(await lastOf(old, approvesJob(5, "bochen"))).toMatchObject({ mfa: { is: "yes", from: "organisation" } });
  });

  test("without the requirement, the account's own setting counts, and nothing is known of others", async () => {
    const dropped = gitHub("org.disable_two_factor_requirement", 1, "adaquist");
    expect(await lastOf(required, dropped, approvesJob(5, "bochen"))).toMatchObject({ mfa: { is: "unknown" } });
    const enabled = gitHub("two_factor_authentication.enabled", 2, "BoChen", { user: "BoChen" });
    expect(await lastOf(required, dropped, enabled, approvesJob(5, "bochen"))).toMatchObject({
      mfa: { is: "yes", from: "account", since: at(2) },
    });
  });

  test("an account that switched it off has none until it is told otherwise", async () => {
    const disabled = gitHub("two_factor_authentication.disabled", 2, "bochen", { user: "bochen" });
    const approval = await lastOf(required, disabled, approvesJob(5, "bochen"));
    expect(approval).toMatchObject({ mfa: { is: "no", from: "account", since: at(2) } });
    expect(rulesOf(approval)).toContain("mfa:required");
    expect(await lastOf(disabled, approvesJob(5, "analima"))).toMatchObject({ mfa: { is: "unknown" } });
    const passed = gitHub("user.two_factor_challenge_success", 3, "bochen", { user: "bochen" });
    expect(await lastOf(disabled, passed, approvesJob(5, "bochen"))).toMatchObject({ mfa: { is: "yes" } });
  });

  test("another organisation's requirement says nothing", async () => {
    const other = gitHub("org.enable_two_factor_requirement", 0, "adaquist", { org: "acme-labs" });
    expect(await lastOf(other, approvesJob(5, "bochen"))).toMatchObject({ mfa: { is: "unknown" } });
  });
});

test("accounts are looked up for what needs MFA and does not tell it, and each once in a batch", async () => {
  const pushes = Array.from({ length: 50 }, (_, i) => gitHub("git.push", i, "bochen", { repo: "acme/shop" }));
  expect((await record([pushes])).questions).toBe(0);
  expect((await record([[approves(0, user("ana", ASIA, true)), approves(1, user("ana", AKIA))]])).questions).toBe(0);
  const approvals = Array.from({ length: 50 }, (_, i) => approvesJob(i, "bochen"));
  expect((await record([approvals])).questions).toBe(2);
});
