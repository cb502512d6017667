/** Where the roles are kept that people have for a while. */
import { RemovalPolicy } from "aws-cdk-lib";
import { AttributeType, BillingMode, Table } from "aws-cdk-lib/aws-dynamodb";
import type { IGrantable } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";

export class GrantTable extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.table = new Table(this, "Table", {
      partitionKey: { name: "kind", type: AttributeType.STRING },
      sortKey: { name: "id", type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: "expires",
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  /** Whoever decides about accesses changes no grant. */
  grantAsk(grantee: IGrantable): void {
    this.table.grant(grantee, "dynamodb:Query");
  }

  grantChange(grantee: IGrantable): void {
    this.table.grant(grantee, "dynamodb:Query", "dynamodb:GetItem", "dynamodb:PutItem");
  }
}
