/** The stack: one construct per capability, joined here in the order of an event's way. */
import { CfnOutput, Duration, Stack, type StackProps } from "aws-cdk-lib";
import type { IAlarmAction } from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";
import type { Configuration } from "../core/configuration/configuration.ts";
import { enforceableRoles } from "../core/grants/enforce-grants.ts";
import { Alerting } from "./alerting.ts";
import { BREAK_GLASS_PATH, BreakGlass } from "./break-glass.ts";
import { Campaigns, REVIEWS_PATH } from "./campaigns.ts";
import { Correlating } from "./correlating.ts";
import { EVENTS_PATH } from "./custom-events.ts";
import { EventIndex } from "./event-index.ts";
import { Evidence, logOriginOf } from "./evidence.ts";
import { ForwardedEvents } from "./forwarded-events.ts";
import { GATE_TIMEOUT, Gate } from "./gate.ts";
import { GrantTable } from "./grant-table.ts";
import { GRANTS_PATH, Grants } from "./grants.ts";
import { Ingestion } from "./ingestion.ts";
import { LogFiles } from "./log-files.ts";
import { LOG_PATH } from "./log-server.ts";
import { LookTable } from "./look-table.ts";
import { Publishing } from "./publishing.ts";
import { RECORD_TIMEOUT, Recording } from "./recording.ts";
import { Review } from "./review.ts";
import { SecondLook } from "./second-look.ts";
import { WatchedQueue } from "./watched-queue.ts";

export interface GatebookStackProps extends StackProps {
  readonly configuration: Configuration;
  /** The file that the functions find beside their bundles: configuration and parsed rules. */
  readonly settings: string;
}

interface Parts {
  readonly alerting: Alerting;
  readonly ingestion: Ingestion;
  readonly forwarded: ForwardedEvents | undefined;
  readonly logFiles: LogFiles | undefined;
  readonly evidence: Evidence;
  readonly index: EventIndex;
  readonly publishing: Publishing;
  readonly gate: Gate;
  readonly origin: string;
  readonly shards: number;
}

export class GatebookStack extends Stack {
  constructor(scope: Construct, id: string, { configuration, settings, ...props }: GatebookStackProps) {
    super(scope, id, props);
    const { organisation, alerts, sources } = configuration;
    const { retentionDays, mode, shards, witnesses } = configuration.evidence;

    const index = new EventIndex(this, "Index");
    const alerting = new Alerting(this, "Alerting", { alerts, index, settings });
    const { alarmAction, findings } = alerting;
    const evidence = new Evidence(this, "Evidence", { retention: Duration.days(retentionDays), mode });
    const origin = logOriginOf(this, organisation);
    const looks = new LookTable(this, "LookTable");
    const published = { looks, origin, shards, evidence, index, findings, witnesses, alarmAction };
    const publishing = new Publishing(this, "Publishing", published);
    const { github } = configuration.gate;
    const gateRequests = github && this.createGateRequests(alarmAction);
    const ingestion = new Ingestion(this, "Ingestion", {
      webhookSources: sources.webhooks,
      consumerTimeout: RECORD_TIMEOUT,
      alarmAction,
      evidence,
      gateRequests,
      signer: publishing.signer,
    });
    const { intake, api } = ingestion;
    const grants = new GrantTable(this, "GrantTable");
    const recorded = { organisation, shards, intake, evidence, index, findings, looks, grants, settings };
    const { detections } = new Recording(this, "Recording", recorded);
    new SecondLook(this, "SecondLook", { origin, looks, intake, evidence, index, grants, settings, alarmAction });
    new Correlating(this, "Correlating", { detections, intake, evidence, alarmAction, settings });
    // Only where gatebook.yml says what may be forwarded from: a bus that nothing sends to would be one more thing to explain.
    const forwarded = sources.home && new ForwardedEvents(this, "Forwarded", { ...sources, organisation, intake });
    const bucketName = sources.cloudtrailBucket;
    const logFiles =
      bucketName === undefined
        ? undefined
        : new LogFiles(this, "LogFiles", { bucketName, intake, evidence, forwarded: forwarded?.bus, alarmAction });
    new Review(this, "Review", { intake, evidence, alarmAction, settings });
    new Campaigns(this, "Campaigns", { api, origin, intake, evidence, index, settings, alarmAction });
    const enforcedRoles = configuration.grants.enforce === "trust-policy" ? enforceableRoles(configuration) : [];
    new Grants(this, "Grants", { api, intake, evidence, grants, enforcedRoles, settings, alarmAction });
    new BreakGlass(this, "BreakGlass", { api, origin, intake, evidence, index, settings, alarmAction });
    const asked = { api, github, requests: gateRequests, grants, signingKeyArn: publishing.keyArn };
    const gate = new Gate(this, "Gate", { ...asked, origin, intake, evidence, index, settings, alarmAction });
    this.tell({ alerting, ingestion, forwarded, logFiles, evidence, index, publishing, gate, origin, shards });
  }

  private createGateRequests(alarmAction: IAlarmAction): WatchedQueue {
    return new WatchedQueue(this, "GateRequests", {
      consumerTimeout: GATE_TIMEOUT,
      // What is told late is waited for.
      maxWait: Duration.minutes(30),
      alarmAction,
      messages: "deployments of GitHub",
      runbook: "the-gate-does-not-answer",
    });
  }

  /** What the command line and the person who installs need to know. */
  private tell(parts: Parts): void {
    const { alerting, ingestion, forwarded, logFiles, evidence, index, publishing, gate, origin, shards } = parts;
    const { intake, url, secrets } = ingestion;
    const output = (name: string, value: string, description: string): void => {
      new CfnOutput(this, name, { value, description });
    };
    output("ApiUrl", url, "Webhooks go to v1/webhooks/<source> below it");
    output("EventsUrl", `${url}${EVENTS_PATH}`, "CloudEvents go here, in requests signed by IAM");
    output("LogUrl", `${url}${LOG_PATH}`, "The evidence log is read here (C2SP tlog-tiles), in requests signed by IAM");
    output("GrantsUrl", `${url}${GRANTS_PATH}`, "Roles for a while are asked for here, in requests signed by IAM");
    output("BreakGlassUrl", `${url}${BREAK_GLASS_PATH}`, "Break-glass access is explained here, in signed requests");
    output("ReviewsUrl", `${url}${REVIEWS_PATH}`, "Access reviews are shown and decided here, in signed requests");
    gate.tell(output, url);
    for (const [source, secret] of secrets) {
      output(`${source}WebhookSecretArn`, secret.secretArn, `The secret to enter in ${source}'s webhook settings`);
    }
    if (forwarded) output("ForwardedBusArn", forwarded.bus.eventBusArn, "Where the forwarders send");
    if (logFiles) {
      const { queue, deadLetters } = logFiles.notices;
      output("LogFileQueueUrl", queue.queueUrl, "Where notices of new log files wait to be imported");
      output("RejectedLogFileQueueUrl", deadLetters.queueUrl, "Where log files wait that could not be");
    }
    output("IntakeQueueUrl", intake.queue.queueUrl, "Where events wait to be recorded");
    output("MessageBucket", evidence.staging.bucketName, "Where events wait that are too large for the queue");
    output("RejectedQueueUrl", intake.deadLetters.queueUrl, "Where events wait that could not be recorded");
    output(
      "FindingsBusArn",
      alerting.bus.eventBusArn,
      "Where findings go as OCSF Detection Findings, for your own rules",
    );
    output("EvidenceBucket", evidence.bucket.bucketName, "The evidence log");
    output("HeadTable", evidence.heads.tableName, "The head of the log");
    output("IndexTable", index.table.tableName, "The index over the log");
    output("LogOrigin", origin, "The name of the log, or of its first shard");
    output("LogShards", String(shards), "How many shards new events are spread over");
    output("SigningKeyArn", publishing.keyArn, "What signs the log; `gatebook key` prints its public half");
  }
}
