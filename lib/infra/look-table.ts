/** Where it is noted what is looked at again, once more of its delivery is known. */
import { RemovalPolicy } from "aws-cdk-lib";
import { AttributeType, BillingMode, Table } from "aws-cdk-lib/aws-dynamodb";
import type { IGrantable } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";

export class LookTable extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    // Nothing expires: what waits is removed by whoever has looked at it, and by nobody else.
    this.table = new Table(this, "Table", {
      partitionKey: { name: "queue", type: AttributeType.STRING },
      sortKey: { name: "due", type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  /** For whoever records, or finishes what another began to record. */
  grantNote(grantee: IGrantable): void {
    this.table.grant(grantee, "dynamodb:BatchWriteItem");
  }

  /** For whoever looks. */
  grantSettle(grantee: IGrantable): void {
    this.table.grant(grantee, "dynamodb:Query", "dynamodb:BatchWriteItem", "dynamodb:DeleteItem");
  }
}
