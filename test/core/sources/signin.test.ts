/** Sign-ins to the console and to Identity Center, as EventBridge brings them. */
import { expect, test } from "vitest";
import { parseMessage } from "../../../lib/core/sources/message.ts";
import { normalise } from "../../../lib/core/sources/normalise.ts";
import { ANA, iam, sts, testFixtures } from "./expectations.ts";
import { fixtureBody, normalised } from "./fixtures.ts";

const USER_ID = "94d00cd8-e9e6-4810-b177-b08e84775435";
const WORKFORCE = {
  by: "identity-center",
  provider: "arn:aws:identitystore::111122223333:identitystore/d-1234567890",
  subject: USER_ID,
};

testFixtures("signin", {
  "console-root": ["access.sign-in", 300201, iam("root"), [], { by: "root", mfa: true }, "Success"],
  "console-saml-session": [
    "access.sign-in",
    300201,
    sts("assumed-role/release/ana@acme.example"),
    [],
    { by: "assumed-role", chain: ["ana@acme.example", iam("role/release")], mfa: false },
    "Success",
  ],
  "console-with-mfa": ["access.sign-in", 300201, ANA, [], { by: "console", mfa: true }, "Success"],
  "console-wrong-password": ["access.sign-in", 300201, ANA, [], { by: "console", mfa: false }, "Failure"],
  "identity-center-with-password": [
    "access.sign-in",
    300201,
    `IdentityCenterUser:${USER_ID}`,
    [],
    WORKFORCE,
    "Success",
  ],
  "identity-center-with-second-factor": [
    "access.sign-in",
    300201,
    `IdentityCenterUser:${USER_ID}`,
    [],
    { ...WORKFORCE, mfa: true },
    "Success",
  ],
  "identity-center-wrong-code": ["other", 300206, `Unknown:${USER_ID}`, [], WORKFORCE, "Failure"],
  "own-password-updated": ["credential.create", 300103, iam("root"), [], { by: "root" }, "Success"],
  "role-switched": ["access.assume", 300207, ANA, [iam("role/shop-deploy")], { by: "console" }, "Success"],
});

test.each([
  ["TOTP", true],
  ["PASSWORD,WEBAUTHN", true],
  ["PASSWORD", undefined],
  ["RESYNC_TOTP", undefined],
  ["EXTERNAL_IDP", undefined],
])("Identity Center's %s as a second factor: %s", (types, mfa) => {
  const event = JSON.parse(fixtureBody("signin", "identity-center-with-second-factor"));
  event.detail.additionalEventData.CredentialType = types;
  expect(normalise(parseMessage(JSON.stringify(event))).granted.mfa).toBe(mfa);
});

test("a code that was wrong is no second factor", () => {
  expect(normalised("signin", "identity-center-wrong-code").granted.mfa).toBeUndefined();
});
