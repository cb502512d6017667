/** Errors in the wire form of each protocol, as AWS's own SDK reads them. */
import { IAMClient, ListUsersCommand } from "@aws-sdk/client-iam";
import { KMSClient, ListKeysCommand } from "@aws-sdk/client-kms";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { ListTopicsCommand, SNSClient } from "@aws-sdk/client-sns";
import { describe, expect, test } from "vitest";
import { AwsError, type AwsService } from "../../../lib/local/aws-service.ts";
import { echo, grant, ROLE, ROLE_KEY, startWorld, type World } from "./world.ts";

type ClientConfig = ReturnType<World["client"]>;

function failing(error: unknown): AwsService {
  return {
    ...echo(),
    handle: () => Promise.reject(error),
  };
}

describe("an error is one that the SDK of its protocol understands:", () => {
  const calls: readonly ((config: ClientConfig) => Promise<unknown>)[] = [
    (config) => new S3Client(config).send(new ListBucketsCommand({})),
    (config) => new KMSClient(config).send(new ListKeysCommand({})),
    (config) => new SNSClient(config).send(new ListTopicsCommand({})),
    (config) => new IAMClient(config).send(new ListUsersCommand({})),
  ];

  test.each([0, 1, 2, 3])("unknown keys (%#)", async (index) => {
    const { client } = await startWorld({});
    const call = calls[index]?.(client("NOBODY"));
    await expect(call).rejects.toMatchObject({ name: "InvalidClientTokenId", $metadata: { httpStatusCode: 403 } });
  });

  test.each([0, 1, 2, 3])("unknown services (%#)", async (index) => {
    const { client } = await startWorld({});
    const call = calls[index]?.(client());
    await expect(call).rejects.toMatchObject({
      name: "NotImplemented",
      message: expect.stringMatching(/does not serve (s3|kms|sns|iam)/),
      $metadata: { httpStatusCode: 501 },
    });
  });

  test.each([
    [0, "AccessDenied", 403],
    [1, "AccessDeniedException", 400],
    [2, "AuthorizationError", 403],
    [3, "AccessDenied", 403],
  ])("denials (%#)", async (index, code, status) => {
    const { client, policies } = await startWorld({ s3: echo(), kms: echo(), sns: echo(), iam: echo() });
    grant(policies);
    const call = calls[index]?.(client(ROLE_KEY));
    const error: unknown = await call?.catch((cause: unknown) => cause);
    expect(error).toMatchObject({ $metadata: { httpStatusCode: status } });
    expect(String((error as Error).name)).toContain(code);
    expect((error as Error).message).toContain(`User: ${ROLE} is not authorized to perform: echo:Echo`);
  });

  test("a service's own, with characters that XML cannot hold", async () => {
    const { client } = await startWorld({ s3: failing(new AwsError("NoSuchKey", 404, "<a & b>\u0000")) });
    const listed = new S3Client(client()).send(new ListBucketsCommand({}));
    await expect(listed).rejects.toMatchObject({ name: "NoSuchKey", message: "<a & b>?" });
  });

  test("a fault of the cloud itself, which its owner is told of", async () => {
    const broken = new TypeError("broken");
    const { client, faults, calls: answered } = await startWorld({ kms: failing(broken) });
    const listed = new KMSClient(client()).send(new ListKeysCommand({}));
    await expect(listed).rejects.toMatchObject({ name: "InternalFailure", $metadata: { httpStatusCode: 500 } });
    expect(faults).toEqual([broken]);
    expect(answered).toMatchObject([{ status: 500 }]);
  });
});
