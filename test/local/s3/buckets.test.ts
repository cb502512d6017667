/** Buckets over AWS's SDK: their life and their configuration, and what is refused instead of being passed over. */
import * as s3 from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { failure, type S3Server, startS3 } from "./s3-server.ts";

let server: S3Server;
let count = 0;
let Bucket: string;
beforeAll(async () => {
  server = await startS3();
});
afterAll(() => server.close());
beforeEach(async () => {
  Bucket = `bucket-${count++}`;
  await server.client.send(new s3.CreateBucketCommand({ Bucket }));
});

describe("a bucket", () => {
  test("is there once, until it is deleted", async () => {
    expect(await failure(server.client.send(new s3.CreateBucketCommand({ Bucket })))).toEqual({
      name: "BucketAlreadyOwnedByYou",
      status: 409,
    });
    const { Buckets = [] } = await server.client.send(new s3.ListBucketsCommand({}));
    expect(Buckets.map(({ Name }) => Name)).toContain(Bucket);
    await server.client.send(new s3.HeadBucketCommand({ Bucket }));
    await server.client.send(new s3.DeleteBucketCommand({ Bucket }));
    expect(await failure(server.client.send(new s3.HeadBucketCommand({ Bucket })))).toEqual({
      name: "NotFound",
      status: 404,
    });
    await server.restart();
    await server.client.send(new s3.CreateBucketCommand({ Bucket }));
  });

  test("of one name is created by one of many callers at once", async () => {
    const creations = Array.from({ length: 8 }, () =>
      server.client.send(new s3.CreateBucketCommand({ Bucket: `${Bucket}-race` })),
    );
    const settled = await Promise.allSettled(creations);
    expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("is deleted only once it is empty of versions", async () => {
    const VersioningConfiguration = { Status: "Enabled" as const };
    await server.client.send(new s3.PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    await server.client.send(new s3.DeleteObjectCommand({ Bucket, Key: "only a marker" }));
    expect(await failure(server.client.send(new s3.DeleteBucketCommand({ Bucket })))).toEqual({
      name: "BucketNotEmpty",
      status: 409,
    });
  });

  test("is where the local cloud is", async () => {
    const { LocationConstraint } = await server.client.send(new s3.GetBucketLocationCommand({ Bucket }));
    expect(LocationConstraint).toBe("eu-west-1");
    const elsewhere = new s3.CreateBucketCommand({
      Bucket: "elsewhere",
      CreateBucketConfiguration: { LocationConstraint: "ap-south-1" },
    });
    expect(await failure(server.client.send(elsewhere))).toMatchObject({ name: "IllegalLocationConstraintException" });
  });

  test("has what S3 gives every new bucket: no public access, no ACLs, encryption", async () => {
    const access = await server.client.send(new s3.GetPublicAccessBlockCommand({ Bucket }));
    expect(access.PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    const { OwnershipControls } = await server.client.send(new s3.GetBucketOwnershipControlsCommand({ Bucket }));
    expect(OwnershipControls?.Rules).toEqual([{ ObjectOwnership: "BucketOwnerEnforced" }]);
    const encryption = await server.client.send(new s3.GetBucketEncryptionCommand({ Bucket }));
    expect(encryption.ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault).toEqual({
      SSEAlgorithm: "AES256",
    });
    expect((await server.client.send(new s3.GetBucketVersioningCommand({ Bucket }))).Status).toBeUndefined();
  });
});

describe("a configuration", () => {
  test("survives a restart", async () => {
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Deny", Sid: "<&>" }] });
    const Rules = [
      { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" as const, KMSMasterKeyID: "key-1" } },
    ];
    await server.client.send(new s3.PutBucketPolicyCommand({ Bucket, Policy }));
    await server.client.send(
      new s3.PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }),
    );
    await server.restart();
    expect((await server.client.send(new s3.GetBucketPolicyCommand({ Bucket }))).Policy).toBe(Policy);
    expect(server.service.bucketPolicy(Bucket)).toBe(Policy);
    const stored = await server.client.send(new s3.PutObjectCommand({ Bucket, Key: "k", Body: "x" }));
    expect(stored).toMatchObject({ ServerSideEncryption: "aws:kms", SSEKMSKeyId: "key-1" });
    await server.client.send(new s3.DeleteBucketPolicyCommand({ Bucket }));
    expect(await failure(server.client.send(new s3.GetBucketPolicyCommand({ Bucket })))).toEqual({
      name: "NoSuchBucketPolicy",
      status: 404,
    });
    expect(server.service.bucketPolicy(Bucket)).toBeUndefined();
  });

  test("keeps changes of several parts made at once", async () => {
    const PublicAccessBlockConfiguration = { BlockPublicAcls: false };
    await Promise.all([
      server.client.send(new s3.PutBucketPolicyCommand({ Bucket, Policy: '{"Statement":[]}' })),
      server.client.send(new s3.PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration })),
      server.client.send(new s3.PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } })),
    ]);
    await server.restart();
    expect((await server.client.send(new s3.GetBucketPolicyCommand({ Bucket }))).Policy).toBe('{"Statement":[]}');
    const access = await server.client.send(new s3.GetPublicAccessBlockCommand({ Bucket }));
    expect(access.PublicAccessBlockConfiguration).toEqual(PublicAccessBlockConfiguration);
    expect((await server.client.send(new s3.GetBucketVersioningCommand({ Bucket }))).Status).toBe("Enabled");
  });

  test.each(["not json", "[]x", '"text"', "{}"])("that is the policy %j is refused", async (Policy) => {
    expect(await failure(server.client.send(new s3.PutBucketPolicyCommand({ Bucket, Policy })))).toEqual({
      name: "MalformedPolicy",
      status: 400,
    });
  });

  test.each([
    ["versioning", "<VersioningConfiguration><Status>Paused</Status></VersioningConfiguration>"],
    ["versioning", "<VersioningConfiguration><Status>Enabled</Status>"],
    [
      "versioning",
      "<!DOCTYPE x [<!ENTITY e 'Enabled'>]><VersioningConfiguration><Status>&e;</Status></VersioningConfiguration>",
    ],
    ["versioning", `${"<a>".repeat(1000)}${"</a>".repeat(1000)}`],
    ["encryption", "<ServerSideEncryptionConfiguration/>"],
    [
      "ownershipControls",
      "<OwnershipControls><Rule><ObjectOwnership>Nobody</ObjectOwnership></Rule></OwnershipControls>",
    ],
    [
      "publicAccessBlock",
      "<PublicAccessBlockConfiguration><BlockPublicAcls>maybe</BlockPublicAcls></PublicAccessBlockConfiguration>",
    ],
    ["lifecycle", "<LifecycleConfiguration/>"],
  ])("for %s that is %s is MalformedXML", async (resource, body) => {
    const reply = await fetch(`${server.url}/${Bucket}?${resource}`, { method: "PUT", body });
    expect([reply.status, await reply.text()]).toEqual([400, expect.stringContaining("<Code>MalformedXML</Code>")]);
  });
});

describe("what is not implemented", () => {
  test.each([
    ["POST", "/key?uploads", "CreateMultipartUpload"],
    ["PUT", "/key?partNumber=1&uploadId=x", "UploadPart"],
    ["GET", "", "ListObjects"],
    ["GET", "/key?acl", "GET object acl"],
    ["GET", "/key?attributes", "GetObjectAttributes"],
    ["PUT", "?replication", "PUT bucket replication"],
    ["PATCH", "/key", "PATCH object"],
  ])("says so: %s %s is %s", async (method, path, name) => {
    const reply = await fetch(`${server.url}/${Bucket}${path}`, { method });
    const body = await reply.text();
    expect(reply.status).toBe(501);
    expect(body).toContain("<Code>NotImplemented</Code>");
    expect(body).toContain(`does not implement ${name}<`);
  });

  test.each([
    [{ SSECustomerAlgorithm: "AES256", SSECustomerKey: "0".repeat(32) }, "NotImplemented"],
    [{ WebsiteRedirectLocation: "/elsewhere" }, "NotImplemented"],
    [{ ACL: "public-read" as const }, "AccessControlListNotSupported"],
    [{ GrantRead: "id=x" }, "AccessControlListNotSupported"],
    [{ ExpectedBucketOwner: "111122223333" }, "AccessDenied"],
    [{ ServerSideEncryption: "rot13" as s3.ServerSideEncryption }, "InvalidArgument"],
    [{ StorageClass: "FLOPPY" as s3.StorageClass }, "InvalidStorageClass"],
    [{ Metadata: { large: "x".repeat(2048) } }, "MetadataTooLarge"],
  ])("is refused on a put: %j", async (input, name) => {
    const put = server.client.send(new s3.PutObjectCommand({ Bucket, Key: "k", Body: "x", ...input }));
    expect(await failure(put)).toMatchObject({ name });
  });
});

test("an error names its code, resource and request, and has no body on HEAD", async () => {
  const reply = await fetch(`${server.url}/${Bucket}/a%20b`);
  const id = reply.headers.get("x-amz-request-id");
  expect(await reply.text()).toBe(
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message><Resource>/${Bucket}/a%20b</Resource><RequestId>${id}</RequestId></Error>`,
  );
  const head = await fetch(`${server.url}/${Bucket}/a%20b`, { method: "HEAD" });
  expect([head.status, await head.text()]).toEqual([404, ""]);
});
