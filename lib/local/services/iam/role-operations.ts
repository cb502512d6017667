/** Roles of the account that no stack has made, with their trust policies (https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html). */
import * as z from "zod";
import { AwsError, LOCAL_ACCOUNT } from "../../aws-service.ts";

/** By name, as it is one in the whole account. */
export const RolesSchema = z.record(
  z.string(),
  z.object({ arn: z.string(), createdAt: z.number(), trustPolicy: z.string() }),
);
export type Roles = z.infer<typeof RolesSchema>;

/** @returns the result's XML */
type RoleOperation = (parameters: URLSearchParams) => string;

const NAME = /^[\w+=,.@-]{1,64}$/;
const PATH = /^\/(?:[\w+=,.@-]+\/)*$/;

export function roleOperations(roles: Roles, now: () => number): ReadonlyMap<string, RoleOperation> {
  const find = (parameters: URLSearchParams) => {
    const name = parameters.get("RoleName") ?? "";
    const role = Object.hasOwn(roles, name) ? roles[name] : undefined;
    if (role === undefined) throw new AwsError("NoSuchEntity", 404, `The role with name ${name} cannot be found.`);
    return { name, role };
  };
  return new Map<string, RoleOperation>([
    [
      "CreateRole",
      (parameters) => {
        const [name, path] = [parameters.get("RoleName") ?? "", parameters.get("Path") ?? "/"];
        if (!NAME.test(name) || !PATH.test(path))
          throw new AwsError("ValidationError", 400, "That is no name of a role.");
        if (Object.hasOwn(roles, name))
          throw new AwsError("EntityAlreadyExists", 409, `Role with name ${name} already exists.`);
        const trustPolicy = checked(parameters.get("AssumeRolePolicyDocument"));
        roles[name] = { arn: `arn:aws:iam::${LOCAL_ACCOUNT}:role${path}${name}`, createdAt: now(), trustPolicy };
        return describe(name, roles[name]);
      },
    ],
    [
      "GetRole",
      (parameters) => {
        const { name, role } = find(parameters);
        return describe(name, role);
      },
    ],
    [
      "UpdateAssumeRolePolicy",
      (parameters) => {
        find(parameters).role.trustPolicy = checked(parameters.get("PolicyDocument"));
        return "";
      },
    ],
  ]);
}

/** What policies name the role by; one that is not there is nobody's, which `handle` says. */
export function arnOfRole(roles: Roles, parameters: URLSearchParams): string {
  const name = parameters.get("RoleName") ?? "";
  const path = parameters.get("Path") ?? "/";
  return (
    (Object.hasOwn(roles, name) ? roles[name]?.arn : undefined) ?? `arn:aws:iam::${LOCAL_ACCOUNT}:role${path}${name}`
  );
}

function checked(document: string | null): string {
  try {
    z.looseObject({ Statement: z.unknown() }).parse(JSON.parse(document ?? ""));
    return document ?? "";
  } catch {
    throw new AwsError("MalformedPolicyDocument", 400, "This policy contains invalid Json");
  }
}

function describe(name: string, { arn, createdAt, trustPolicy }: Roles[string]): string {
  const path = arn.slice(arn.indexOf(":role/") + ":role".length, arn.length - name.length);
  return (
    `<Role><Path>${path}</Path><RoleName>${name}</RoleName><RoleId>AROALOCAL</RoleId><Arn>${arn}</Arn>` +
    `<CreateDate>${new Date(createdAt).toISOString()}</CreateDate>` +
    `<AssumeRolePolicyDocument>${encodeURIComponent(trustPolicy)}</AssumeRolePolicyDocument></Role>`
  );
}
