/** Each webhook source has a secret of its own, which the receiver may read and an output names. */
import { expect, test } from "vitest";
import { WEBHOOK_SOURCES } from "../../lib/core/sources/webhooks/webhook-source.ts";
import { OWN_CONFIGURATION, synthesise } from "./synthesised-stack.ts";

test("with every source configured, each has a secret and an output that names it", () => {
  const sources = `webhooks: [${WEBHOOK_SOURCES.join(", ")}]`;
  const stack = synthesise(OWN_CONFIGURATION.replace(/webhooks: \[.*?\]/, sources));
  const secrets = stack
    .ofType("AWS::SecretsManager::Secret")
    .filter(({ logicalId }) => logicalId.startsWith("Ingestion"));
  expect(secrets).toHaveLength(WEBHOOK_SOURCES.length);
  const outputs = Object.keys(JSON.parse(stack.text).Outputs);
  for (const source of WEBHOOK_SOURCES) {
    expect(outputs).toContain(`${source.replaceAll("-", "")}WebhookSecretArn`);
  }
  const [receiver] = stack
    .ofType("AWS::Lambda::Function")
    .filter(({ Properties }) => "WEBHOOK_SECRET_ARNS" in (Properties.Environment?.Variables ?? {}));
  const arns = JSON.parse(receiver?.Properties.Environment.Variables.WEBHOOK_SECRET_ARNS);
  expect(Object.keys(arns).sort()).toEqual([...WEBHOOK_SOURCES].sort());
});
