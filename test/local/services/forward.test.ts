/** DynamoDB, SQS and SNS behind the gateway, through AWS's own SDK, on dynalite and fauxqs. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { buildApp } from "fauxqs";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { LOCAL_OWNER_KEY, LOCAL_REGION } from "../../../lib/local/aws-service.ts";
import { forwardTo } from "../../../lib/local/services/forward/forward-to.ts";
import { grant, ROLE_KEY, startWorld, type World } from "../gateway/world.ts";

async function startFauxqs(host?: string): Promise<string> {
  const app = buildApp({ logger: false, ...(host && { host }) });
  onTestFinished(() => app.close());
  return app.listen({ port: 0, host: "127.0.0.1" });
}

async function startMessaging(host?: string): Promise<World & { readonly sqs: SQSClient; readonly sns: SNSClient }> {
  const origin = await startFauxqs(host);
  const services = { sqs: forwardTo("sqs", origin), sns: forwardTo("sns", origin) };
  const world = await startWorld(services);
  onTestFinished(async () => void (await Promise.all([services.sqs.close?.(), services.sns.close?.()])));
  return { ...world, sqs: new SQSClient(world.client()), sns: new SNSClient(world.client()) };
}

describe("SQS", () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  test.each([undefined, "localhost"])(
    "names its queues by the gateway's address, whatever fauxqs calls them (%s)",
    async (host) => {
      const { sqs, gateway } = await startMessaging(host);
      const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "intake" }));
      expect(QueueUrl).toBe(`${gateway.url}/000000000000/intake`);
      expect((await sqs.send(new GetQueueUrlCommand({ QueueName: "intake" }))).QueueUrl).toBe(QueueUrl);
      expect((await sqs.send(new ListQueuesCommand({}))).QueueUrls).toEqual([QueueUrl]);
    },
  );

  test("is reached by an SDK that knows the endpoint from its environment and the queue by its URL", async () => {
    const { sqs, gateway, calls } = await startMessaging("localhost");
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "intake" }));
    vi.stubEnv("AWS_ENDPOINT_URL", gateway.url);
    vi.stubEnv("AWS_ACCESS_KEY_ID", LOCAL_OWNER_KEY);
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "not checked");
    vi.stubEnv("AWS_REGION", LOCAL_REGION);
    const warnings: unknown[] = [];
    const log = (): void => undefined;
    const logger = { debug: log, info: log, error: log, warn: (message: unknown) => warnings.push(message) };
    const fromEnvironment = new SQSClient({ logger });
    await fromEnvironment.send(new SendMessageCommand({ QueueUrl, MessageBody: 'ö\n"€' }));
    const { Messages } = await fromEnvironment.send(new ReceiveMessageCommand({ QueueUrl }));
    expect(Messages?.[0]?.Body).toBe('ö\n"€');
    expect(warnings).toEqual([]);
    expect(calls.map(({ operation }) => operation)).toEqual(["CreateQueue", "SendMessage", "ReceiveMessage"]);
  });

  test("asks of a batch what it asks of one message", async () => {
    const { sqs, policies, client } = await startMessaging();
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "intake" }));
    const queue = `arn:aws:sqs:${LOCAL_REGION}:000000000000:intake`;
    grant(policies, { Effect: "Allow", Action: "sqs:SendMessage", Resource: queue });
    const role = new SQSClient(client(ROLE_KEY));
    const batch = new SendMessageBatchCommand({ QueueUrl, Entries: [{ Id: "1", MessageBody: "x" }] });
    expect((await role.send(batch)).Successful).toHaveLength(1);
    await expect(role.send(new ReceiveMessageCommand({ QueueUrl }))).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringContaining(`sqs:ReceiveMessage on resource: ${queue}`),
    });
  });

  test("authorises a queue by the one reading of its URL that there is", async () => {
    const { sqs, policies, gateway, client } = await startMessaging();
    await sqs.send(new CreateQueueCommand({ QueueName: "intake" }));
    grant(policies, { Effect: "Allow", Action: "sqs:*", Resource: "arn:aws:sqs:*:*:mine" });
    const role = new SQSClient(client(ROLE_KEY));
    const urls = [
      "/000000000000/mine/../intake",
      "/000000000000/mine?/intake",
      "/000000000000/mine%2Fintake",
      "/111122223333/mine",
    ];
    for (const path of urls) {
      const sent = role.send(new SendMessageCommand({ QueueUrl: gateway.url + path, MessageBody: "x" }));
      await expect(sent).rejects.toMatchObject({ name: expect.stringMatching(/InvalidAddress/) });
    }
  });
});

describe("SNS", () => {
  test("delivers to its queues what a role may publish", async () => {
    const { sqs, sns, policies, client } = await startMessaging();
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "mail" }));
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "alerts" }));
    const Endpoint = `arn:aws:sqs:${LOCAL_REGION}:000000000000:mail`;
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint }));
    const role = new SNSClient(client(ROLE_KEY));
    grant(policies);
    const publish = new PublishCommand({ TopicArn, Message: "<alert & more>" });
    await expect(role.send(publish)).rejects.toMatchObject({ name: "AuthorizationErrorException" });
    grant(policies, { Effect: "Allow", Action: "sns:Publish", Resource: TopicArn ?? "" });
    await role.send(publish);
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    expect(JSON.parse(Messages?.[0]?.Body ?? "{}")).toMatchObject({ Message: "<alert & more>", TopicArn });
  });
});

describe("what is passed on", () => {
  test("cannot be read as another request than was authorised", async () => {
    const { send, policies } = await startMessaging();
    grant(policies, { Effect: "Allow", Action: "sns:Publish", Resource: "arn:aws:sns:eu-west-1:000000000000:mine" });
    const body = '{"QueueName":"&Action=Publish&TopicArn=arn:aws:sns:eu-west-1:000000000000:mine&"}';
    const headers = { "content-type": "application/x-amz-json-1.0", "x-amz-target": "AmazonSQS.CreateQueue" };
    const asJson = await send("sns", { method: "POST", accessKeyId: ROLE_KEY, headers, body });
    expect(asJson.status).toBe(501);
    expect((await send("sqs", { method: "PUT", path: "/bucket" })).status).toBe(501);
    const form = { "content-type": "application/x-www-form-urlencoded" };
    const twice =
      "Action=Publish&TopicArn=arn:aws:sns:eu-west-1:000000000000:mine&TopicArn=arn:aws:sns:eu-west-1:000000000000:other";
    const doubled = await send("sns", { method: "POST", accessKeyId: ROLE_KEY, headers: form, body: twice });
    expect(doubled.status).toBe(400);
  });

  test("is answered with ServiceUnavailable while nobody is there to take it", async () => {
    const placeholder = createServer();
    await new Promise<void>((resolve) => placeholder.listen(0, "127.0.0.1", resolve));
    const { port } = placeholder.address() as AddressInfo;
    await new Promise((resolve) => placeholder.close(resolve));
    const { client } = await startWorld({ sqs: forwardTo("sqs", `http://127.0.0.1:${port}`) });
    const listed = new SQSClient(client()).send(new ListQueuesCommand({}));
    await expect(listed).rejects.toMatchObject({ $metadata: { httpStatusCode: 503 } });
  });

  test("is not waited for once the forwarding is closed", async () => {
    const origin = await startFauxqs();
    const service = forwardTo("sqs", origin);
    const { client, gateway } = await startWorld({ sqs: service });
    const sqs = new SQSClient(client());
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "empty" }));
    const polled = sqs
      .send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }))
      .catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await service.close?.();
    expect(await polled).toMatchObject({ $metadata: { httpStatusCode: 503 } });
    await gateway.close();
  });
});
