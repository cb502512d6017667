/** A witness for a second account: it cosigns the log's checkpoints there, where whoever runs the log cannot reach it. */
import { type App, ArnFormat, CfnOutput, RemovalPolicy, Stack, type StackProps } from "aws-cdk-lib";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { AttributeType, BillingMode, Table } from "aws-cdk-lib/aws-dynamodb";
import { ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { Construct } from "constructs";
import type { Configuration } from "../core/configuration/configuration.ts";
import { SigningKey } from "./signing-key.ts";
import { Witness } from "./witness.ts";

interface WitnessStackProps extends StackProps {
  readonly organisation: string;
  readonly logs: NonNullable<Configuration["witness"]>["logs"];
  /** Who is told when a log contradicts itself, or the witness does not answer. */
  readonly emails: readonly string[];
}

/** For whichever account and region it is deployed to. Without `witness` there is none, as in most configurations. */
export function addWitness(app: App, { organisation, alerts, witness }: Configuration): void {
  if (witness === undefined) return;
  new WitnessStack(app, "Gatebook-Witness", {
    description: "Gatebook: cosigns the checkpoints of evidence logs",
    organisation,
    logs: witness.logs,
    emails: alerts.email,
  });
}

/** One a region and account. */
class WitnessStack extends Stack {
  constructor(scope: Construct, id: string, { organisation, logs, emails, ...props }: WitnessStackProps) {
    super(scope, id, props);
    const key = new SigningKey(this, "Signing", "Gatebook: cosigns the checkpoints of evidence logs");
    const trees = new Table(this, "Trees", {
      partitionKey: { name: "origin", type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      // Set back, it would let a log be set back: a restored copy is for looking at, and takes this table's place only by hand.
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const alarmAction = new SnsAction(this.createTopic(emails));
    const name = `gatebook.${organisation}/${this.account}/${this.region}/witness`;
    const witness = new Witness(this, "Witness", { name, key, trees, logs, alarmAction });
    const output = (outputId: string, value: string, description: string): void => {
      new CfnOutput(this, outputId, { value, description });
    };
    output(
      "WitnessUrl",
      witness.url,
      "Goes into evidence.witnesses as url; opened, it tells the witness's verifier key",
    );
    output("WitnessName", name, "The name that the witness cosigns under");
    output("WitnessKeyArn", key.keyArn, "What the witness cosigns with");
    output("WitnessTable", trees.tableName, "What the witness cosigned last");
  }

  private createTopic(emails: readonly string[]): Topic {
    const topic = new Topic(this, "Topic", { displayName: "Gatebook witness", enforceSSL: true });
    for (const email of emails) topic.addSubscription(new EmailSubscription(email));
    const arnFormat = ArnFormat.COLON_RESOURCE_NAME;
    const alarms = this.formatArn({ service: "cloudwatch", resource: "alarm", resourceName: "*", arnFormat });
    const conditions = { StringEquals: { "aws:SourceAccount": this.account }, ArnLike: { "aws:SourceArn": alarms } };
    topic.grantPublish(new ServicePrincipal("cloudwatch.amazonaws.com", { conditions }));
    return topic;
  }
}
