/**
 * Who may do what in the local cloud, decided as IAM decides it within one account
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html).
 */
import { LOCAL_ACCOUNT, LOCAL_OWNER, LOCAL_OWNER_KEY, LOCAL_REGION, type Permission } from "../aws-service.ts";
import type { RequestContext } from "./condition.ts";
import { isPlayed, playedBy } from "./played-person.ts";
import { type PolicyDocument, readPolicy, type Statement } from "./policy-document.ts";
import { accountOf, isService, matchPrincipal } from "./principal.ts";
import { matchesWildcard } from "./wildcard.ts";

/** `reason` is the sentence that AWS answers with. */
type Decision = { readonly outcome: "allowed" } | { readonly outcome: "denied"; readonly reason: string };

/**
 * The policies in force. A putting replaces what was there; each throws AwsError `MalformedPolicyDocument` for a document that holds what
 * cannot be evaluated, so that a mistake shows when the stack is set up, and not as an access that is wrongly let through.
 */
export interface PolicyStore {
  putRole(roleArn: string, role: { readonly policies: readonly PolicyDocument[] }): void;
  registerAccessKey(accessKeyId: string, roleArn: string): void;
  /** The resource is a bucket, queue, topic, secret, key or bus; what lies below it (`arn:…/key`) falls under its policy. */
  putResourcePolicy(resourceArn: string, document: PolicyDocument): void;
  /** Undefined for a key that nobody registered. */
  callerOf(accessKeyId: string): string | undefined;
  /** `caller` is a role's ARN, LOCAL_OWNER, or a service principal such as `events.amazonaws.com`. All of the needs must be allowed. */
  authorise(caller: string, needs: readonly Permission[]): Decision;
}

interface Policies {
  readonly identity: readonly Statement[];
  readonly resource: readonly Statement[];
}

const ALLOWED: Decision = { outcome: "allowed" };

export function createPolicyStore(): PolicyStore {
  const roles = new Map<string, readonly Statement[]>();
  const accessKeys = new Map([[LOCAL_OWNER_KEY, LOCAL_OWNER]]);
  const resources = new Map<string, readonly Statement[]>();

  const policyOf = (resource: string): readonly Statement[] =>
    [...resources].find(([arn]) => resource === arn || resource.startsWith(`${arn}/`))?.[1] ?? [];

  return {
    putRole(roleArn, { policies }) {
      roles.set(
        roleArn,
        policies.flatMap((policy) => readPolicy(policy, "identity")),
      );
    },
    registerAccessKey(accessKeyId, roleArn) {
      accessKeys.set(accessKeyId, roleArn);
    },
    putResourcePolicy(resourceArn, document) {
      resources.set(resourceArn, readPolicy(document, "resource"));
    },
    callerOf: (accessKeyId) => accessKeys.get(accessKeyId) ?? playedBy(accessKeyId),
    authorise(caller, needs) {
      for (const need of needs) {
        const decision = decide(caller, need, { identity: roles.get(caller) ?? [], resource: policyOf(need.resource) });
        if (decision.outcome === "denied") return decision;
      }
      return ALLOWED;
    },
  };
}

function decide(caller: string, need: Permission, { identity, resource }: Policies): Decision {
  const context = contextOf(caller, need);
  const inIdentity = identity.filter((statement) => applies(statement, need, context));
  const inResource = resource
    .map((statement) => ({ statement, match: statement.principal && matchPrincipal(statement.principal, caller) }))
    .filter(({ statement, match }) => match !== "none" && applies(statement, need, context));

  // Naming the account is enough to deny to everybody in it, but not to allow: see below.
  if (inResource.some(({ statement }) => statement.effect === "Deny")) {
    return denied(caller, need, "with an explicit deny in a resource-based policy");
  }
  if (inIdentity.some(({ effect }) => effect === "Deny")) {
    return denied(caller, need, "with an explicit deny in an identity-based policy");
  }
  if (caller === LOCAL_OWNER || isPlayed(caller)) return ALLOWED;
  if (inResource.some(({ statement, match }) => statement.effect === "Allow" && match === "caller")) return ALLOWED;

  const byAccount = inResource.some(({ statement, match }) => statement.effect === "Allow" && match === "account");
  // A key's policy is the root of all access to it: identity policies count only where it leaves the matter to the account.
  const identityCounts = !isKey(need.resource) || resource.length === 0 || byAccount;
  if (identityCounts && inIdentity.length > 0) return ALLOWED;
  const lacking = isService(caller) || !identityCounts ? "resource-based" : "identity-based";
  return denied(caller, need, `because no ${lacking} policy allows the ${need.action} action`);
}

function applies(statement: Statement, need: Permission, context: RequestContext): boolean {
  return (
    matchesList(statement.actions, need.action.toLowerCase()) &&
    matchesList(statement.resources, need.resource) &&
    statement.conditions.every((condition) => condition(context))
  );
}

function matchesList({ except, patterns }: Statement["actions"], text: string): boolean {
  return patterns.some((pattern) => matchesWildcard(pattern, text)) !== except;
}

function contextOf(caller: string, { conditions = {} }: Permission): RequestContext {
  const account = accountOf(caller);
  const service = isService(caller);
  const context = {
    // There is no TLS on the loopback interface, and nobody to listen in either: it stands for TLS.
    "aws:SecureTransport": "true",
    "aws:PrincipalIsAWSService": String(service),
    "aws:RequestedRegion": LOCAL_REGION,
    "aws:ResourceAccount": LOCAL_ACCOUNT,
    ...(service ? { "aws:PrincipalServiceName": caller, "aws:SourceAccount": LOCAL_ACCOUNT } : {}),
    ...(account === undefined ? {} : { "aws:PrincipalArn": caller, "aws:PrincipalAccount": account }),
    ...conditions,
  };
  return new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]));
}

function isKey(resource: string): boolean {
  return /^arn:aws:kms:[^:]*:[^:]*:key\//.test(resource);
}

function denied(caller: string, { action, resource }: Permission, because: string): Decision {
  return {
    outcome: "denied",
    reason: `User: ${caller} is not authorized to perform: ${action} on resource: ${resource} ${because}`,
  };
}
