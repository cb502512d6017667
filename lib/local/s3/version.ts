/** What is kept of one version of an object beside its bytes. */
import * as z from "zod";

export const LOCK_MODES = ["COMPLIANCE", "GOVERNANCE"] as const;

export const Retention = z.object({
  mode: z.enum(LOCK_MODES),
  /** Epoch milliseconds: the lock holds while the clock is before it. */
  until: z.number(),
});
export type Retention = z.infer<typeof Retention>;

// Not z.record, which drops a member named __proto__: clients name tags and metadata.
const Texts = z.custom<Readonly<Record<string, string>>>(
  (value) =>
    typeof value === "object" && value !== null && Object.values(value).every((text) => typeof text === "string"),
);

export const Version = z.object({
  /** Names the files of this version. Begins with its place in the order of writes, so that a marker of a version since gone still has its place. */
  id: z.string().regex(/^[0-9a-f]{32}$/),
  key: z.string(),
  /** Whether clients know it as version `null`: written while versioning was not on. */
  isNull: z.boolean(),
  isDeleteMarker: z.boolean(),
  /** Epoch milliseconds. */
  lastModified: z.number(),
  size: z.number().int(),
  /** MD5 of the bytes in hex. */
  md5: z.string(),
  checksum: z.object({ algorithm: z.string(), value: z.string() }).optional(),
  /** Standard headers that are given back as they came: content-type and the like. */
  headers: Texts,
  /** x-amz-meta-*, without the prefix. */
  metadata: Texts,
  tags: Texts,
  storageClass: z.string(),
  encryption: z.object({ algorithm: z.string(), keyId: z.string().optional() }).optional(),
  retention: Retention.optional(),
  legalHold: z.enum(["ON", "OFF"]).optional(),
});
export type Version = Readonly<z.infer<typeof Version>>;

/** What an operation decides about a new version; the bucket adds its name and time. */
export type Draft = Omit<Version, "id" | "lastModified" | "isNull">;

export function versionIdOf(version: Version): string {
  return version.isNull ? "null" : version.id;
}

export function etagOf(version: Version): string {
  return `"${version.md5}"`;
}

/** A delete marker has no bytes and nothing else to tell. */
export function deleteMarkerOf(key: string): Draft {
  return {
    key,
    isDeleteMarker: true,
    size: 0,
    md5: "",
    headers: {},
    metadata: {},
    tags: {},
    storageClass: "STANDARD",
  };
}
