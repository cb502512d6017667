/** DynamoDB, SQS and SNS as other people's servers on this machine do them, behind the gateway's authorisation. */
import * as z from "zod";
import { type AwsReply, type AwsRequest, type AwsService, LOCAL_ACCOUNT } from "../../aws-service.ts";
import { notImplemented } from "../json-service.ts";
import { describeDynamoDb } from "./dynamodb-permissions.ts";
import { httpForward } from "./http-forward.ts";
import { describeSns } from "./sns-permissions.ts";
import { describeSqs } from "./sqs-permissions.ts";

const SERVICES = {
  dynamodb: { describe: describeDynamoDb, contentType: "application/x-amz-json-1.0" },
  sqs: { describe: describeSqs, contentType: "application/x-amz-json-1.0" },
  sns: { describe: describeSns, contentType: "application/x-www-form-urlencoded" },
};

/**
 * @param url the origin of dynalite (`dynamodb`) or fauxqs (`sqs`, `sns`), on 127.0.0.1.
 */
export function forwardTo(service: "dynamodb" | "sqs" | "sns", url: string): AwsService {
  const { describe, contentType } = SERVICES[service];
  const forward = httpForward(url);
  return {
    describe(request) {
      refuseOtherForms(request, contentType);
      return describe(request);
    },
    async handle(request, operation) {
      const reply = await forward.send(request);
      return service === "sqs" && reply.status === 200 && NAMES_QUEUES.has(operation)
        ? withQueueUrlsOf(request, reply)
        : reply;
    },
    async close() {
      forward.close();
    },
  };
}

/** fauxqs chooses between SQS, SNS and an S3 of its own by path and content type: in another form a request would be served as what it was not authorised as. */
function refuseOtherForms({ service, method, path, headers }: AwsRequest, contentType: string): void {
  if (method === "POST" && path === "/" && headers["content-type"]?.split(";")[0]?.trim() === contentType) return;
  throw notImplemented(`${service} but by POST / with ${contentType}`);
}

const NAMES_QUEUES: ReadonlySet<string> = new Set(["CreateQueue", "GetQueueUrl", "ListQueues"]);

const QueueUrls = z.looseObject({ QueueUrl: z.string().optional(), QueueUrls: z.array(z.string()).optional() });

/**
 * The SDK sends a request to wherever its QueueUrl points, whatever endpoint it was given by the environment. fauxqs stores a queue's URL with the
 * host that it was created through, which may have been another port of an earlier run: it has to name this gateway, or calls would go past it.
 * On the way in nothing is changed, since fauxqs looks at the last part of the path alone.
 */
function withQueueUrlsOf(request: AwsRequest, reply: AwsReply): AwsReply {
  const answer = QueueUrls.parse(JSON.parse(reply.body.toString()));
  const rewrite = (queueUrl: string): string =>
    `http://${request.headers["host"]}/${LOCAL_ACCOUNT}/${queueUrl.slice(queueUrl.lastIndexOf("/") + 1)}`;
  const body = JSON.stringify({
    ...answer,
    ...(answer.QueueUrl !== undefined && { QueueUrl: rewrite(answer.QueueUrl) }),
    ...(answer.QueueUrls !== undefined && { QueueUrls: answer.QueueUrls.map(rewrite) }),
  });
  const { "content-length": _length, ...headers } = reply.headers;
  return { ...reply, headers, body };
}
