/** Hands something to a queue, topic or function by its ARN, for somebody who must be allowed to. */
import { PublishCommand } from "@aws-sdk/client-sns";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { AwsError } from "../aws-service.ts";
import { LocalCloudError } from "../local-cloud-error.ts";
import { queueNameOf, queueUrl } from "../queues.ts";
import type { Deliver } from "../services/event-bridge/delivery.ts";
import type { World } from "./world.ts";

export interface Sending {
  /** A role, or a service's principal. */
  readonly caller: string;
  readonly targetArn: string;
  /** On whose behalf, which resource policies ask for. */
  readonly sourceArn?: string;
}

const ACTIONS: Readonly<Record<string, string>> = {
  sqs: "sqs:SendMessage",
  sns: "sns:Publish",
  lambda: "lambda:InvokeFunction",
};

type Reach = Pick<World, "clients" | "policies" | "functions" | "url">;

/** Resolves once the target has the text. Throws AwsError `AccessDenied` where it may not be sent. */
export async function sendToTarget(
  world: Reach,
  sending: Sending,
  text: string,
  attributes: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { targetArn } = sending;
  requireReachable(world, sending);
  const MessageAttributes = Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, { DataType: "String", StringValue: value }]),
  );
  switch (targetArn.split(":")[2]) {
    case "sqs": {
      const QueueUrl = queueUrl(world.url, queueNameOf(targetArn));
      await world.clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: text, MessageAttributes }));
      break;
    }
    case "sns":
      await world.clients.sns.send(new PublishCommand({ TopicArn: targetArn, Message: text, MessageAttributes }));
      break;
    default:
      world.functions.invokeLater(targetArn, Buffer.from(text));
  }
}

/** Throws NOT_SUPPORTED for a kind of target that is not served, AwsError `AccessDenied` for one that the caller may not use. */
export function requireReachable(
  { policies }: Pick<World, "policies">,
  { caller, targetArn, sourceArn }: Sending,
): void {
  const action = ACTIONS[targetArn.split(":")[2] ?? ""];
  if (action === undefined)
    throw new LocalCloudError("NOT_SUPPORTED", `${targetArn} is no target that is served locally`);
  const conditions = sourceArn === undefined ? {} : { "aws:SourceArn": sourceArn };
  const decision = policies.authorise(caller, [{ action, resource: targetArn, conditions }]);
  if (decision.outcome === "denied") throw new AwsError("AccessDenied", 403, decision.reason);
}

/** What EventBridge hands its events over with: a rule's target is reached in the service's own name, unless it names a role. */
export function deliverTo(world: Promise<Reach>): Deliver {
  return async ({ targetArn, rule, event, target, deadLetter }) => {
    const isDeadLetter = deadLetter !== undefined;
    const caller = (isDeadLetter ? undefined : target.RoleArn) ?? "events.amazonaws.com";
    await sendToTarget(await world, { caller, targetArn, sourceArn: rule.arn }, JSON.stringify(event), deadLetter);
  };
}
