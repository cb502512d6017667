/** Trust policies by IAM's API. */
import { GetRoleCommand, type IAMClient, UpdateAssumeRolePolicyCommand } from "@aws-sdk/client-iam";
import { GatebookError } from "../core/errors.ts";
import type { TrustPolicies } from "../core/grants/trust-policies.ts";

export function iamTrustPolicies(client: IAMClient): TrustPolicies {
  const read = async (roleArn: string): Promise<string> => {
    const { Role } = await client.send(new GetRoleCommand({ RoleName: nameOf(roleArn) }));
    if (Role?.Arn !== roleArn) {
      throw new GatebookError(
        "UNAVAILABLE",
        `${roleArn} is no role of this account, whose role of that name is ${Role?.Arn}: its trust policy is not Gatebook's to change`,
      );
    }
    // As IAM sends it: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html
    return decodeURIComponent(Role.AssumeRolePolicyDocument ?? "");
  };
  return {
    read,
    async write(roleArn, document) {
      await read(roleArn);
      await client.send(new UpdateAssumeRolePolicyCommand({ RoleName: nameOf(roleArn), PolicyDocument: document }));
    },
  };
}

/** IAM's API takes a role's name without its path. */
function nameOf(roleArn: string): string {
  return roleArn.slice(roleArn.lastIndexOf("/") + 1);
}
