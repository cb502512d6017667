/** Who may call the HTTP API: webhooks by their own signature, everything else signed for IAM. */
import { expect, test } from "vitest";
import { runbookAnchors } from "./runbook.ts";
import { synthesise } from "./synthesised-stack.ts";

const gatebook = synthesise();
const STAGING_DAYS = 30;
const QUEUE_DAYS = 14;

test("webhooks alone are let in without IAM", () => {
  const routes = gatebook.ofType("AWS::ApiGatewayV2::Route").map(({ Properties }) => Properties);
  const open = routes.filter(({ AuthorizationType }) => AuthorizationType !== "AWS_IAM");
  expect(open.map(({ RouteKey }) => RouteKey)).toEqual(["POST /v1/webhooks/{source}"]);
  const keys = routes.map(({ RouteKey }) => RouteKey);
  expect(keys).toEqual(expect.arrayContaining(["POST /v1/events", "GET /v1/log/{path+}"]));
});

test("one stage serves all, throttled and logged", () => {
  const [stage, ...more] = gatebook.ofType("AWS::ApiGatewayV2::Stage");
  expect(more).toEqual([]);
  expect(stage?.Properties.DefaultRouteSettings).toEqual({ ThrottlingBurstLimit: 400, ThrottlingRateLimit: 200 });
  expect(stage?.Properties.AccessLogSettings.DestinationArn).toMatch(/ApiLogs/);
});

test("the API stays where senders know it: its logical ids never change", () => {
  const ids = ["AWS::ApiGatewayV2::Api", "AWS::ApiGatewayV2::Stage"].flatMap((type) =>
    gatebook.ofType(type).map(({ logicalId }) => logicalId),
  );
  expect(ids).toEqual(["IngestionApiFEDAF8CA", "IngestionApiStage8F32F94E"]);
});

test("outputs say where events go, and the runbook how to be let in", () => {
  expect(Object.keys(JSON.parse(gatebook.text).Outputs)).toEqual(
    expect.arrayContaining(["EventsUrl", "LogUrl", "MessageBucket"]),
  );
  expect(runbookAnchors()).toContain("let-a-tool-send-events");
});

test("a message too large for the queue outlives its pointer, in the queue and put aside", () => {
  const { LifecycleConfiguration } = gatebook.only("AWS::S3::Bucket", "EvidenceStaging").Properties;
  expect(LifecycleConfiguration.Rules).toEqual([{ ExpirationInDays: STAGING_DAYS, Status: "Enabled" }]);
  expect(STAGING_DAYS).toBeGreaterThan(2 * QUEUE_DAYS);
});
