/** What detections remember from event to event: counts of correlations, and what was seen before. */
import { RemovalPolicy } from "aws-cdk-lib";
import { AttributeType, BillingMode, ProjectionType, Table } from "aws-cdk-lib/aws-dynamodb";
import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";

/** As the adapter asks for it. */
const DUE_INDEX = "byDue";

export class DetectionMemory extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.table = new Table(this, "Table", {
      partitionKey: { name: "key", type: AttributeType.STRING },
      sortKey: { name: "bucket", type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: "expires",
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    // Sparse: of those that wait to be judged, and as long as they do.
    this.table.addGlobalSecondaryIndex({
      indexName: DUE_INDEX,
      partitionKey: { name: "waits", type: AttributeType.STRING },
      sortKey: { name: "due", type: AttributeType.NUMBER },
      projectionType: ProjectionType.KEYS_ONLY,
    });
  }

  /** To count and to recall; nothing is ever deleted but by its own time. */
  grantRemember(grantee: IGrantable): void {
    // The table alone: the construct's own grant takes its index in.
    const actions = ["dynamodb:BatchGetItem", "dynamodb:UpdateItem"];
    Grant.addToPrincipal({ grantee, actions, resourceArns: [this.table.tableArn] });
  }

  /** To find what waits to be judged; to recall it and to end its wait. */
  grantJudge(grantee: IGrantable): void {
    this.grantRemember(grantee);
    const resourceArns = [`${this.table.tableArn}/index/${DUE_INDEX}`];
    Grant.addToPrincipal({ grantee, actions: ["dynamodb:Query"], resourceArns });
  }
}
