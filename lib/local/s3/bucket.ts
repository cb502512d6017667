/** One bucket on disk: `bucket.json`, and a JSON and a body for each version, named by the version's id and never by its key. */
import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { type BucketIndex, bucketIndex } from "./bucket-index.ts";
import { BucketState } from "./bucket-state.ts";
import { type Turns, turns } from "./turns.ts";
import { type Draft, Version } from "./version.ts";
import type { Scratch } from "./whole-file.ts";

export interface Bucket {
  readonly state: BucketState;
  readonly index: BucketIndex;
  /** Whoever reads a key's versions and then changes them does so in one turn under that key. */
  readonly turns: Turns;
  changeState(change: Partial<BucketState>): Promise<void>;
  /** Stores a new version on top of its key; without versioning it takes the place of the key's `null` version. Durable once it resolves. */
  add(draft: Draft, body: Buffer, at: number): Promise<Version>;
  /** Stores changed properties of a version. Its bytes never change. */
  change(version: Version, change: Partial<Version>): Promise<Version>;
  remove(version: Version): Promise<void>;
  read(version: Version, start?: number, length?: number): Promise<Buffer>;
}

export const STATE_FILE = "bucket.json";
const VERSIONS_FOLDER = "versions";
const ORDER_DIGITS = 12;
const RANDOM_BYTES = 10;
const NO_BODY = Buffer.alloc(0);

export async function openBucket(directory: string, scratch: Scratch, created?: BucketState): Promise<Bucket> {
  if (created !== undefined) {
    await scratch.write(join(directory, STATE_FILE), JSON.stringify(created));
  }
  let state = readJson(join(directory, STATE_FILE), BucketState);
  const index = bucketIndex(created === undefined ? loadVersions(directory) : []);
  const nextId = idsAfter(index);
  const pathOf = (version: Version, kind: "json" | "body"): string => fileOf(directory, version.id, kind);

  async function remove(version: Version): Promise<void> {
    // The JSON is what makes a version: a crash between the two leaves a body that the next start sweeps.
    await rm(pathOf(version, "json"));
    index.remove(version);
    await rm(pathOf(version, "body"), { force: true });
  }

  return {
    get state() {
      return state;
    },
    index,
    turns: turns(),
    async changeState(change) {
      const next = { ...state, ...change };
      await scratch.write(join(directory, STATE_FILE), JSON.stringify(next));
      state = next;
    },
    async add(draft, body, at) {
      const version = { ...draft, id: nextId(), isNull: state.versioning !== "Enabled", lastModified: at };
      const replaced = version.isNull ? index.versionsOf(draft.key).find((each) => each.isNull) : undefined;
      if (body.length > 0) {
        await scratch.write(pathOf(version, "body"), body);
      }
      await scratch.write(pathOf(version, "json"), JSON.stringify(version));
      index.add(version);
      if (replaced !== undefined) {
        await remove(replaced);
      }
      return version;
    },
    async change(version, change) {
      const changed = { ...version, ...change };
      await scratch.write(pathOf(version, "json"), JSON.stringify(changed));
      index.replace(changed);
      return changed;
    },
    remove,
    async read(version, start = 0, length = version.size) {
      return length === 0 ? NO_BODY : readPart(pathOf(version, "body"), start, length);
    },
  };
}

async function readPart(path: string, start: number, length: number): Promise<Buffer> {
  await using file = await open(path);
  const part = Buffer.alloc(length);
  for (let read = 0; read < length; ) {
    const { bytesRead } = await file.read(part, read, length - read, start + read);
    if (bytesRead === 0) {
      throw new Error(`${path} is shorter than its version says: it was changed from outside`);
    }
    read += bytesRead;
  }
  return part;
}

/** Synchronous: tens of thousands of small files are read several times faster so, and nothing is served yet. */
function loadVersions(directory: string): readonly Version[] {
  const files = versionFiles(directory);
  const versions = files.filter((file) => file.endsWith(".json")).map((file) => readJson(file, Version));
  const bodies = new Set(versions.map((version) => fileOf(directory, version.id, "body")));
  for (const orphan of files.filter((file) => file.endsWith(".body") && !bodies.has(file))) {
    rmSync(orphan);
  }
  return withoutReplaced(versions, directory);
}

// Level by level: readdir's own recursion asks the disk about every single file.
function versionFiles(directory: string): readonly string[] {
  const root = join(directory, VERSIONS_FOLDER);
  const folders = existsSync(root) ? readdirSync(root).map((name) => join(root, name)) : [];
  return folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
}

/** A crash can leave a `null` version beside the one that took its place: the newest counts. */
function withoutReplaced(versions: readonly Version[], directory: string): readonly Version[] {
  const newest = new Map<string, string>();
  for (const { id, key } of versions.filter((version) => version.isNull)) {
    newest.set(key, [id, newest.get(key) ?? ""].toSorted().at(-1) ?? id);
  }
  return versions.filter((version) => {
    const isReplaced = version.isNull && newest.get(version.key) !== version.id;
    if (isReplaced) {
      rmSync(fileOf(directory, version.id, "json"));
      rmSync(fileOf(directory, version.id, "body"), { force: true });
    }
    return !isReplaced;
  });
}

// 256 folders, chosen by the random end of the id, keep each of them small.
function fileOf(directory: string, id: string, kind: "json" | "body"): string {
  return join(directory, VERSIONS_FOLDER, id.slice(-2), `${id}.${kind}`);
}

function idsAfter(index: BucketIndex): () => string {
  const newest = index.keys.flatMap((key) => index.versionsOf(key)[0]?.id.slice(0, ORDER_DIGITS) ?? []);
  let order = newest.reduce((most, each) => Math.max(most, Number.parseInt(each, 16)), 0);
  return () => {
    order++;
    return order.toString(16).padStart(ORDER_DIGITS, "0") + randomBytes(RANDOM_BYTES).toString("hex");
  };
}

function readJson<T>(path: string, schema: { parse(value: unknown): T }): T {
  try {
    return schema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (cause) {
    throw new Error(`${path} is not what the local S3 wrote: restore it, or remove the local cloud's folder`, {
      cause,
    });
  }
}
