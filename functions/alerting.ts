/** What keeps mails few and where they go, put together for a function that mails. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SNSClient } from "@aws-sdk/client-sns";
import type * as z from "zod";
import { dynamoDbAlertWindows } from "../lib/adapters/dynamodb-alert-windows.ts";
import { dynamoDbNoticeStore } from "../lib/adapters/dynamodb-notice-store.ts";
import { dynamoDbOutbox } from "../lib/adapters/dynamodb-outbox.ts";
import { snsAlertTopic } from "../lib/adapters/sns-alert-topic.ts";
import type { DigestEnv } from "./env.ts";
import { readSettings } from "./settings.ts";

export function alerting(env: z.infer<typeof DigestEnv>) {
  const client = new DynamoDBClient();
  return {
    configuration: readSettings().configuration,
    notices: dynamoDbNoticeStore({ client, tableName: env.NOTICE_TABLE }),
    windows: dynamoDbAlertWindows({ client, tableName: env.NOTICE_TABLE }),
    outbox: dynamoDbOutbox({ client, tableName: env.OUTBOX_TABLE }),
    topic: snsAlertTopic({ client: new SNSClient(), topicArn: env.ALERT_TOPIC_ARN }),
    now: Date.now,
  };
}
