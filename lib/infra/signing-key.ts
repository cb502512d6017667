/** The key that signs checkpoints, or cosigns those of others: Ed25519, in KMS, for one role alone. */
import { Lazy, RemovalPolicy } from "aws-cdk-lib";
import {
  AccountRootPrincipal,
  AnyPrincipal,
  Effect,
  Grant,
  PolicyDocument,
  PolicyStatement,
} from "aws-cdk-lib/aws-iam";
import { CfnKey } from "aws-cdk-lib/aws-kms";
import { Construct } from "constructs";
import type { NodeFunction } from "./node-function.ts";

/** The longest there is: what was signed stays verifiable without the key, and nothing more can be signed without it. */
const PENDING_DAYS = 30;

export class SigningKey extends Construct {
  readonly keyArn: string;
  private readonly signers: string[] = [];

  constructor(scope: Construct, id: string, description = "Gatebook: signs the checkpoints of the evidence log") {
    super(scope, id);
    // The CDK's Key does not know the spec.
    const key = new CfnKey(this, "Key", {
      description,
      keySpec: "ECC_NIST_EDWARDS25519",
      keyUsage: "SIGN_VERIFY",
      keyPolicy: this.createPolicy(),
      pendingWindowInDays: PENDING_DAYS,
    });
    key.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.keyArn = key.attrArn;
  }

  grantSign(grantee: NodeFunction): void {
    this.signers.push(grantee.ownRole.roleArn);
    Grant.addToPrincipal({ grantee, actions: ["kms:Sign", "kms:GetPublicKey"], resourceArns: [this.keyArn] });
  }

  /** The account administers the key by its IAM policies, as of any other. Signing is denied to all of it, grants included, but one role. */
  private createPolicy(): PolicyDocument {
    return new PolicyDocument({
      statements: [
        new PolicyStatement({
          sid: "AdministerByAccount",
          principals: [new AccountRootPrincipal()],
          actions: ["kms:*"],
          resources: ["*"],
        }),
        new PolicyStatement({
          sid: "DenyOthersSign",
          effect: Effect.DENY,
          principals: [new AnyPrincipal()],
          actions: ["kms:Sign"],
          resources: ["*"],
          conditions: { ArnNotEquals: { "aws:PrincipalArn": Lazy.list({ produce: () => this.signers }) } },
        }),
      ],
    });
  }
}
