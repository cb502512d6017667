/** The log is served as C2SP says, to the byte, and nothing else of the bucket is. */
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { memoryLogSource } from "../../../lib/adapters/memory-log-stores.ts";
import { bundlePath, tilePath } from "../../../lib/core/evidence/tile-path.ts";
import { logPathKind } from "../../../lib/core/log-server/log-path.ts";
import { MAX_REPLY_BYTES, serveLog } from "../../../lib/core/log-server/serve-log.ts";

const HASH = "0123456789abcdef".repeat(4);
const LAMBDA_LIMIT_BYTES = 6 * 1024 * 1024;
const text = Buffer.from("entries of a log, ".repeat(100));
const noise = (length: number): Buffer => {
  const bytes = Buffer.alloc(length);
  let state = 1;
  for (let i = 0; i < length; i += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
};
const objects = new Map<string, Uint8Array>([
  ["checkpoint", Buffer.from("log.example\n3\n")],
  ["tile/0/000", Buffer.alloc(8_192, 7)],
  ["tile/entries/000", text],
  ["tile/entries/001", noise(MAX_REPLY_BYTES + 1)],
  ["tile/entries/002", noise(MAX_REPLY_BYTES - 10_000)],
  ["tile/entries/003", Buffer.alloc(MAX_REPLY_BYTES + 1, "a")],
  [`payload/${HASH}`, text],
  ["staged/secret", text],
  ["shard/2/checkpoint", Buffer.from("log.example/2\n3\n")],
  ["shard/2/tile/entries/000", text],
  ["shard/2/tile/entries/001", noise(MAX_REPLY_BYTES + 1)],
  ["shard/2/staged", text],
  ["shard/02/checkpoint", text],
  ["shard/16/checkpoint", text],
  ["shard/2/shard/3/checkpoint", text],
]);

async function get(path: string, acceptEncoding?: string) {
  const presign = async (key: string): Promise<string> => `https://signed.example/${key}`;
  const reply = await serveLog({ path, acceptEncoding }, { log: memoryLogSource(objects), presign });
  const body = Buffer.from(reply.body, reply.isBase64Encoded ? "base64" : "utf8");
  return { status: reply.statusCode, headers: reply.headers, body };
}

test("a checkpoint is text that no cache keeps", async () => {
  expect(await get("checkpoint", "gzip")).toEqual({
    status: 200,
    headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-cache" },
    body: objects.get("checkpoint"),
  });
});

test("a shard's objects are served below it as those of a log are, and nothing else there is", async () => {
  expect(await get("shard/2/checkpoint")).toMatchObject({ status: 200, body: objects.get("shard/2/checkpoint") });
  expect(await get("shard/2/tile/entries/000", "gzip")).toMatchObject({ headers: { "content-encoding": "gzip" } });
  expect((await get("shard/2/tile/entries/001")).headers).toMatchObject({
    location: "https://signed.example/shard/2/tile/entries/001",
  });
  for (const path of [
    "shard/2/staged",
    "shard/02/checkpoint",
    "shard/16/checkpoint",
    "shard/2/shard/3/checkpoint",
    "shard/2/../checkpoint",
    "shard/2/",
    "shard/2//checkpoint",
    "shard/0/checkpoint",
  ]) {
    expect((await get(path)).status).toBe(404);
  }
});

test("a tile is bytes that never change, and is not compressed", async () => {
  expect(await get("tile/0/000", "gzip, br")).toEqual({
    status: 200,
    headers: { "content-type": "application/octet-stream", "cache-control": "max-age=604800, immutable" },
    body: objects.get("tile/0/000"),
  });
});

describe("entries and payloads are compressed", () => {
  test.each(["gzip", "br, gzip;q=0.5", "GZIP", "*", "deflate,  gzip ; q=1"])("for %j", async (acceptEncoding) => {
    for (const path of ["tile/entries/000", `payload/${HASH}`]) {
      const { headers, body } = await get(path, acceptEncoding);
      expect(headers).toEqual({
        "content-type": "application/octet-stream",
        "cache-control": "max-age=604800, immutable",
        "content-encoding": "gzip",
        vary: "accept-encoding",
      });
      expect(gunzipSync(body)).toEqual(text);
    }
  });

  test.each([undefined, "", "identity", "gzip;q=0", "gzip;q=0, *", "br", "xgzip", ";;;,,,", "gzip;q=x"])(
    "but not for %j",
    async (acceptEncoding) => {
      const { headers, body } = await get("tile/entries/000", acceptEncoding);
      expect([headers["content-encoding"], headers["vary"], body]).toEqual([undefined, "accept-encoding", text]);
    },
  );

  test("but not where it would make them larger", async () => {
    const { headers, body } = await get("tile/entries/002", "gzip");
    expect([headers["content-encoding"], body.byteLength]).toEqual([undefined, MAX_REPLY_BYTES - 10_000]);
  });
});

test("what does not fit an answer of Lambda is to be fetched from S3, and what fits when compressed is not", async () => {
  for (const acceptEncoding of ["gzip", undefined]) {
    expect(await get("tile/entries/001", acceptEncoding)).toEqual({
      status: 307,
      headers: { location: "https://signed.example/tile/entries/001", "cache-control": "no-store" },
      body: Buffer.of(),
    });
  }
  expect((await get("tile/entries/003")).status).toBe(307);
  expect((await get("tile/entries/003", "gzip")).status).toBe(200);
  expect(Buffer.alloc(MAX_REPLY_BYTES).toString("base64").length).toBeLessThan(LAMBDA_LIMIT_BYTES - 100_000);
});

test.each([
  ["tile/0/001", /partial/],
  ["tile/entries/000.p/7", /partial/],
  [`payload/${"0".repeat(64)}`, /no payload/],
])("%s, which is not there, is a problem with the next step, and may be there later", async (path, detail) => {
  const { status, headers, body } = await get(path);
  expect([status, headers["content-type"], headers["cache-control"]]).toEqual([
    404,
    "application/problem+json",
    "no-cache",
  ]);
  expect(JSON.parse(body.toString())).toMatchObject({ status: 404, detail: expect.stringMatching(detail) });
});

describe("hostile paths", () => {
  const HOSTILE = [
    "",
    "/",
    "/checkpoint",
    "checkpoint/",
    "checkpoint\n",
    "Checkpoint",
    "staged/secret",
    "../staged/secret",
    "tile/../staged/secret",
    "tile/0/../../staged/secret",
    "tile/0/%2e%2e/secret",
    "tile//0/000",
    "tile/00/000",
    "tile/64/000",
    "tile/0/1",
    "tile/0/x001",
    "tile/0/x000/001",
    "tile/0/x001/x002",
    "tile/0/000.p/0",
    "tile/0/000.p/01",
    "tile/0/000.p/256",
    "tile/0/000.p",
    "tile/entries/000.p/7/",
    "tile/entries/000\0",
    "tile/data/000",
    `payload/${HASH.toUpperCase()}`,
    `payload/${HASH}0`,
    "payload/..",
    `tile/0/${"x001/".repeat(100_000)}000`,
  ];
  test.each(HOSTILE.map((path) => [path.slice(0, 60), path]))("%j is no path of a log", async (_, path) => {
    expect(logPathKind(path)).toBeUndefined();
    expect((await get(path)).status).toBe(404);
  });

  test("whatever is asked, nothing outside the log is read", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.string({ unit: fc.constantFrom("tile/", "x", "000", ".p/", "../", "%2f", "7", "payload/") }),
        ),
        async (path) => {
          const log = {
            read: async (key: string) => {
              expect(key).toMatch(
                /^(?:checkpoint|tile\/(?:entries|\d+)\/[x\d/]*\d{3}(?:\.p\/\d+)?|payload\/[0-9a-f]{64})$/,
              );
              return undefined;
            },
          };
          const reply = await serveLog({ path, acceptEncoding: path }, { log, presign: async () => "" });
          expect(reply.statusCode).toBe(404);
        },
      ),
    );
  });
});

test("every path that the log writes is one that it serves", () => {
  fc.assert(
    fc.property(fc.nat(2 ** 31), fc.nat(7), fc.integer({ min: 1, max: 256 }), (index, level, width) => {
      expect(logPathKind(tilePath(level, index, width))).toBe("tile");
      expect(logPathKind(bundlePath(index, width))).toBe("entries");
    }),
  );
});
