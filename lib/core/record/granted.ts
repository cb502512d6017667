/** How an access was granted: what let the caller in, and through which hands. */

/**
 * - `console`: signed in to the provider's web console.
 * - `access-key`: a long-lived key of a user.
 * - `assumed-role`: temporary credentials of a role; `chain` says whose.
 * - `federation`: an identity provider vouched (OIDC, SAML); `provider` and `subject` say which and for whom.
 * - `identity-center`: a workforce user behind an AWSReservedSSO_* role; `subject` is that user.
 * - `root`: the account itself.
 * - `service`: a cloud service on its own behalf or its own role.
 * - `token`: a token or a signed-in session of a system other than the cloud, such as GitHub.
 * - `unknown`: the source does not say.
 */
type GrantedBy =
  | "console"
  | "access-key"
  | "assumed-role"
  | "federation"
  | "identity-center"
  | "root"
  | "service"
  | "token"
  | "unknown";

/** Absent members are what the source does not tell; `mfa: false` is only written where the source says so. */
export interface Granted {
  readonly by: GrantedBy;
  readonly mfa?: boolean;
  /** From the caller outwards: the session's name, the role that issued it, the source identity. ARNs where there are any. */
  readonly chain?: readonly string[];
  readonly provider?: string;
  readonly subject?: string;
  /** The identifier of the credential (never the secret), which links a session to its later calls. */
  readonly credential?: string;
  /** IP address, or the DNS name of the AWS service that called. */
  readonly sourceAddress?: string;
  readonly userAgent?: string;
}
