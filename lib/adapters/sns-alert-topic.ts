/** Alerts on an SNS topic. */
import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import type { AlertTopic } from "../core/alerting/alert-topic.ts";

export function snsAlertTopic({ client, topicArn }: { client: SNSClient; topicArn: string }): AlertTopic {
  return {
    async publish({ subject, body }) {
      const { MessageId } = await client.send(
        new PublishCommand({ TopicArn: topicArn, Subject: subject, Message: body }),
      );
      if (MessageId === undefined) throw new Error(`${topicArn} answered a publish without a message id`);
      return MessageId;
    },
  };
}
