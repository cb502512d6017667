/** The topic that mails: to the people of gatebook.yml, from Gatebook and the alarms of its account. */
import { ArnFormat, RemovalPolicy, Stack } from "aws-cdk-lib";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { Construct } from "constructs";

export function createAlertTopic(
  scope: Construct,
  emails: readonly string[],
): { readonly topic: Topic; readonly alarmAction: SnsAction } {
  // CloudWatch alarms cannot publish to a topic under AWS's own key; nothing is stored under this one for longer than a delivery.
  const key = new Key(scope, "Key", {
    description: "Gatebook: alerts on their way",
    enableKeyRotation: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  const topic = new Topic(scope, "Topic", { displayName: "Gatebook", masterKey: key, enforceSSL: true });
  // What publishing to an encrypted topic takes (https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html).
  const alarms = alarmsOf(Stack.of(scope));
  key.grant(alarms, "kms:Decrypt", "kms:GenerateDataKey*");
  topic.grantPublish(alarms);
  for (const email of emails) topic.addSubscription(new EmailSubscription(email));
  return { topic, alarmAction: new SnsAction(topic) };
}

/** CloudWatch on behalf of this account's alarms, and of nobody else's. */
function alarmsOf(stack: Stack): ServicePrincipal {
  const arn = { service: "cloudwatch", resource: "alarm", resourceName: "*", arnFormat: ArnFormat.COLON_RESOURCE_NAME };
  return new ServicePrincipal("cloudwatch.amazonaws.com", {
    conditions: {
      StringEquals: { "aws:SourceAccount": stack.account },
      ArnLike: { "aws:SourceArn": stack.formatArn(arn) },
    },
  });
}
