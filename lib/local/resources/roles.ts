/** The policies of the template's roles, gathered from where they stand: in the role, beside it, and managed. */

import type { PolicyDocument } from "../authorisation/policy-document.ts";
import type { PolicyStore } from "../authorisation/policy-store.ts";
import { LOCAL_ACCOUNT } from "../aws-service.ts";
import { LocalCloudError } from "../local-cloud-error.ts";

export interface Roles {
  create(name: string, path: string, trust: unknown): string;
  /** A role by name; a role that the template does not make is an error. */
  attach(roleName: string, document: PolicyDocument): void;
  attachManaged(roleName: string, policyArn: string): void;
  putManaged(policyArn: string, document: PolicyDocument): void;
  /** Throws when the service may not assume the role: AWS would refuse to make the function. */
  requireTrust(roleArn: string, service: string): void;
}

/** What these grant is logs and traces, which here are files and nothing. */
const NOTHING_TO_GRANT = new Set([
  "service-role/AWSLambdaBasicExecutionRole",
  "AWSXRayDaemonWriteAccess",
  "AWSXrayWriteOnlyAccess",
]);
const AWS_MANAGED = "arn:aws:iam::aws:policy/";

export function createRoles(policies: PolicyStore): Roles {
  const roles = new Map<string, { readonly arn: string; readonly trust: string; documents: PolicyDocument[] }>();
  const managed = new Map<string, PolicyDocument>();

  function attach(roleName: string, document: PolicyDocument): void {
    const role = roles.get(roleName);
    if (role === undefined) throw new LocalCloudError("TEMPLATE_INVALID", `There is no role ${roleName}`);
    role.documents.push(document);
    policies.putRole(role.arn, { policies: role.documents });
  }

  return {
    create(name, path, trust) {
      const arn = `arn:aws:iam::${LOCAL_ACCOUNT}:role${path}${name}`;
      roles.set(name, { arn, trust: JSON.stringify(trust), documents: [] });
      policies.putRole(arn, { policies: [] });
      return arn;
    },
    attach,
    attachManaged(roleName, policyArn) {
      if (policyArn.startsWith(AWS_MANAGED) && NOTHING_TO_GRANT.has(policyArn.slice(AWS_MANAGED.length))) return;
      const document = managed.get(policyArn);
      if (document === undefined) {
        throw new LocalCloudError("NOT_SUPPORTED", `What the managed policy ${policyArn} grants is not known locally`);
      }
      attach(roleName, document);
    },
    putManaged(policyArn, document) {
      managed.set(policyArn, document);
    },
    requireTrust(roleArn, service) {
      const role = [...roles.values()].find(({ arn }) => arn === roleArn);
      if (role === undefined) throw new LocalCloudError("TEMPLATE_INVALID", `There is no role ${roleArn}`);
      if (!role.trust.includes(`"${service}"`)) {
        throw new LocalCloudError(
          "TEMPLATE_INVALID",
          `${roleArn} cannot be assumed by ${service}: its trust policy lacks it`,
        );
      }
    },
  };
}
