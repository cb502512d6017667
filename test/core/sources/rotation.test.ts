/** Secrets, parameters, keys and objects that their services change of themselves. */
import { expect, test } from "vitest";
import { parseMessage } from "../../../lib/core/sources/message.ts";
import { normalise } from "../../../lib/core/sources/normalise.ts";
import { arn, testFixtures } from "./expectations.ts";
import { fixtureBody, normalised } from "./fixtures.ts";

const PARAMETER = [arn("ssm", "parameter/shop/prod/token")];
const SECRET = [arn("secretsmanager", "secret:shop/prod/db-AbCdEf")];
const KEY = [arn("kms", "key/1234abcd-12ab-34cd-56ef-1234567890ab")];
const OBJECT = ["arn:aws:s3:::acme-shop-artifacts/shop/config/key.enc", "arn:aws:s3:::acme-shop-artifacts"];

testFixtures("rotation", {
  "command-status-changed": [
    "other",
    99,
    "service:ssm.amazonaws.com",
    [arn("ec2", "instance/i-0a1b2c3d4e5f60718")],
    { by: "service" },
    "",
  ],
  "key-deleted": ["secret.delete", 99, "service:kms.amazonaws.com", KEY, { by: "service" }, ""],
  "key-material-expired": ["secret.delete", 99, "service:kms.amazonaws.com", KEY, { by: "service" }, ""],
  "key-rotated": ["secret.rotate", 99, "service:kms.amazonaws.com", KEY, { by: "service" }, ""],
  "object-created": ["other", 600301, "AWSAccount:111122223333", OBJECT, { by: "unknown" }, ""],
  "object-deleted": ["other", 600304, "AWSAccount:111122223333", OBJECT, { by: "unknown" }, ""],
  "object-expired": ["other", 99, "s3.amazonaws.com", OBJECT, { by: "service" }, ""],
  "object-opened": ["access.policy", 600303, "AWSAccount:111122223333", OBJECT, { by: "unknown" }, ""],
  "parameter-created": ["secret.write", 99, "service:ssm.amazonaws.com", PARAMETER, { by: "service" }, ""],
  "parameter-deleted": ["secret.delete", 99, "service:ssm.amazonaws.com", PARAMETER, { by: "service" }, ""],
  "parameter-expired": ["secret.delete", 99, "service:ssm.amazonaws.com", PARAMETER, { by: "service" }, "Success"],
  "parameter-expires-soon": ["other", 99, "service:ssm.amazonaws.com", PARAMETER, { by: "service" }, "Success"],
  "parameter-labelled": ["secret.write", 99, "service:ssm.amazonaws.com", PARAMETER, { by: "service" }, ""],
  "parameter-unchanged": ["other", 99, "service:ssm.amazonaws.com", PARAMETER, { by: "service" }, "Success"],
  "parameter-updated": ["secret.write", 99, "service:ssm.amazonaws.com", PARAMETER, { by: "service" }, ""],
  "secret-label-updated": ["secret.write", 99, "service:secretsmanager.amazonaws.com", SECRET, { by: "service" }, ""],
  "secret-rotation-abandoned": [
    "secret.rotate",
    600399,
    "secretsmanager.amazonaws.com",
    SECRET,
    { by: "service" },
    "Failure",
  ],
  "secret-rotation-failed": [
    "secret.rotate",
    600399,
    "secretsmanager.amazonaws.com",
    SECRET,
    { by: "service" },
    "Failure",
  ],
  "secret-rotation-started": [
    "secret.rotate",
    600399,
    "secretsmanager.amazonaws.com",
    SECRET,
    { by: "service" },
    "Success",
  ],
  "secret-rotation-succeeded": [
    "secret.rotate",
    600399,
    "secretsmanager.amazonaws.com",
    SECRET,
    { by: "service" },
    "Success",
  ],
  "secret-version-deleted": [
    "secret.delete",
    600399,
    "secretsmanager.amazonaws.com",
    SECRET,
    { by: "service" },
    "Success",
  ],
});

test("of a secret's label the version that it moved to is told", () => {
  expect(normalised("rotation", "secret-label-updated")).toMatchObject({
    event: {
      activity_name: "Secret Label Updated",
      unmapped: { secret: "shop/prod/db", label: "AWSCURRENT", version: "a1b2c3d4-5678-90ab-cdef-111122223333" },
    },
  });
});

test("a call of S3's tells where it came from", () => {
  expect(normalised("rotation", "object-opened")).toMatchObject({
    granted: { by: "unknown", sourceAddress: "203.0.113.24" },
    event: {
      api: { operation: "PutObjectAcl", request: { uid: "N4N7GDK58NMKJ12R" } },
      src_endpoint: { ip: "203.0.113.24" },
      actor: { user: { account: { uid: "111122223333" } } },
    },
  });
});

test("an object's ACL updated by a requester who is no account names the service", () => {
  const event = JSON.parse(fixtureBody("rotation", "object-opened"));
  event.detail.requester = "mallory";
  expect(normalise(parseMessage(JSON.stringify(event))).event.actor?.user?.uid).toBe("service:s3.amazonaws.com");
});
