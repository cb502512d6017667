/** The index over the log: who did what, what happened to a resource, what belongs to a delivery. */
import { RemovalPolicy } from "aws-cdk-lib";
import { AttributeType, BillingMode, ProjectionType, Table } from "aws-cdk-lib/aws-dynamodb";
import { Construct } from "constructs";

export class EventIndex extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const sortKey = { name: "eventKey", type: AttributeType.STRING };
    this.table = new Table(this, "Table", {
      partitionKey: { name: "principal", type: AttributeType.STRING },
      sortKey,
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: "expires",
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    // An item is under one kilobyte, so each of the three writes is one unit; the index by trace holds deliveries alone.
    for (const name of ["resource", "trace"] as const) {
      this.table.addGlobalSecondaryIndex({
        indexName: name === "resource" ? "byResource" : "byTrace",
        partitionKey: { name, type: AttributeType.STRING },
        sortKey,
        projectionType: ProjectionType.ALL,
      });
    }
  }
}
