/** Trust policies through AWS's SDK, on the local cloud's IAM. */
import { CreateRoleCommand, GetRoleCommand, IAMClient, UpdateAssumeRolePolicyCommand } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { iamTrustPolicies } from "../../lib/adapters/iam-trust-policies.ts";
import { LOCAL_ACCOUNT } from "../../lib/local/aws-service.ts";
import { iamService } from "../../lib/local/services/iam/iam-service.ts";
import { grant, ROLE_KEY, startWorld, temporaryDirectory } from "../local/gateway/world.ts";

const ROLE = `arn:aws:iam::${LOCAL_ACCOUNT}:role/delivery/shop-deploy`;
const TRUST =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]}';

async function start() {
  const directory = await temporaryDirectory();
  const world = await startWorld({ iam: await iamService({ directory, now: Date.now }) });
  const iam = new IAMClient(world.client());
  await iam.send(
    new CreateRoleCommand({ RoleName: "shop-deploy", Path: "/delivery/", AssumeRolePolicyDocument: TRUST }),
  );
  return { ...world, iam, directory };
}

test("what is written is what is read, to the character, and stays over a restart", async () => {
  const { iam, directory } = await start();
  const policies = iamTrustPolicies(iam);
  expect(await policies.read(ROLE)).toBe(TRUST);
  const other = TRUST.replace("*", "arn:aws:iam::111122223333:user/a+b@ü%20").replace("Version", "Id");
  await policies.write(ROLE, other);
  expect(await policies.read(ROLE)).toBe(other);
  const again = await startWorld({ iam: await iamService({ directory, now: Date.now }) });
  expect(await iamTrustPolicies(new IAMClient(again.client())).read(ROLE)).toBe(other);
});

test("another account's role of the same name, or another path's, is left alone", async () => {
  const { iam, calls } = await start();
  const policies = iamTrustPolicies(iam);
  for (const arn of [
    "arn:aws:iam::111122223333:role/delivery/shop-deploy",
    `arn:aws:iam::${LOCAL_ACCOUNT}:role/shop-deploy`,
  ]) {
    await expect(policies.write(arn, "{}")).rejects.toThrow("is not Gatebook's to change");
  }
  expect(calls.filter(({ operation }) => operation === "UpdateAssumeRolePolicy")).toEqual([]);
});

test("IAM answers with its own errors, and to nobody without a permission on that role", async () => {
  const { iam, policies, client } = await start();
  await expect(iam.send(new GetRoleCommand({ RoleName: "nobody" }))).rejects.toMatchObject({
    name: "NoSuchEntityException",
  });
  await expect(
    iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: "shop-deploy", PolicyDocument: "{" })),
  ).rejects.toMatchObject({ name: "MalformedPolicyDocumentException" });
  await expect(
    iam.send(new CreateRoleCommand({ RoleName: "shop-deploy", AssumeRolePolicyDocument: TRUST })),
  ).rejects.toMatchObject({ name: "EntityAlreadyExistsException" });
  grant(policies, { Effect: "Allow", Action: "iam:*", Resource: `arn:aws:iam::${LOCAL_ACCOUNT}:role/other` });
  const role = new IAMClient(client(ROLE_KEY));
  await expect(role.send(new GetRoleCommand({ RoleName: "shop-deploy" }))).rejects.toMatchObject({
    $metadata: { httpStatusCode: 403 },
  });
});
