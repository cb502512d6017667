/** How a CloudTrail call was let in (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html). */
import type { Granted } from "../../record/granted.ts";
import { assumedRoleOf } from "../aws/arn.ts";
import { defined, flag } from "../fields.ts";
import type { CloudTrailRecord } from "./cloudtrail-schema.ts";

type Identity = NonNullable<CloudTrailRecord["userIdentity"]>;
type Means = Pick<Granted, "by" | "chain" | "provider" | "subject">;

/**
 * User agents of browsers and of the consoles' own back ends. A caller chooses its user agent, so this only decides between a console session and a
 * GetSessionToken session of the same user, and only where CloudTrail does not say `sessionCredentialFromConsole`.
 */
const CONSOLE_AGENT = /^Mozilla\/|console|^signin\.amazonaws\.com$|^Coral\/|^AWS Internal/i;

/** The console calls other services as this one, on the signed-in user's behalf. */
const CONSOLE_SERVICE = "signin.amazonaws.com";

const SSO_ROLE_PREFIX = "AWSReservedSSO_";
/** Only AWS makes roles under this path; a role of the same name elsewhere is anybody's, who then chooses the session's name too. */
const SSO_ROLE = /^arn:aws[a-z-]*:iam::\d{12}:role\/aws-reserved\/sso\.amazonaws\.com\//;

const SAML_PROVIDER = /^arn:aws[a-z-]*:iam::\d{12}:saml-provider\/\S+$/;

export function grantedByCloudTrail(record: CloudTrailRecord): Granted {
  const means = meansOf(record, record.userIdentity ?? {});
  return defined({
    ...means,
    mfa: mfaOf(record, means),
    credential: record.userIdentity?.accessKeyId ?? record.userIdentity?.credentialId,
    sourceAddress: record.sourceIPAddress,
    userAgent: record.userAgent,
  });
}

function meansOf(record: CloudTrailRecord, identity: Identity): Means {
  switch (identity.type) {
    case "Root":
      // Before service-linked roles, services such as Auto Scaling acted as the account's root.
      return { by: isService(identity.invokedBy) ? "service" : "root" };
    case "IAMUser":
      return defined({
        by: isConsole(record, identity) ? "console" : "access-key",
        chain: isService(identity.invokedBy) ? hands(identity.invokedBy) : undefined,
      });
    case "AssumedRole":
    case "Role":
      return roleSession(identity);
    case "FederatedUser":
      return defined({
        by: "federation",
        provider: identity.sessionContext?.sessionIssuer?.arn,
        subject: /:federated-user\/(.+)$/.exec(identity.arn ?? "")?.[1],
      });
    case "WebIdentityUser":
    case "Directory":
      return defined({ by: "federation", provider: identity.identityProvider, subject: identity.userName });
    case "SAMLUser":
      return defined({ by: "federation", provider: samlProviderOf(record, identity), subject: identity.userName });
    case "IdentityCenterUser":
      return workforceUser(identity);
    case "AWSService":
      return { by: "service" };
    default:
      // The portal's older records know the type of nobody, and still the user it is.
      if (identity.onBehalfOf?.userId !== undefined) return workforceUser(identity);
      return { by: isService(identity.invokedBy) || record.eventType === "AwsServiceEvent" ? "service" : "unknown" };
  }
}

function workforceUser({ onBehalfOf }: Identity): Means {
  return defined({ by: "identity-center", provider: onBehalfOf?.identityStoreArn, subject: onBehalfOf?.userId });
}

/** The identity has a hash of the provider; the request that it was let in by has its ARN. */
function samlProviderOf({ requestParameters }: CloudTrailRecord, { identityProvider }: Identity): string | undefined {
  const provider = requestParameters?.["principalArn"];
  return typeof provider === "string" && SAML_PROVIDER.test(provider) ? provider : identityProvider;
}

/**
 * Four kinds of role session: Identity Center's, one that carries the identity of a workforce user (trusted identity propagation), one for
 * which an identity provider vouched, and a plain one. A plain one that a service uses is the service's, be it its own role or a caller's
 * session that it carries forward: CloudTrail writes both alike, and the chain names the session and the role.
 */
function roleSession(identity: Identity): Means {
  const { role, session } = assumedRoleOf(identity.arn);
  const { onBehalfOf, sessionContext } = identity;
  const { sessionIssuer, webIdFederationData, sourceIdentity } = sessionContext ?? {};
  const chain = hands(session, sessionIssuer?.arn, sourceIdentity);
  if (sessionIssuer?.arn === undefined ? role?.startsWith(SSO_ROLE_PREFIX) : SSO_ROLE.test(sessionIssuer.arn)) {
    return defined({ by: "identity-center", chain, provider: onBehalfOf?.identityStoreArn, subject: session });
  }
  if (onBehalfOf?.userId !== undefined) return defined({ ...workforceUser(identity), chain });
  const provider = webIdFederationData?.federatedProvider;
  if (provider !== undefined) {
    return defined({ by: "federation", chain, provider, subject: subjectOf(webIdFederationData?.attributes) });
  }
  return defined({ by: isService(identity.invokedBy) ? "service" : "assumed-role", chain });
}

/** `{ "<issuer>:sub": subject }`. The session's name would not do: whoever assumes the role chooses it. */
function subjectOf(attributes: Readonly<Record<string, unknown>> = {}): string | undefined {
  const [, subject] = Object.entries(attributes).find(([name]) => name.endsWith(":sub")) ?? [];
  return typeof subject === "string" ? subject : undefined;
}

/**
 * A long-lived key (AKIA…) is never the console, whatever its user agent claims. Temporary keys of a user are the console's where
 * CloudTrail or the caller says so, and a session of the user's own key otherwise.
 */
function isConsole(record: CloudTrailRecord, { accessKeyId, invokedBy }: Identity): boolean {
  if (record.eventType === "AwsConsoleSignIn" || record.eventSource === CONSOLE_SERVICE) return true;
  if (accessKeyId?.startsWith("AKIA")) return false;
  if (record.sessionCredentialFromConsole === true || invokedBy === CONSOLE_SERVICE) return true;
  return accessKeyId !== undefined && CONSOLE_AGENT.test(record.userAgent ?? "");
}

function isService(invokedBy: string | undefined): boolean {
  return invokedBy !== undefined && invokedBy !== CONSOLE_SERVICE;
}

function hands(...names: readonly (string | undefined)[]): readonly string[] | undefined {
  const known = names.filter((name) => name !== undefined);
  return known.length > 0 ? known : undefined;
}

/**
 * CloudTrail writes "false" too where it cannot know: the second factor of a federated or Identity Center user is asked for by the
 * identity provider, and a service has none.
 */
function mfaOf(record: CloudTrailRecord, { by }: Means): boolean | undefined {
  const { userIdentity, additionalEventData } = record;
  const mfa =
    flag.parse(additionalEventData?.["MFAUsed"]) ?? userIdentity?.sessionContext?.attributes?.mfaAuthenticated;
  const isTold = ["root", "console", "access-key", "assumed-role"].includes(by);
  if (mfa === true || isTold) return mfa;
  return isSecondFactor(record) ? true : undefined;
}

/** Identity Center's own directory tells with which credentials its user signed in, and whether they were right. */
function isSecondFactor({ eventName, additionalEventData, serviceEventDetails }: CloudTrailRecord): boolean {
  const types = additionalEventData?.["CredentialType"];
  return typeof types === "string" && SECOND_FACTOR.test(types) && serviceEventDetails?.[eventName] === "Success";
}

const SECOND_FACTOR = /\b(TOTP|WEBAUTHN)\b/;
