/** Who acted, where an event tells no more than their ARN or nobody but the service itself. */
import type { Granted } from "../../record/granted.ts";
import { type OcsfUser, USER_TYPE } from "../../record/ocsf.ts";
import { defined } from "../fields.ts";
import { boundedPrincipal } from "../principal.ts";
import { assumedRoleOf } from "./arn.ts";

const KINDS: readonly (readonly [type: string, typeId: number, arn: RegExp])[] = [
  ["Root", USER_TYPE.admin, /:root$/],
  ["IAMUser", USER_TYPE.user, /:user\//],
  ["FederatedUser", USER_TYPE.user, /:federated-user\//],
  ["AssumedRole", USER_TYPE.other, /:assumed-role\//],
  ["Role", USER_TYPE.other, /:role\//],
];

/** The ARN must be a principal's (`isPrincipalArn`), told by AWS. */
export function userOfArn(arn: string): OcsfUser {
  const [type, typeId] = KINDS.find(([, , pattern]) => pattern.test(arn)) ?? ["Unknown", USER_TYPE.unknown];
  const name = assumedRoleOf(arn).session ?? /\/([^/]+)$/.exec(arn)?.[1];
  return defined({ uid: arn, name, type, type_id: typeId });
}

/** The principal of an event that names nobody: who reports it, told apart from a service that CloudTrail saw calling. */
export function reportingService(name: string): OcsfUser {
  return { uid: boundedPrincipal(`service:${name}`), type: "AWSService", type_id: USER_TYPE.service };
}

/** An ARN shows only so much of how: a user may have used the console or a key, and a role's session may be anybody's. */
export function grantedToUser({ uid = "", name, type }: OcsfUser): Granted {
  switch (type) {
    case "AWSService":
      return { by: "service" };
    case "Root":
      return { by: "root" };
    case "FederatedUser":
      return defined({ by: "federation", subject: name });
    case "AssumedRole": {
      const { session } = assumedRoleOf(uid);
      return defined({ by: "assumed-role", chain: session === undefined ? undefined : [session] });
    }
    default:
      return { by: "unknown" };
  }
}
