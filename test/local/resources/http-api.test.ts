/** The HTTP API on the gateway's port: what a function is given, and what its caller gets. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is the syntax of Fn::Sub.
import { expect, test } from "vitest";
import { LOCAL_OWNER_KEY } from "../../../lib/local/aws-service.ts";
import { arnOf, cloudOf, functionOf, roleFor, type TestTemplate } from "./cloud-of.ts";

const ECHO = `export const handler = async (event) => {
  if (event.rawPath.endsWith("/boom")) throw new Error("boom");
  if (event.rawPath.endsWith("/slow")) await new Promise((done) => setTimeout(done, 5000));
  if (event.rawPath.endsWith("/plain")) return { made: "by inference" };
  if (event.rawPath.endsWith("/bytes")) return { statusCode: 201, headers: { "X-Kind": "bytes" }, body: "AP8=", isBase64Encoded: true };
  return { statusCode: 200, body: JSON.stringify(event) };
};`;

function api(routes: readonly string[], more: Readonly<Record<string, object>> = {}): TestTemplate {
  const route = (RouteKey: string, properties: object = {}): object => ({
    Type: "AWS::ApiGatewayV2::Route",
    Properties: { ApiId: { Ref: "Api" }, RouteKey, Target: { "Fn::Sub": "integrations/${Echoes}" }, ...properties },
  });
  return {
    Resources: {
      ...Object.fromEntries(routes.map((key, index) => [`Route${index}`, route(key)])),
      Signed: route("GET /signed", { AuthorizationType: "AWS_IAM" }),
      Role: roleFor({}),
      Echo: functionOf(ECHO, "Role"),
      Api: { Type: "AWS::ApiGatewayV2::Api", Properties: { ProtocolType: "HTTP", Name: "Test" } },
      Stage: { Type: "AWS::ApiGatewayV2::Stage", Properties: { ApiId: { Ref: "Api" }, StageName: "$default" } },
      Echoes: {
        Type: "AWS::ApiGatewayV2::Integration",
        Properties: {
          ApiId: { Ref: "Api" },
          IntegrationType: "AWS_PROXY",
          IntegrationUri: arnOf("Echo"),
          PayloadFormatVersion: "2.0",
          TimeoutInMillis: 2_000,
        },
      },
      Permission: {
        Type: "AWS::Lambda::Permission",
        Properties: {
          Action: "lambda:InvokeFunction",
          FunctionName: arnOf("Echo"),
          Principal: "apigateway.amazonaws.com",
          SourceArn: { "Fn::Sub": "arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/*/*" },
        },
      },
      ...more,
    },
    Outputs: { Url: { Value: { "Fn::Sub": "https://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}/" } } },
  };
}

async function json(response: Response): Promise<unknown> {
  return JSON.parse(await response.text());
}

test("a request reaches its function as payload 2.0, text as text and all else as base64", async () => {
  const { cloud } = await cloudOf(api(["POST /v1/webhooks/{source}", "ANY /v1/{proxy+}"]));
  expect(cloud.outputs["Url"]).toBe(`${cloud.url}/`);
  const url = `${cloud.url}/v1/webhooks/git%20hub?a=1&a=2&b=x%20y`;
  const headers = { "X-Signature": "abc", authorization: "Bearer token", cookie: "a=b; c=d" };

  const asJson = await fetch(url, {
    method: "POST",
    headers: { ...headers, "Content-Type": "application/json" },
    body: '{"ü":1}',
  });
  expect(asJson.headers.get("content-type")).toContain("text/plain");
  expect(await json(asJson)).toMatchObject({
    version: "2.0",
    routeKey: "POST /v1/webhooks/{source}",
    rawPath: "/v1/webhooks/git hub",
    cookies: ["a=b", "c=d"],
    headers: { "x-signature": "abc", authorization: "Bearer token" },
    queryStringParameters: { a: "1,2", b: "x y" },
    pathParameters: { source: "git hub" },
    requestContext: { http: { method: "POST" }, stage: "$default" },
    body: '{"ü":1}',
    isBase64Encoded: false,
  });
  for (const type of ["application/x-www-form-urlencoded", "application/octet-stream", ""]) {
    const body = Buffer.from([0, 255, 13, 10]);
    const answer = await json(await fetch(url, { method: "POST", headers: { "Content-Type": type }, body }));
    expect(answer).toMatchObject({ body: body.toString("base64"), isBase64Encoded: true });
  }
});

test("answers come back as the function formats them, and failures as API Gateway's own", async () => {
  const { cloud } = await cloudOf(api(["ANY /v1/{proxy+}"]));
  const get = (path: string): Promise<Response> => fetch(cloud.url + path);

  const bytes = await get("/v1/bytes");
  expect([bytes.status, bytes.headers.get("x-kind")]).toEqual([201, "bytes"]);
  expect(Buffer.from(await bytes.arrayBuffer())).toEqual(Buffer.from([0, 255]));
  expect(await json(await get("/v1/plain"))).toEqual({ made: "by inference" });

  const boom = await get("/v1/boom");
  expect([boom.status, await json(boom)]).toEqual([500, { message: "Internal Server Error" }]);
  const unknown = await get("/v2");
  expect([unknown.status, await json(unknown)]).toEqual([404, { message: "Not Found" }]);
  const slow = await get("/v1/slow");
  expect([slow.status, await json(slow)]).toEqual([503, { message: "Service Unavailable" }]);
  const large = await fetch(`${cloud.url}/v1/x`, { method: "POST", body: Buffer.alloc(10 * 1024 * 1024 + 1) });
  expect([large.status, await json(large)]).toEqual([413, { message: "Request Entity Too Large" }]);
});

test("a route that needs IAM refuses whoever does not sign, and names whoever does", async () => {
  const { cloud } = await cloudOf(api([]));
  expect((await fetch(`${cloud.url}/signed`)).status).toBe(403);
  const credential = `Credential=${LOCAL_OWNER_KEY}/20261122/eu-west-1/execute-api/aws4_request`;
  const headers = { authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host, Signature=0` };
  expect(await json(await fetch(`${cloud.url}/signed`, { headers }))).toMatchObject({
    requestContext: { authorizer: { iam: { userArn: "arn:aws:iam::000000000000:root" } } },
  });
});

test("a function that API Gateway has no permission to invoke is not invoked", async () => {
  const { cloud, faults } = await cloudOf(api(["GET /v1/x"], { Permission: { Type: "AWS::CDK::Metadata" } }));
  expect((await fetch(`${cloud.url}/v1/x`)).status).toBe(500);
  expect(String(faults[0])).toContain("apigateway.amazonaws.com is not authorized to perform: lambda:InvokeFunction");
});
