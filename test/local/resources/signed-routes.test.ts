/** Routes of the HTTP API that IAM authorises: who is let in, and what everybody else is told. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is the syntax of Fn::Sub.
import { request as httpRequest } from "node:http";
import { describe, expect, test } from "vitest";
import { LOCAL_OWNER_KEY } from "../../../lib/local/aws-service.ts";
import { MAX_BODY_BYTES } from "../../../lib/local/gateway/http-message.ts";
import { arnOf, cloudOf, functionOf, roleFor, type TestTemplate } from "./cloud-of.ts";

const ECHO = `export const handler = async ({ requestContext, body }) => ({
  statusCode: 200,
  body: JSON.stringify({ key: process.env.AWS_ACCESS_KEY_ID, authorizer: requestContext.authorizer ?? null, body }),
});`;
const FORBIDDEN = [403, { message: "Forbidden" }];

interface Answer {
  readonly key: string;
  readonly authorizer: { readonly iam: Readonly<Record<string, unknown>> } | null;
}

/** The function plays both ends: its own key is the one whose role has the grants. */
function api(grants: Readonly<Record<string, unknown>>, stage = "$default"): TestTemplate {
  const route = (RouteKey: string, AuthorizationType: string): object => ({
    Type: "AWS::ApiGatewayV2::Route",
    Properties: {
      ApiId: { Ref: "Api" },
      RouteKey,
      Target: { "Fn::Sub": "integrations/${Integration}" },
      AuthorizationType,
    },
  });
  return {
    Resources: {
      Events: route("POST /v1/events", "AWS_IAM"),
      Person: route("GET /v1/people/{person}", "AWS_IAM"),
      Open: route("POST /v1/open", "NONE"),
      Role: roleFor(grants),
      Echo: functionOf(ECHO, "Role"),
      Api: { Type: "AWS::ApiGatewayV2::Api", Properties: { ProtocolType: "HTTP", Name: "Test" } },
      Stage: { Type: "AWS::ApiGatewayV2::Stage", Properties: { ApiId: { Ref: "Api" }, StageName: stage } },
      Integration: {
        Type: "AWS::ApiGatewayV2::Integration",
        Properties: {
          ApiId: { Ref: "Api" },
          IntegrationType: "AWS_PROXY",
          IntegrationUri: arnOf("Echo"),
          PayloadFormatVersion: "2.0",
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
    },
  };
}

const invoke = (path: string): Readonly<Record<string, unknown>> => ({
  "execute-api:Invoke": { "Fn::Sub": `arn:aws:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${Api}/${path}` },
});

function signed(accessKeyId: string, service = "execute-api"): string {
  return `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20261122/eu-west-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;
}

async function send(url: string, authorization?: string, method = "POST"): Promise<[number, unknown]> {
  const headers = { "content-type": "application/json", ...(authorization && { authorization }) };
  const reply = await fetch(url, { method, headers, ...(method === "POST" && { body: "{}" }) });
  return [reply.status, JSON.parse(await reply.text())];
}

async function keyOf(url: string): Promise<string> {
  return ((await send(url))[1] as Answer).key;
}

describe("a route that needs IAM", () => {
  test("lets in whose policies allow the route, and tells the function who that is", async () => {
    const { cloud } = await cloudOf(api(invoke("$default/POST/v1/events")));
    const key = await keyOf(`${cloud.url}/v1/open`);
    const [status, answer] = await send(`${cloud.url}/v1/events`, signed(key));
    expect(status).toBe(200);
    const userId = expect.stringMatching(/^AROA[A-Z2-7]{17}:Test-Echo-\w+$/);
    expect(answer).toMatchObject({
      body: "{}",
      authorizer: {
        iam: {
          accessKey: key,
          accountId: "000000000000",
          callerId: userId,
          cognitoIdentity: null,
          principalOrgId: null,
          userArn: expect.stringMatching(/^arn:aws:sts::000000000000:assumed-role\/Test-Role-\w+\/Test-Echo-\w+$/),
          userId,
        },
      },
    });
    expect(await send(`${cloud.url}/v1/people/ana`, signed(key), "GET")).toEqual(FORBIDDEN);
  });

  test("is asked for by the path that was sent, decoded, and within the API's stage", async () => {
    const { cloud } = await cloudOf(api(invoke("live/GET/v1/people/a*"), "live"));
    const key = await keyOf(`${cloud.url}/live/v1/open`);
    const get = (person: string): Promise<[number, unknown]> =>
      send(`${cloud.url}/live/v1/people/${person}`, signed(key), "GET");
    expect((await get("ana"))[0]).toBe(200);
    expect((await get("%61na"))[0]).toBe(200);
    expect(await get("bo")).toEqual(FORBIDDEN);
    expect(await send(`${cloud.url}/v1/people/ana`, signed(key), "GET")).toEqual([404, { message: "Not Found" }]);
  });

  test("lets the cloud's owner in without a policy, by header and by query", async () => {
    const { cloud } = await cloudOf(api({}));
    const iam = { accessKey: LOCAL_OWNER_KEY, userArn: "arn:aws:iam::000000000000:root", userId: "000000000000" };
    expect(await send(`${cloud.url}/v1/events`, signed(LOCAL_OWNER_KEY))).toMatchObject([200, { authorizer: { iam } }]);
    const credential = encodeURIComponent(`${LOCAL_OWNER_KEY}/20261122/eu-west-1/execute-api/aws4_request`);
    const presigned = `${cloud.url}/v1/events?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${credential}`;
    expect(await send(presigned)).toMatchObject([200, { authorizer: { iam } }]);
  });

  test("answers Forbidden and no more to everybody else", async () => {
    const { cloud } = await cloudOf(api({ "s3:GetObject": "*" }));
    const key = await keyOf(`${cloud.url}/v1/open`);
    for (const authorization of [
      undefined,
      "Bearer token",
      "",
      signed(key),
      signed("NOBODY"),
      signed("__proto__"),
      signed(`${LOCAL_OWNER_KEY}%00`),
      "AWS4-HMAC-SHA256",
      "AWS4-HMAC-SHA256 Credential=",
      `AWS4-HMAC-SHA256 Credential=${LOCAL_OWNER_KEY}`,
      `AWS4-HMAC-SHA256 Credential=${LOCAL_OWNER_KEY}/today/eu-west-1/execute-api/aws4_request`,
      `AWS4-HMAC-SHA256 Credential=/20261122/eu-west-1/execute-api/aws4_request`,
      `AWS4-ECDSA-P256-SHA256 ${"A".repeat(8_000)}`,
      `AWS4-HMAC-SHA256 ${"Credential=".repeat(500)}`,
    ]) {
      expect(await send(`${cloud.url}/v1/events`, authorization), authorization ?? "none").toEqual(FORBIDDEN);
    }
    expect(await send(`${cloud.url}/v1/events?X-Amz-Credential=x`)).toEqual(FORBIDDEN);
  });

  test("refuses a signed body that is too large as API Gateway does", async () => {
    const { cloud } = await cloudOf(api({}));
    const body = Buffer.alloc(10 * 1024 * 1024 + 1);
    const headers = { authorization: signed(LOCAL_OWNER_KEY) };
    const large = await fetch(`${cloud.url}/v1/events`, { method: "POST", headers, body });
    expect([large.status, await large.json()]).toEqual([413, { message: "Request Entity Too Large" }]);
    const status = await new Promise((resolve, reject) => {
      const announced = { ...headers, "content-length": String(MAX_BODY_BYTES + 1) };
      const outgoing = httpRequest(`${cloud.url}/v1/events`, { method: "POST", headers: announced }, (reply) => {
        resolve(reply.resume().statusCode);
        outgoing.destroy();
      });
      outgoing.once("error", reject).flushHeaders();
    });
    expect(status).toBe(413);
    expect((await send(`${cloud.url}/v1/events`, signed(LOCAL_OWNER_KEY)))[0]).toBe(200);
  });
});

test("a route without authorisation does not look at signatures", async () => {
  const { cloud } = await cloudOf(api({}));
  for (const authorization of [signed(LOCAL_OWNER_KEY), signed("NOBODY"), "AWS4-HMAC-SHA256", "Bearer token"]) {
    expect(await send(`${cloud.url}/v1/open`, authorization)).toMatchObject([200, { authorizer: null }]);
  }
});

test("a signature that cannot be read, for a path that the API does not have, is still an error of AWS's", async () => {
  const { cloud } = await cloudOf(api({}));
  const reply = await fetch(`${cloud.url}/v1/nowhere`, { headers: { authorization: "AWS4-HMAC-SHA256" } });
  expect([reply.status, reply.headers.get("x-amzn-errortype")]).toEqual([403, "IncompleteSignature"]);
});
