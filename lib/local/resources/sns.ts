/** AWS::SNS::Topic, ::TopicPolicy and ::Subscription. */
import {
  CreateTopicCommand,
  ListSubscriptionsByTopicCommand,
  SetTopicAttributesCommand,
  type SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from "@aws-sdk/client-sns";
import * as z from "zod";
import { LOCAL_ACCOUNT, LOCAL_REGION } from "../aws-service.ts";
import { LocalCloudError } from "../local-cloud-error.ts";
import { physicalName } from "./physical-name.ts";
import { Document, Flag, notServed, resourceType } from "./resource-type.ts";
import type { World } from "./world.ts";

const MAX_NAME = 256;

export const topic = resourceType({
  properties: z.object({
    TopicName: z.string().optional(),
    DisplayName: z.string().default(""),
    Subscription: z.array(z.object({ Endpoint: z.string(), Protocol: z.string() })).default([]),
    FifoTopic: notServed("topics keep no order"),
  }),
  withoutMeaning: ["KmsMasterKeyId", "TracingConfig", "SignatureVersion", "DeliveryStatusLogging"],
  async make(properties, { stackName, logicalId }, world) {
    const name = properties.TopicName ?? physicalName(stackName, logicalId, MAX_NAME);
    const arn = `arn:aws:sns:${LOCAL_REGION}:${LOCAL_ACCOUNT}:${name}`;
    await world.clients.sns.send(new CreateTopicCommand({ Name: name }));
    await removeSubscriptions(world.clients.sns, arn);
    const displayName = { AttributeName: "DisplayName", AttributeValue: properties.DisplayName };
    if (properties.DisplayName !== "") {
      await world.clients.sns.send(new SetTopicAttributesCommand({ TopicArn: arn, ...displayName }));
    }
    for (const { Endpoint, Protocol } of properties.Subscription) await subscribe(world, arn, Protocol, Endpoint, {});
    return { ref: arn, attributes: { TopicArn: arn, TopicName: name } };
  },
});

export const topicPolicy = resourceType({
  properties: z.object({ Topics: z.array(z.string()), PolicyDocument: Document }),
  make({ Topics, PolicyDocument }, { logicalId }, { policies }) {
    for (const arn of Topics) policies.putResourcePolicy(arn, PolicyDocument);
    return { ref: logicalId };
  },
});

export const subscription = resourceType({
  properties: z.object({
    TopicArn: z.string(),
    Protocol: z.string(),
    Endpoint: z.string(),
    FilterPolicy: Document.optional(),
    FilterPolicyScope: z.string().optional(),
    RawMessageDelivery: Flag.optional(),
  }),
  withoutMeaning: ["Region"],
  async make(properties, { logicalId }, world) {
    const attributes = {
      ...(properties.FilterPolicy && { FilterPolicy: JSON.stringify(properties.FilterPolicy) }),
      ...(properties.FilterPolicyScope && { FilterPolicyScope: properties.FilterPolicyScope }),
      ...(properties.RawMessageDelivery && { RawMessageDelivery: "true" }),
    };
    await subscribe(world, properties.TopicArn, properties.Protocol, properties.Endpoint, attributes);
    return { ref: `${properties.TopicArn}:${logicalId}` };
  },
});

/** Those of an earlier start: the template makes its own anew, and one that it no longer has would go on delivering. */
async function removeSubscriptions(sns: SNSClient, TopicArn: string): Promise<void> {
  const { Subscriptions = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
  for (const { SubscriptionArn } of Subscriptions) await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
}

type SubscriptionAttributes = Readonly<Record<string, string>>;

async function subscribe(
  world: World,
  topicArn: string,
  protocol: string,
  endpoint: string,
  attributes: SubscriptionAttributes,
): Promise<void> {
  if (protocol === "email") {
    world.mail.push({ topicArn, to: endpoint, attributes });
    return;
  }
  if (protocol === "http" || protocol === "https") {
    // To call somebody's real endpoint from a laptop would page people for a rehearsal.
    world.report(`${topicArn.split(":").at(-1)}: what it sends to ${endpoint} stays undelivered locally`);
    return;
  }
  if (protocol !== "sqs") {
    throw new LocalCloudError("NOT_SUPPORTED", `A subscription of ${protocol} to ${topicArn} is not served locally`);
  }
  world.startLater.push(async () => {
    requireDelivery(world, topicArn, endpoint);
    return { stop: async () => {} };
  });
  await world.clients.sns.send(
    new SubscribeCommand({ TopicArn: topicArn, Protocol: "sqs", Endpoint: endpoint, Attributes: { ...attributes } }),
  );
}

/** AWS drops what a topic may not send, and nobody hears of it: here it stops the start. */
function requireDelivery({ policies }: World, topicArn: string, endpoint: string): void {
  const conditions = { "aws:SourceArn": topicArn };
  const decision = policies.authorise("sns.amazonaws.com", [
    { action: "sqs:SendMessage", resource: endpoint, conditions },
  ]);
  if (decision.outcome === "denied") throw new LocalCloudError("DEPLOYMENT_FAILED", decision.reason);
}
