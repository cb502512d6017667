/** The gate at a release: an action for pipelines, a protection rule for GitHub's environments, and a route for any other tool. */
import { Duration, RemovalPolicy, Validations } from "aws-cdk-lib";
import type { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { Alarm, ComparisonOperator, type IAlarmAction, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";
import type * as z from "zod";
import type { GateApiEnv, GateCodePipelineEnv, GateGitHubEnv } from "../../functions/env.ts";
import type { Configuration } from "../core/configuration/configuration.ts";
import type { GrantTable } from "./grant-table.ts";
import { addIamRoute } from "./iam-route.ts";
import { NodeFunction } from "./node-function.ts";
import { grantPast, pastEnvironment, type RecordedPast } from "./recorded-past.ts";
import type { WatchedQueue } from "./watched-queue.ts";

const GATE_PATH = "v1/gate";
/** Under API Gateway's own 30 seconds, so that whoever asks gets our answer and not its time-out. */
export const GATE_TIMEOUT = Duration.seconds(25);
/** The fewest that AWS allows for an SQS event source. */
const MIN_CONCURRENCY = 2;

export interface GateProps extends RecordedPast {
  readonly api: HttpApi;
  readonly grants: GrantTable;
  /** What checkpoints are signed with. */
  readonly signingKeyArn: string;
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
    const answering = this.createFunction("Api", {
      name: "gate-api",
      description: "Answers whether a delivery may go on, to tools that IAM lets in",
      environment,
    });
    // Who may ask is for the account to say; who may override, gatebook.yml does.
    addIamRoute(this.props.api, { id: "Gate", path: GATE_PATH }, answering);
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
    const { signingKeyArn, grants } = this.props;
    return {
      ...pastEnvironment(this.props),
      SIGNING_KEY_ARN: signingKeyArn,
      GRANT_TABLE: grants.table.tableName,
    };
  }

  /** Each reads what was recorded, and records what it decided. */
  private createFunction(
    id: string,
    { environment, ...rest }: { name: string; description: string; environment: object },
  ): NodeFunction {
    const { grants, signingKeyArn, settings } = this.props;
    const gate = new NodeFunction(this, id, {
      ...rest,
      environment: { ...environment },
      timeout: GATE_TIMEOUT,
      companion: settings,
    });
    grantPast(gate, this.props, this);
    grants.grantAsk(gate);
    // The public half, which whoever verifies the log needs.
    gate.allow(["kms:GetPublicKey"], [signingKeyArn]);
    return gate;
  }
}
