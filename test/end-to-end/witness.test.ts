/** The main stack and a witness of our own in two clouds: what is public gets cosigned, a fork and a rollback do not, and nobody waits for the dead. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { SignCommand } from "@aws-sdk/client-kms";
import { App } from "aws-cdk-lib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { kmsNoteSigner, kmsVerifierKey } from "../../lib/adapters/kms-note-signer.ts";
import { s3LogSource } from "../../lib/adapters/s3-log-source.ts";
import { parseConfiguration } from "../../lib/core/configuration/parse-configuration.ts";
import { type OpenedCheckpoint, openCheckpoint, signCheckpoint } from "../../lib/core/evidence/signed-checkpoint.ts";
import { formatVerifierKey, parseVerifierKey, type VerifierKey } from "../../lib/core/evidence/verifier-key.ts";
import { formatAddCheckpointRequest } from "../../lib/core/witness/add-checkpoint-request.ts";
import { FEATURE_FLAGS } from "../../lib/infra/feature-flags.ts";
import { addWitness } from "../../lib/infra/witness-stack.ts";
import { LOCAL_OWNER_KEY } from "../../lib/local/aws-service.ts";
import { createClients } from "../../lib/local/clients.ts";
import { type Cloud, startCloud } from "../../lib/local/cloud.ts";
import { putRecordedEvents } from "../../lib/local/put-recorded-events.ts";
import { testSigner } from "../core/evidence/test-signers.ts";
import { synthesisedAnew } from "./assembly.ts";
import { invoke } from "./invoke.ts";
import { waitForEvents } from "./recorded.ts";
import { roleClients } from "./role-clients.ts";
import { emptyFolder, outputOf, type RunningCloud, remove, run } from "./running-cloud.ts";
import { readStory, tellStory } from "./story.ts";

const STORY = readStory();
const OTHER_ROOT = "ab".repeat(32);
const keyOf = (name: string) => formatVerifierKey(testSigner(name, Buffer.alloc(32, 7), "cosignature/v1").key);
const Publishing = z.looseObject({
  Environment: z.object({ Variables: z.looseObject({ POWERTOOLS_SERVICE_NAME: z.literal("publish") }) }),
});

let folder: string;
let silent: Server;
/** Resolves when the witness that never answers was asked. */
const asked = Promise.withResolvers<void>();
let main: RunningCloud;
let witness: Cloud;
let logKey: VerifierKey;
let witnessKey: VerifierKey;

beforeAll(async () => {
  folder = await emptyFolder();
  silent = createServer(() => asked.resolve());
  const gone = createServer();
  const [silentUrl, goneUrl] = await Promise.all([silent, gone].map(listen));
  await new Promise((resolve) => gone.close(resolve));
  main = await startMain("dead", [
    { url: goneUrl, key: keyOf("gone.example/w") },
    { url: silentUrl, key: keyOf("silent.example/w") },
  ]);
  const signing = { client: main.clients.kms, keyId: outputOf(main, "SigningKeyArn") };
  logKey = await kmsVerifierKey({ ...signing, name: outputOf(main, "LogOrigin") });
  witness = await startWitness();
});
afterAll(async () => {
  silent?.closeAllConnections();
  silent?.close();
  await main?.close();
  await witness?.close();
  await remove(folder);
});

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** On the same state each time. */
async function startMain(name: string, witnesses: readonly object[]): Promise<RunningCloud> {
  const assembly = await synthesisedAnew(join(folder, name), ({ Resources }) => {
    for (const { Properties } of Object.values(Resources)) {
      const found = Publishing.safeParse(Properties);
      if (!found.success) continue;
      const { Variables } = found.data.Environment;
      Object.assign(Properties ?? {}, {
        Environment: { Variables: { ...Variables, WITNESSES: JSON.stringify(witnesses) } },
      });
    }
  });
  return run(join(folder, "main"), assembly);
}

async function startWitness(): Promise<Cloud> {
  const assembly = join(folder, "witness.out");
  const app = new App({ context: FEATURE_FLAGS, outdir: assembly });
  const logs = `logs: [{ origin: "${logKey.name}", key: "${formatVerifierKey(logKey)}" }]`;
  const text = `organisation: acme\nalerts: { email: [security@acme.example] }\nwitness: { ${logs} }\n`;
  addWitness(app, parseConfiguration(text, "gatebook.yml"));
  app.synth();
  return startCloud({ assembly, stacks: ["Gatebook-Witness"], directory: join(folder, "witness"), port: 0 });
}

const log = () => s3LogSource({ client: main.clients.s3, bucket: outputOf(main, "EvidenceBucket") });

async function publicCheckpoint(): Promise<OpenedCheckpoint> {
  const bytes = await log().read("checkpoint");
  if (bytes === undefined) throw new Error("there is no checkpoint");
  return openCheckpoint(bytes, logKey, witnessKey === undefined ? [] : [witnessKey]);
}

/** A checkpoint as the log's own key signs it, which only an attacker in the publishing role could get. */
async function signedBy(role: string, size: number, root: string): Promise<Buffer> {
  const clients = await roleClients(main, role);
  const name = outputOf(main, "LogOrigin");
  const signer = await kmsNoteSigner({ client: clients.kms, keyId: outputOf(main, "SigningKeyArn"), name });
  const note = await signCheckpoint({ origin: name, size, root }, signer);
  clients.close();
  return note;
}

async function post(body: Uint8Array): Promise<readonly [status: number, type: string | null, body: string]> {
  const url = `${witness.outputs["WitnessUrl"]}add-checkpoint`;
  // Without a content type, which the protocol does not ask for: it gets to the function as base64.
  const answer = await fetch(url, { method: "POST", body: Uint8Array.from(body) });
  return [answer.status, answer.headers.get("content-type"), await answer.text()];
}

test("a dead witness and a silent one hold up neither publishing nor recording", async () => {
  await putRecordedEvents(main.cloud.url, STORY.slice(0, 3));
  await waitForEvents(main, 3);
  const published = invoke(main, "publish");
  await asked.promise;
  // Somebody still waits for the silent one's answer, and the checkpoint is public already.
  expect(await publicCheckpoint()).toMatchObject({ size: 3, cosigned: [] });
  await putRecordedEvents(main.cloud.url, STORY.slice(3, 5));
  await waitForEvents(main, 5);
  await published;
  const refused = main.lines.filter((line) => line.includes("no cosignature"));
  expect(refused.join("\n")).toMatch(/gone\.example\/w.*ECONNREFUSED/);
  expect(refused.join("\n")).toMatch(/silent\.example\/w.*did not answer/);
  expect(main.faults).toEqual([]);
});

test("our own witness tells its verifier key, under a name of its account", async () => {
  const answer = await fetch(witness.outputs["WitnessUrl"] ?? "");
  witnessKey = parseVerifierKey((await answer.text()).trim());
  expect(witnessKey.algorithm).toBe("cosignature/v1");
  expect(witnessKey.name).toBe(witness.outputs["WitnessName"]);
  expect(witnessKey.name).toMatch(/^gatebook\.acme\/\d{12}\/[a-z0-9-]+\/witness$/);
});

test("once it is configured, it cosigns what is public, and each checkpoint after that", async () => {
  await main.close();
  main = await startMain("cosigned", [{ url: witness.outputs["WitnessUrl"], key: formatVerifierKey(witnessKey) }]);
  await invoke(main, "publish");
  expect(await publicCheckpoint()).toMatchObject({ size: 5, cosigned: [{ witness: witnessKey }] });
  await tellStory(main, { recorded: 5, events: STORY.slice(5) });
  await invoke(main, "publish");
  const { size, cosigned } = await publicCheckpoint();
  expect([size, cosigned.length]).toEqual([STORY.length, 1]);
  expect(Math.abs(Date.now() - (cosigned[0]?.time ?? 0))).toBeLessThan(10 * 60_000);
});

describe("whoever gets hold of the log's key cannot have cosigned", () => {
  const size = STORY.length;

  test("another history of the same size", async () => {
    const note = await signedBy("publish", size, OTHER_ROOT);
    expect(await post(formatAddCheckpointRequest({ oldSize: size, proof: [], note }))).toEqual([
      409,
      "text/x.tlog.size",
      `${size}\n`,
    ]);
  });

  test("another history that is longer", async () => {
    const note = await signedBy("publish", size + 1, OTHER_ROOT);
    const [status] = await post(formatAddCheckpointRequest({ oldSize: size, proof: [OTHER_ROOT], note }));
    expect(status).toBe(422);
  });

  test("less than was cosigned before, whatever size it says that it started from", async () => {
    const note = await signedBy("publish", 2, OTHER_ROOT);
    const ask = (oldSize: number) => post(formatAddCheckpointRequest({ oldSize, proof: [], note }));
    expect((await ask(size))[0]).toBe(400);
    for (const oldSize of [0, 2]) expect(await ask(oldSize)).toEqual([409, "text/x.tlog.size", `${size}\n`]);
  });
});

test("what is no request, or of no log that it knows, is refused as a problem", async () => {
  const stranger = testSigner("log.example/stranger", Buffer.alloc(32, 1));
  const note = await signCheckpoint({ origin: "log.example/stranger", size: 1, root: OTHER_ROOT }, stranger);
  expect((await post(formatAddCheckpointRequest({ oldSize: 0, proof: [], note })))[0]).toBe(404);
  const impostor = testSigner(logKey.name, Buffer.alloc(32, 1));
  const forged = await signCheckpoint({ origin: logKey.name, size: 1, root: OTHER_ROOT }, impostor);
  expect((await post(formatAddCheckpointRequest({ oldSize: 0, proof: [], note: forged })))[0]).toBe(403);
  expect((await post(Buffer.from("old 0\n")))[0]).toBe(400);
});

test("the owner of the witness's account cannot sign with its key", async () => {
  const clients = createClients(witness.url, LOCAL_OWNER_KEY);
  const sign = new SignCommand({
    KeyId: witness.outputs["WitnessKeyArn"],
    Message: Buffer.from("cosignature/v1\n"),
    MessageType: "RAW",
    SigningAlgorithm: "ED25519_SHA_512",
  });
  await expect(clients.kms.send(sign)).rejects.toMatchObject({ name: "AccessDeniedException" });
  clients.close();
});

test("after all of that, the honest log goes on and is cosigned as before", async () => {
  const [first] = STORY;
  const detail = { ...first?.detail, eventID: "0f8b2f34-52a1-4c55-9a9c-5a4be0c7d001" };
  await putRecordedEvents(main.cloud.url, [{ ...first, id: "0f8b2f34-52a1-4c55-9a9c-5a4be0c7d002", detail }]);
  await waitForEvents(main, STORY.length + 1);
  await invoke(main, "publish");
  expect(await publicCheckpoint()).toMatchObject({ size: STORY.length + 1, cosigned: [{ witness: witnessKey }] });
  expect(main.faults).toEqual([]);
});
