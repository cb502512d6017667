/** The key that a log's fingerprints of secrets are made with: one a log, made with the stack and kept when it goes. */
import { RemovalPolicy, Validations } from "aws-cdk-lib";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import type { Construct } from "constructs";

/** Letters and digits: some 380 bits. */
const KEY_LENGTH = 64;

export class FingerprintKey extends Secret {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      description: "Gatebook: what fingerprints of redacted secrets are made with. Nobody has to enter it anywhere.",
      generateSecretString: { excludePunctuation: true, passwordLength: KEY_LENGTH },
      // The evidence outlives the stack, and with it the question whether two secrets in it are the same.
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(this).acknowledge({
      id: "AwsSolutions-SMG4",
      reason:
        "A fingerprint says that a secret was seen before, for as long as the log is kept: rotated on a schedule, one secret would look like two, before and after. The key opens nothing, leaves Secrets Manager for one function's memory alone, and is put anew by hand only when somebody who should not have read it has.",
    });
  }
}
