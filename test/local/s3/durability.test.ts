/** What was answered is on the disk, whole, whenever the process is killed; what was not is swept. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type S3Service, s3Service } from "../../../lib/local/s3/service.ts";
import { PUT_FOREVER } from "./put-forever.ts";
import { callOf } from "./s3-call.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "local-s3-"));
});
afterEach(() => rm(directory, { recursive: true }));

const open = (): Promise<S3Service> => s3Service({ directory, now: () => 0 });
const bodyOf = async (service: S3Service, path: string): Promise<string> =>
  String((await service.handle(callOf("GET", path), "GetObject")).body);
async function files(ending: string): Promise<readonly string[]> {
  const names = await readdir(join(directory, "buckets"), { recursive: true });
  return names.filter((name) => name.endsWith(ending)).map((name) => join(directory, "buckets", name));
}
async function withObject(): Promise<string> {
  const service = await open();
  await service.handle(callOf("PUT", "/bucket"), "CreateBucket");
  await service.handle(callOf("PUT", "/bucket/key", "first"), "PutObject");
  const [file = ""] = (await files(".json")).filter((name) => !name.endsWith("bucket.json"));
  return file;
}

test.each([1, 40, 150])("a process killed after %i answers has kept each of them", async (answers) => {
  const writer = spawn(process.execPath, [PUT_FOREVER, directory], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const answered: string[] = [];
  for await (const line of createInterface({ input: writer.stdout })) {
    answered.push(line);
    if (answered.length === answers + 1) {
      writer.kill("SIGKILL");
    }
  }
  if (writer.exitCode === null && writer.signalCode === null) {
    await once(writer, "exit");
  }
  const service = await open();
  for (const key of answered.slice(1)) {
    expect(await bodyOf(service, `/crash/${key}`)).toBe(`${key}:`.repeat(2000));
  }
  const bodies = await files(".body");
  expect(bodies).toHaveLength((await files(".json")).length - 1);
  expect(await readdir(join(directory, "unfinished"))).toEqual([]);
});

describe("on start", () => {
  test("a body whose version was never written is swept", async () => {
    const version = await withObject();
    await writeFile(join(dirname(version), `${"f".repeat(32)}.body`), "orphan");
    const service = await open();
    expect(await files(".body")).toHaveLength(1);
    expect(await bodyOf(service, "/bucket/key")).toBe("first");
  });

  test("of two null versions left by a crash the newer counts", async () => {
    const older = await withObject();
    const kept = [await readFile(older), await readFile(older.replace(".json", ".body"))] as const;
    const service = await open();
    await service.handle(callOf("PUT", "/bucket/key", "second"), "PutObject");
    await mkdir(dirname(older), { recursive: true });
    await writeFile(older, kept[0]);
    await writeFile(older.replace(".json", ".body"), kept[1]);
    const restarted = await open();
    expect(await bodyOf(restarted, "/bucket/key")).toBe("second");
    expect(await files(".body")).toHaveLength(1);
  });

  test("a bucket whose creation was cut off is not there, and can be created", async () => {
    await mkdir(join(directory, "buckets", "half"), { recursive: true });
    const service = await open();
    expect((await service.handle(callOf("HEAD", "/half"), "HeadBucket")).status).toBe(404);
    expect((await service.handle(callOf("PUT", "/half"), "CreateBucket")).status).toBe(200);
  });

  test.each(["", "{", '{"key":"key"}'])(
    "a version that was changed to %j from outside stops it, by name",
    async (text) => {
      const version = await withObject();
      await writeFile(version, text);
      await expect(open()).rejects.toThrow(version);
    },
  );

  test("metadata and tags are there by any name", async () => {
    const service = await open();
    await service.handle(callOf("PUT", "/bucket"), "CreateBucket");
    const headers = JSON.parse('{"x-amz-meta-__proto__":"m","x-amz-tagging":"__proto__=t&constructor=c"}');
    await service.handle(callOf("PUT", "/bucket/key", "x", headers), "PutObject");
    const restarted = await open();
    const found = await restarted.handle(callOf("GET", "/bucket/key"), "GetObject");
    expect(found.headers).toMatchObject({ "x-amz-meta-__proto__": "m", "x-amz-tagging-count": "2" });
    const tags = await restarted.handle(callOf("GET", "/bucket/key?tagging"), "GetObjectTagging");
    expect(String(tags.body)).toContain("<Tag><Key>__proto__</Key><Value>t</Value></Tag>");
  });
});
