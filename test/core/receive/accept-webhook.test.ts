/** A webhook's sender hears that it was taken once every queue that it is for has it. */
import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { acceptWebhook } from "../../../lib/core/receive/accept-webhook.ts";

const SECRET = "a-secret-of-some-length";
const RULE = "deployment_protection_rule";
const ASKS = JSON.stringify({
  action: "requested",
  environment: "production",
  deployment_callback_url: "https://api.github.com/repos/acme/shop/actions/runs/9001/deployment_protection_rule",
  deployment: { sha: "0000000000000000000000000000000000000001" },
  repository: { full_name: "acme/shop" },
  installation: { id: 7 },
});

function desk() {
  const told: string[] = [];
  const failing = { intake: false, gate: false };
  const world = {
    secretsOf: async () => [SECRET],
    intake: {
      async send(bodies: readonly string[]) {
        if (failing.intake) throw new Error("the intake queue is down");
        told.push(...bodies.map(() => "intake"));
        return bodies.map(() => "id-1");
      },
    },
    async askGate(question: string) {
      if (failing.gate) throw new Error("the gate's queue is down");
      told.push(`gate: ${JSON.parse(question).environment}`);
    },
  };
  const send = (text: string, event: string, secret = SECRET) => {
    const body = Buffer.from(text);
    const signature = `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
    const headers = { "x-hub-signature-256": signature, "x-github-event": event, "x-github-delivery": "d-1" };
    return acceptWebhook({ source: "github", headers, body, receivedAt: Date.UTC(2026, 10, 23) }, world);
  };
  return { told, failing, send };
}

test("an event is in the intake queue, and a deployment that waits is recorded before the gate is asked", async () => {
  const { told, send } = desk();
  expect(await send("{}", "push")).toEqual({ outcome: "accepted", id: "id-1" });
  expect(told).toEqual(["intake"]);
  await send(ASKS, RULE);
  expect(told).toEqual(["intake", "intake", "gate: production"]);
});

test("what a stranger signed reaches no queue", async () => {
  const { told, send } = desk();
  expect(await send(ASKS, RULE, "another secret")).toMatchObject({ outcome: "refused", status: 401 });
  expect(told).toEqual([]);
});

test("it is not accepted while one of the queues is down", async () => {
  const { told, failing, send } = desk();
  failing.intake = true;
  await expect(send(ASKS, RULE)).rejects.toThrow("the intake queue is down");
  expect(told).toEqual([]);
  Object.assign(failing, { intake: false, gate: true });
  await expect(send(ASKS, RULE)).rejects.toThrow("the gate's queue is down");
  expect(await send("{}", "push")).toMatchObject({ outcome: "accepted" });
});
