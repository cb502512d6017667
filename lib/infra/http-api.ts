/** The HTTP API: one stage with a rate limit and access logs, and the alarm on senders who got no answer. */
import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { AccessLogField, AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import { HttpApi, HttpStage, LogGroupLogDestination } from "aws-cdk-lib/aws-apigatewayv2";
import { Alarm, ComparisonOperator, type IAlarmAction, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";

/** Requests a second, all senders together: GitHub sends a large organisation's events well below it. */
const RATE_LIMIT = { rateLimit: 200, burstLimit: 400 };
/**
 * Of the fields that an HTTP API knows, those that say what became of a request: with an error of its own, the function never saw it.
 * Nothing of what a sender may fill at will is among them, since API Gateway does not escape it.
 */
export const ACCESS_LOG = AccessLogFormat.custom(
  JSON.stringify({
    requestId: AccessLogField.contextRequestId(),
    time: AccessLogField.contextRequestTime(),
    sourceIp: AccessLogField.contextIdentitySourceIp(),
    route: "$context.routeKey",
    status: AccessLogField.contextStatus(),
    responseLength: AccessLogField.contextResponseLength(),
    error: AccessLogField.contextErrorMessage(),
    integrationError: "$context.integrationErrorMessage",
  }),
);

/** In the caller's own scope: the API's address is in many senders' settings, and follows from its place in the tree. */
export function createHttpApi(scope: Construct, alarmAction: IAlarmAction): { api: HttpApi; stage: HttpStage } {
  const api = new HttpApi(scope, "Api", { createDefaultStage: false, apiName: "Gatebook" });
  const accessLogs = new LogGroup(scope, "ApiLogs", {
    retention: RetentionDays.ONE_YEAR,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  const stage = new HttpStage(scope, "ApiStage", {
    httpApi: api,
    autoDeploy: true,
    throttle: RATE_LIMIT,
    accessLogSettings: { destination: new LogGroupLogDestination(accessLogs), format: ACCESS_LOG },
  });
  // GitHub does not send again what was answered with an error: somebody has to ask it to, while it still remembers.
  new Alarm(scope, "ReceiveAlarm", {
    metric: stage.metricServerError({ period: Duration.minutes(5) }),
    threshold: 0,
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
    alarmDescription:
      "Gatebook failed to take some webhooks or events: their senders were told so and may not send them again. See docs/operations.md#webhooks-that-were-not-taken",
  }).addAlarmAction(alarmAction);
  return { api, stage };
}
