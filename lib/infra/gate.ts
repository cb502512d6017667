/** The gate at a release: an action for pipelines, a protection rule for GitHub's environments, and a route for any other tool. */
import { Duration, RemovalPolicy, Validations } from "aws-cdk-lib";
import { type HttpApi, HttpMethod } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpIamAuthorizer } from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { Alarm, ComparisonOperator, type IAlarmAction, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";
import type * as z from "zod";
import type { GateApiEnv, GateCodePipelineEnv, GateGitHubEnv } from "../../functions/env.ts";
import type { Configuration } from "../core/configuration/configuration.ts";
import type { EventIndex } from "./event-index.ts";
import type { Evidence } from "./evidence.ts";
import { NodeFunction } from "./node-function.ts";
import type { WatchedQueue } from "./watched-queue.ts";

const GATE_PATH = "v1/gate";
/** Under API Gateway's own 30 seconds, so that whoever asks gets our answer and not its time-out. */
export const GATE_TIMEOUT = Duration.seconds(25);
/** The fewest that AWS allows for an SQS event source. */
const MIN_CONCURRENCY = 2;

export interface GateProps {
  readonly api: HttpApi;
  readonly origin: string;
  readonly intake: WatchedQueue;
  readonly evidence: Evidence;
  readonly index: EventIndex;
  readonly github: Configuration["gate"]["github"];
  /** Where GitHub's deployments wait; there is one where `github` is set. */
  readonly requests: WatchedQueue | undefined;
  /** Generated file with configuration and rules. */
  readonly settings: string;
  readonly alarmAction: IAlarmAction;
}

export class Gate extends Construct {
  private readonly props: GateProps;
  private readonly pipelineAction: NodeFunction;
  private readonly gitHubKey: Secret | undefined;

  constructor(scope: Construct, id: string, props: GateProps) {
    super(scope, id);
    this.props = props;
    this.addRoute();
    this.pipelineAction = this.createPipelineAction();
    const { github, requests } = props;
    this.gitHubKey = github && requests && this.createGitHubRule(github, requests);
    Validations.of(this).acknowledge({
      id: "AwsSolutions-IAM5[Resource::<IndexTable0C9C7D0C.Arn>/index/*]",
      reason: "The secondary indexes of this one table: a delivery is found by its resource and its trace.",
    });
  }

  /** What the person who installs needs to know. */
  tell(output: (name: string, value: string, description: string) => void, url: string): void {
    output("GateUrl", `${url}${GATE_PATH}`, "Any tool asks the gate here, in requests signed by IAM");
    output("GateFunctionName", this.pipelineAction.functionName, "The gate as a Lambda action of a pipeline");
    if (this.gitHubKey) {
      const description = "Put the private key of the gate's GitHub App into this secret";
      output("GateGitHubKeyArn", this.gitHubKey.secretArn, description);
    }
  }

  private addRoute(): void {
    const environment: z.infer<typeof GateApiEnv> = this.environment();
    const integration = this.createFunction("Api", {
      name: "gate-api",
      description: "Answers whether a delivery may go on, to tools that IAM lets in",
      environment,
    });
    this.props.api.addRoutes({
      path: `/${GATE_PATH}`,
      methods: [HttpMethod.POST],
      integration: new HttpLambdaIntegration("Gate", integration),
      // Who may ask is for the account to say; who may override, gatebook.yml does.
      authorizer: new HttpIamAuthorizer(),
    });
  }

  private createPipelineAction(): NodeFunction {
    const environment: z.infer<typeof GateCodePipelineEnv> = this.environment();
    const action = this.createFunction("CodePipeline", {
      name: "gate-codepipeline",
      description: "The gate at a release, as an action of a pipeline in CodePipeline",
      environment,
    });
    action.allow(
      ["codepipeline:GetJobDetails", "codepipeline:PutJobSuccessResult", "codepipeline:PutJobFailureResult"],
      ["*"],
    );
    Validations.of(this).acknowledge({
      id: "AwsSolutions-IAM5[Resource::*]",
      reason: "Jobs of CodePipeline are no resources that IAM can name: its three actions can be granted on * only.",
    });
    new Alarm(this, "PipelineAlarm", {
      metric: action.metricErrors({ period: Duration.minutes(5) }),
      threshold: 0,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription:
        "Gatebook's gate could not answer a pipeline, which waits until its action times out. See docs/operations.md#the-gate-does-not-answer",
    }).addAlarmAction(this.props.alarmAction);
    return action;
  }

  private createGitHubRule({ appId, apiUrl }: NonNullable<GateProps["github"]>, requests: WatchedQueue): Secret {
    const key = new Secret(this, "GitHubKey", {
      description: "Gatebook: the private key of the gate's GitHub App, in PEM. Put it here.",
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(key).acknowledge({
      id: "AwsSolutions-SMG4",
      reason: "GitHub makes the key and AWS cannot: docs/operations.md#a-github-environment says how to change it.",
    });
    const environment: z.infer<typeof GateGitHubEnv> = {
      ...this.environment(),
      GATE_QUEUE_URL: requests.queue.queueUrl,
      GITHUB_API_URL: apiUrl,
      GITHUB_APP_ID: appId,
      GITHUB_KEY_ARN: key.secretArn,
    };
    const rule = this.createFunction("GitHub", {
      name: "gate-github",
      description: "The gate at a release, as a protection rule of an environment in GitHub",
      environment,
    });
    key.grantRead(rule);
    // What is told late is asked about again.
    requests.queue.grantSendMessages(rule);
    rule.addEventSource(new SqsEventSource(requests.queue, { batchSize: 1, maxConcurrency: MIN_CONCURRENCY }));
    return key;
  }

  private environment(): z.infer<typeof GateApiEnv> {
    const { intake, evidence, index, origin } = this.props;
    return {
      INTAKE_QUEUE_URL: intake.queue.queueUrl,
      MESSAGE_BUCKET: evidence.staging.bucketName,
      INDEX_TABLE: index.table.tableName,
      HEAD_TABLE: evidence.heads.tableName,
      EVIDENCE_BUCKET: evidence.bucket.bucketName,
      LOG_ORIGIN: origin,
    };
  }

  /** Each reads what was recorded, and records what it decided. */
  private createFunction(
    id: string,
    { environment, ...rest }: { name: string; description: string; environment: object },
  ): NodeFunction {
    const { intake, evidence, index, settings } = this.props;
    const gate = new NodeFunction(this, id, {
      ...rest,
      environment: { ...environment },
      timeout: GATE_TIMEOUT,
      companion: settings,
    });
    evidence.grantRead(gate);
    evidence.heads.grant(gate, "dynamodb:GetItem");
    index.table.grant(gate, "dynamodb:Query");
    intake.queue.grantSendMessages(gate);
    evidence.grantStoreMessages(gate, this);
    return gate;
  }
}
