/** The trust policies of roles in the account. */

/**
 * Both reject for a role that is not of the account under exactly this ARN: another account's role may have the same name. What is written is
 * in force after some seconds.
 */
export interface TrustPolicies {
  /** The document's text. */
  read(roleArn: string): Promise<string>;
  write(roleArn: string, document: string): Promise<void>;
}
