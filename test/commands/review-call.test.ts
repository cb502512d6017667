/** More decisions than go at once: what is on record already is said, where the rest fails. */
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { decideReview } from "../../bin/commands/review-call.ts";
import { MAX_ITEMS } from "../../lib/core/review/review-request.ts";
import { temporaryFolder } from "./gatebook.ts";

const PROBLEM = { status: 409, body: { detail: "has 900 events already." } };

/** A stack that gives these answers, one a request. */
async function answering(answers: readonly { readonly status: number; readonly body: object }[]): Promise<string> {
  const left = [...answers];
  const server = createServer((_, response) => {
    const { status, body } = left.shift() ?? PROBLEM;
    response.writeHead(status).end(JSON.stringify(body));
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const file = join(await temporaryFolder(), "outputs.json");
  const names = ["IntakeQueueUrl", "MessageBucket", "IndexTable", "HeadTable", "EvidenceBucket", "LogOrigin"];
  const outputs = Object.fromEntries(names.map((name) => [name, "x"]));
  const { port } = server.address() as AddressInfo;
  await writeFile(
    file,
    JSON.stringify({ Gatebook: { ...outputs, ReviewsUrl: `http://127.0.0.1:${port}/v1/reviews` } }),
  );
  return file;
}

async function decideMany(answers: Parameters<typeof answering>[0]) {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "x").stubEnv("AWS_SECRET_ACCESS_KEY", "x").stubEnv("AWS_REGION", "eu-west-1");
  onTestFinished(() => void vi.unstubAllEnvs());
  const items = Array.from({ length: MAX_ITEMS + 1 }, (_, i) => ({ person: `p${i}@acme.example`, role: "developer" }));
  const outputs = await answering(answers);
  return decideReview({ project: "shop", items, verdict: "keep", reason: "looked at" }, { outputs });
}

const ITEM = { person: "p@acme.example", role: "developer", project: "shop" };
const DECIDED = { status: 200, body: { items: Array(MAX_ITEMS).fill(ITEM) } };

test("a refusal of the rest says how many are decided already", async () => {
  await expect(decideMany([DECIDED, PROBLEM])).rejects.toMatchObject({
    code: "INPUT_INVALID",
    message: `the first ${MAX_ITEMS} are decided; of the others: has 900 events already`,
  });
});

test("a refusal of the first is said as it is", async () => {
  await expect(decideMany([PROBLEM])).rejects.toMatchObject({ message: "has 900 events already" });
});

test("all of them are decided, in as many requests as it takes", async () => {
  expect(await decideMany([DECIDED, { status: 200, body: { items: [ITEM] } }])).toHaveLength(MAX_ITEMS + 1);
});
