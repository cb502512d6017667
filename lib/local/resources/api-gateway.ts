/** AWS::ApiGatewayV2::Api, ::Integration, ::Route and ::Stage. */
import { createHash } from "node:crypto";
import * as z from "zod";
import { Count, notServed, resourceType } from "./resource-type.ts";

const ID_DIGITS = 10;
const MAX_TIMEOUT_MS = 30_000;

export const httpApi = resourceType({
  properties: z.object({
    ProtocolType: z.literal("HTTP"),
    CorsConfiguration: notServed("pages of other origins may not call this cloud"),
    Body: notServed("an API's routes are resources"),
    BodyS3Location: notServed("an API's routes are resources"),
    RouteKey: notServed("an API's routes are resources"),
    Target: notServed("an API's routes are resources"),
  }),
  withoutMeaning: ["Name", "Description", "DisableExecuteApiEndpoint"],
  make(_, { stackName, logicalId }, { httpApis, url }) {
    const digest = createHash("sha256").update(`${stackName}/${logicalId}`).digest("hex");
    const id = `a${digest.slice(1, ID_DIGITS)}`;
    httpApis.addApi(id);
    return { ref: id, attributes: { ApiId: id, ApiEndpoint: url } };
  },
});

export const integration = resourceType({
  properties: z.object({
    ApiId: z.string(),
    IntegrationType: z.literal("AWS_PROXY"),
    IntegrationUri: z.string().startsWith("arn:aws:lambda:", "only functions are served locally"),
    PayloadFormatVersion: z.literal("2.0"),
    TimeoutInMillis: Count.min(50).max(MAX_TIMEOUT_MS).default(MAX_TIMEOUT_MS),
    RequestParameters: notServed("requests are passed on as they are"),
    ResponseParameters: notServed("answers are passed on as they are"),
  }),
  withoutMeaning: ["Description", "IntegrationMethod"],
  make({ IntegrationUri, TimeoutInMillis }, { logicalId }, { httpApis }) {
    httpApis.addIntegration(logicalId, { functionArn: IntegrationUri, timeoutMs: TimeoutInMillis });
    return { ref: logicalId, attributes: { IntegrationId: logicalId } };
  },
});

export const route = resourceType({
  properties: z.object({
    ApiId: z.string(),
    RouteKey: z.string().regex(/^(\$default|[A-Z]+ \/\S*)$/),
    Target: z.string().startsWith("integrations/"),
    AuthorizationType: z.enum(["NONE", "AWS_IAM"]).default("NONE"),
    AuthorizerId: notServed("requests are signed by IAM or checked by the function"),
  }),
  withoutMeaning: ["OperationName"],
  make({ RouteKey, Target, AuthorizationType }, { logicalId }, { httpApis }) {
    const target = Target.slice("integrations/".length);
    httpApis.addRoute({ key: RouteKey, integration: target, needsIam: AuthorizationType === "AWS_IAM" });
    return { ref: logicalId, attributes: { RouteId: logicalId } };
  },
});

export const stage = resourceType({
  properties: z.object({ ApiId: z.string(), StageName: z.string() }),
  withoutMeaning: ["AutoDeploy", "Description", "AccessLogSettings", "DefaultRouteSettings", "RouteSettings"],
  make({ StageName }, _, { httpApis }) {
    httpApis.addStage(StageName);
    return { ref: StageName };
  },
});
