/** A bucket with Object Lock, new for each test, and the calls that the tests of locks make on it. */
import { randomUUID } from "node:crypto";
import * as s3 from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { DAY_MS, type S3Server, START_TIME, startS3 } from "./s3-server.ts";

export const KEY = "tile/0/000";
export const LOCKED = { name: "AccessDenied", status: 403 };

export interface LockBucket {
  readonly server: S3Server;
  /** Its name. */
  name: string;
  inDays(days: number): Date;
  put(input?: Partial<s3.PutObjectCommandInput>): Promise<string>;
  putLocked(mode: s3.ObjectLockMode, days?: number): Promise<string>;
  remove(versionId: string, bypass?: boolean): Promise<unknown>;
  retain(versionId: string, mode: s3.ObjectLockRetentionMode, days: number, bypass?: boolean): Promise<unknown>;
  hold(versionId: string, status: "ON" | "OFF"): Promise<unknown>;
  read(versionId?: string): Promise<string | undefined>;
  retentionOf(versionId: string): Promise<s3.ObjectLockRetention | undefined>;
  setDefault(retention: s3.DefaultRetention): Promise<unknown>;
}

/** Call it at the top of a test file: it starts and stops the server around the tests. */
export function lockBucket(): LockBucket {
  let server: S3Server;
  beforeAll(async () => {
    server = await startS3();
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    server.time = START_TIME;
    bucket.name = `evidence-${randomUUID()}`;
    await server.client.send(new s3.CreateBucketCommand({ Bucket: bucket.name, ObjectLockEnabledForBucket: true }));
  });
  const at = (VersionId?: string) => ({ Bucket: bucket.name, Key: KEY, ...(VersionId && { VersionId }) });
  const bypassing = (bypass?: boolean) => (bypass === true ? { BypassGovernanceRetention: true } : {});
  const bucket: LockBucket = {
    get server() {
      return server;
    },
    name: "",
    inDays: (days) => new Date(server.time + days * DAY_MS),
    async put(input = {}) {
      const { VersionId } = await server.client.send(
        new s3.PutObjectCommand({ ...at(), Body: "leaf hashes", ...input }),
      );
      return VersionId ?? "";
    },
    putLocked: (mode, days = 10) =>
      bucket.put({ ObjectLockMode: mode, ObjectLockRetainUntilDate: bucket.inDays(days) }),
    remove: (versionId, bypass) =>
      server.client.send(new s3.DeleteObjectCommand({ ...at(versionId), ...bypassing(bypass) })),
    retain: (versionId, mode, days, bypass) => {
      const Retention = { Mode: mode, RetainUntilDate: bucket.inDays(days) };
      return server.client.send(
        new s3.PutObjectRetentionCommand({ ...at(versionId), Retention, ...bypassing(bypass) }),
      );
    },
    hold: (versionId, Status) =>
      server.client.send(new s3.PutObjectLegalHoldCommand({ ...at(versionId), LegalHold: { Status } })),
    async read(versionId) {
      const { Body } = await server.client.send(new s3.GetObjectCommand(at(versionId)));
      return Body?.transformToString();
    },
    async retentionOf(versionId) {
      return (await server.client.send(new s3.GetObjectRetentionCommand(at(versionId)))).Retention;
    },
    setDefault: (DefaultRetention) =>
      server.client.send(
        new s3.PutObjectLockConfigurationCommand({
          Bucket: bucket.name,
          ObjectLockConfiguration: { ObjectLockEnabled: "Enabled", Rule: { DefaultRetention } },
        }),
      ),
  };
  return bucket;
}
