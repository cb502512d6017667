/** The stack: one construct per capability, joined here in the order of an event's way. */
import { CfnOutput, Duration, Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { Configuration } from "../core/configuration/configuration.ts";
import { Alerting } from "./alerting.ts";
import { EventIndex } from "./event-index.ts";
import { Evidence } from "./evidence.ts";
import { Ingestion } from "./ingestion.ts";
import { RECORD_TIMEOUT, Recording } from "./recording.ts";
import { Review } from "./review.ts";

export interface GatebookStackProps extends StackProps {
  readonly configuration: Configuration;
  /** The file that the functions find beside their bundles: configuration and parsed rules. */
  readonly settings: string;
}

export class GatebookStack extends Stack {
  constructor(scope: Construct, id: string, { configuration, settings, ...props }: GatebookStackProps) {
    super(scope, id, props);
    const { organisation, alerts, evidence: retention, sources } = configuration;

    const alerting = new Alerting(this, "Alerting", { emails: alerts.email, settings });
    const { alarmAction, findings } = alerting;
    const ingestion = new Ingestion(this, "Ingestion", {
      webhookSources: sources.webhooks,
      consumerTimeout: RECORD_TIMEOUT,
      alarmAction,
    });
    const evidence = new Evidence(this, "Evidence", {
      retention: Duration.days(retention.retentionDays),
      mode: retention.mode,
    });
    const index = new EventIndex(this, "Index");
    const { intake } = ingestion;
    const recording = new Recording(this, "Recording", { organisation, intake, evidence, index, findings, settings });
    new Review(this, "Review", { intake, alarmAction, settings });

    // What the command line and the person who installs need to know.
    const output = (name: string, value: string, description: string): void => {
      new CfnOutput(this, name, { value, description });
    };
    output("ApiUrl", ingestion.url, "Webhooks go to v1/webhooks/<source> below it");
    for (const [source, secret] of ingestion.secrets) {
      output(`${source}WebhookSecretArn`, secret.secretArn, `The secret to enter in ${source}'s webhook settings`);
    }
    output("IntakeQueueUrl", intake.queue.queueUrl, "Where events wait to be recorded");
    output("RejectedQueueUrl", intake.deadLetters.queueUrl, "Where events wait that could not be recorded");
    output("EvidenceBucket", evidence.bucket.bucketName, "The evidence log");
    output("HeadTable", evidence.heads.tableName, "The head of the log");
    output("IndexTable", index.table.tableName, "The index over the log");
    output("LogOrigin", recording.origin, "The log's name");
  }
}
