/** The contract of log archives, in memory, in a folder and on S3, and pulling a log from each; and a log on a web server. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { folderLogArchive, folderLogCopy } from "../../lib/adapters/folder-log-archive.ts";
import { httpLogSource } from "../../lib/adapters/http-log-source.ts";
import { DELETED, memoryLogArchive } from "../../lib/adapters/memory-log-archive.ts";
import { s3LogArchive } from "../../lib/adapters/s3-log-archive.ts";
import type { LogArchive, StoredObject } from "../../lib/core/verify/log-archive.ts";
import { pullLog } from "../../lib/core/verify/pull-log.ts";
import { verifyLog } from "../../lib/core/verify/verify-log.ts";
import { recordLog, type Versions } from "../core/verify/recorded-log.ts";
import { signer } from "../core/verify/tampering.ts";
import { startS3 } from "../local/s3/s3-server.ts";

let s3: Awaited<ReturnType<typeof startS3>>;
beforeAll(async () => {
  s3 = await startS3();
});
afterAll(() => s3.close());

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "gatebook-archive-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

let buckets = 0;
async function onS3(versions: Versions): Promise<LogArchive> {
  buckets += 1;
  const Bucket = `evidence-${buckets}`;
  await s3.client.send(new CreateBucketCommand({ Bucket }));
  await s3.client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
  for (const [Key, stored] of versions) {
    for (const Body of stored) {
      const command =
        Body === DELETED ? new DeleteObjectCommand({ Bucket, Key }) : new PutObjectCommand({ Bucket, Key, Body });
      await s3.client.send(command);
    }
  }
  return s3LogArchive({ client: s3.client, bucket: Bucket });
}

async function inFolder(versions: Versions): Promise<LogArchive> {
  const folder = await emptyFolder();
  await pullLog(memoryLogArchive(versions), folderLogCopy(folder));
  return folderLogArchive(folder);
}

const VERSIONS: Versions = new Map([
  ["checkpoint", ["one", "two", "three"].map((text) => Buffer.from(text))],
  ["tile/0/000", [Buffer.from("first"), Buffer.from("the second")]],
  ["tile/0/000.p/7", [Buffer.from("partial")]],
  ["tile/0/x001/000", [Buffer.from("far")]],
  ["payload/hidden", [Buffer.from("gone"), DELETED]],
]);

describe.each([
  ["memory", async (versions: Versions): Promise<LogArchive> => memoryLogArchive(versions)],
  ["folder", inFolder],
  ["S3", onS3],
])("%s log archive", (_, open) => {
  const listed = async (archive: LogArchive, prefix: string): Promise<StoredObject[]> => {
    const objects: StoredObject[] = [];
    for await (const object of archive.list(prefix)) objects.push(object);
    return objects;
  };

  test("reads what was put last, and nothing where nothing is or it was deleted", async () => {
    const archive = await open(VERSIONS);
    expect(Buffer.from((await archive.read("tile/0/000")) ?? []).toString()).toBe("the second");
    for (const path of ["tile/0/001", "payload/hidden", "tile/0"]) expect(await archive.read(path)).toBeUndefined();
  });

  test("lists every object with its size and its versions, deleted ones included", async () => {
    const archive = await open(VERSIONS);
    const object = (path: string, bytes: number, versions = 1, isDeleted = false) => ({
      path,
      bytes,
      versions,
      isDeleted,
    });
    expect(await listed(archive, "tile/")).toEqual([
      object("tile/0/000", 10, 2),
      object("tile/0/000.p/7", 7),
      object("tile/0/x001/000", 3),
    ]);
    expect(await listed(archive, "payload/")).toEqual([object("payload/hidden", 0, 1, true)]);
  });

  test("gives the history of one path, the oldest first", async () => {
    const archive = await open(VERSIONS);
    const history: string[] = [];
    for await (const bytes of archive.history("checkpoint")) history.push(Buffer.from(bytes).toString());
    expect(history).toEqual(["one", "two", "three"]);
  });

  test("holds a log that verifies, and so does what is pulled from it", async () => {
    const { versions } = await recordLog([100, 300, 700], signer);
    const archive = await open(versions);
    await verifyLog({ log: archive, listing: archive, key: signer.key });
    const folder = await emptyFolder();
    await pullLog(archive, folderLogCopy(folder));
    const pulled = folderLogArchive(folder);
    const verified = await verifyLog({ log: pulled, listing: pulled, key: signer.key, allRecords: true });
    expect(verified).toMatchObject({ size: 700, payloads: 7, checkpoints: 4, notChecked: [] });
  });

  test("holds a version that was put over a tile, which the copy shows as well", async () => {
    const { versions } = await recordLog([300], signer);
    versions.set("tile/0/000", [Buffer.from("first"), ...(versions.get("tile/0/000") ?? [])]);
    const folder = await emptyFolder();
    await pullLog(await open(versions), folderLogCopy(folder));
    const pulled = folderLogArchive(folder);
    await expect(verifyLog({ log: pulled, listing: pulled, key: signer.key })).rejects.toThrow(
      /^tile\/0\/000 has 2 versions/,
    );
  });
});

describe("a pull", () => {
  test("goes on where it stopped, and never leaves half a file", async () => {
    const { versions } = await recordLog([300], signer);
    const folder = await emptyFolder();
    const copy = folderLogCopy(folder);
    let writes = 0;
    const failing = {
      ...copy,
      write: (path: string, bytes: Uint8Array) => {
        writes += 1;
        return writes > 6 ? Promise.reject(new Error("the disk is full")) : copy.write(path, bytes);
      },
    };
    await expect(pullLog(memoryLogArchive(versions), failing)).rejects.toThrow("the disk is full");
    expect(await folderLogArchive(folder).read("checkpoint")).toBeUndefined();
    const { copied, kept } = await pullLog(memoryLogArchive(versions), copy);
    expect(kept).toBeGreaterThan(0);
    expect(copied + kept).toBe(versions.size + 1);
    const again = await pullLog(memoryLogArchive(versions), copy);
    expect(again).toMatchObject({ copied: 2, kept: versions.size - 1 });
  });

  test("waits for the first checkpoint", async () => {
    const pulling = pullLog(memoryLogArchive(new Map()), folderLogCopy(await emptyFolder()));
    await expect(pulling).rejects.toMatchObject({
      code: "UNAVAILABLE",
      message: expect.stringMatching(/no checkpoint yet/),
    });
  });

  test.each(["../outside", "tile/../../outside", "/etc/outside", "tile/./x", ""])(
    "never leaves its folder for %j",
    async (path) => {
      const folder = await emptyFolder();
      await expect(folderLogCopy(folder).write(path, Buffer.of(1))).rejects.toThrow(RangeError);
      await writeFile(join(folder, "..", "gatebook-outside"), "");
      onTestFinished(() => rm(join(folder, "..", "gatebook-outside"), { force: true }));
      expect(await folderLogArchive(folder).read("../gatebook-outside")).toBeUndefined();
    },
  );
});

describe("a log on a web server", () => {
  async function serve(answer: (path: string) => { status: number; body?: Uint8Array }): Promise<URL> {
    const server = createServer((request, response) => {
      const { status, body = Buffer.of() } = answer(request.url ?? "");
      response.writeHead(status).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/log`);
  }

  test("verifies", async () => {
    const { versions } = await recordLog([300], signer);
    const url = await serve((path) => {
      const body = versions.get(path.slice("/log/".length))?.at(-1);
      return body === undefined ? { status: 404 } : { status: 200, body };
    });
    expect(await verifyLog({ log: httpLogSource(url), listing: undefined, key: signer.key })).toMatchObject({
      size: 300,
    });
  });

  test("that points elsewhere for what is too large is followed once, and the signature stays with it", async () => {
    const seen: unknown[] = [];
    const serveWith = async (name: string, location?: string): Promise<URL> => {
      const server = createServer(({ url, headers: { authorization } }, response) => {
        seen.push([name, url, authorization]);
        if (location === undefined) response.writeHead(200).end("bytes");
        else response.writeHead(307, { location }).end();
      });
      await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
      onTestFinished(() => void server.close());
      return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/log`);
    };
    const store = await serveWith("store");
    const api = await serveWith("api", store.href);
    const sign = async ({ pathname }: URL) => ({ authorization: `signed ${pathname}` });
    expect(Buffer.from((await httpLogSource(api, sign).read("tile/0/000")) ?? []).toString()).toBe("bytes");
    expect(seen).toEqual([
      ["api", "/log/tile/0/000", "signed /log/tile/0/000"],
      ["store", "/log", undefined],
    ]);
    const elsewhere = await serveWith("again", api.href);
    await expect(httpLogSource(elsewhere).read("checkpoint")).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });

  test("is asked again when it fails, and not when it refuses", async () => {
    let failures = 0;
    const busy = await serve(() => {
      failures += 1;
      return failures === 1 ? { status: 503 } : { status: 200, body: Buffer.from("x") };
    });
    expect(await httpLogSource(busy).read("checkpoint")).toHaveLength(1);
    const refusing = await serve(() => ({ status: 403 }));
    await expect(httpLogSource(refusing).read("checkpoint")).rejects.toThrow(/checkpoint answers 403/);
  });
});
