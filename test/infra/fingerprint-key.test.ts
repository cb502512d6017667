/** The key for fingerprints of secrets: one a log, which outlives the stack, and which the function that records finds. */
import { expect, test } from "vitest";
import { synthesise } from "./synthesised-stack.ts";

const gatebook = synthesise();
const key = gatebook.only("AWS::SecretsManager::Secret", "RecordingFingerprintKey");

test("the key is random, long enough for SHA-256, and stays when the stack goes", () => {
  expect(key.Properties.GenerateSecretString.PasswordLength).toBeGreaterThanOrEqual(43);
  expect(key.Properties.SecretString).toBeUndefined();
  expect(key.DeletionPolicy).toBe("Retain");
});

test("nothing rotates it: one secret would look like two, before and after", () => {
  expect(gatebook.ofType("AWS::SecretsManager::RotationSchedule")).toEqual([]);
});

test("the function that records knows which it is, and no other", () => {
  const users = gatebook
    .ofType("AWS::Lambda::Function")
    .filter(({ Properties }) => JSON.stringify(Properties.Environment).includes(key.logicalId))
    .map(({ Properties }) => Properties.Environment.Variables);
  expect(users.map((variables) => variables.POWERTOOLS_SERVICE_NAME)).toEqual(["record"]);
  expect(users[0].FINGERPRINT_KEY_ARN).toBe(gatebook.arnOf(key.logicalId));
});
