/** What would be mailed: each e-mail subscription of a topic is a queue, and each message in it becomes a readable file. */
import { createHash } from "node:crypto";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SubscribeCommand } from "@aws-sdk/client-sns";
import { DeleteMessageCommand, type Message, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import * as z from "zod";
import type { Clients } from "./clients.ts";
import { pause } from "./pause.ts";
import { ensureQueue, queueArn, queueUrl } from "./queues.ts";

export interface MailSubscription {
  readonly topicArn: string;
  /** E-mail address. */
  readonly to: string;
  /** Filter policies, as SNS takes them. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly body: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** The topic's ARN. */
  readonly topic: string;
}

export interface MailboxOptions {
  readonly url: string;
  readonly directory: string;
  readonly clients: Pick<Clients, "sns" | "sqs">;
  onMail(mail: Mail): void;
  onFault(error: unknown): void;
}

/** What SNS writes into a queue. */
const Notification = z.object({
  Message: z.string(),
  MessageId: z.string(),
  Subject: z.string().optional(),
  Timestamp: z.iso.datetime(),
  TopicArn: z.string(),
});
type Notification = z.infer<typeof Notification>;

/** What SNS puts where a publisher gave no subject. */
const DEFAULT_SUBJECT = "AWS Notification Message";
const LONG_POLL_SECONDS = 20;
const RETRY_MS = 1_000;
const DIGEST_DIGITS = 16;

/** @returns `stop` ends the polling; what is not yet read is read at the next start. */
export async function startMailbox(
  subscriptions: readonly MailSubscription[],
  options: MailboxOptions,
): Promise<{ stop(): Promise<void> }> {
  const stopping = new AbortController();
  await mkdir(options.directory, { recursive: true });
  for (const subscription of subscriptions) await subscribe(subscription, options.clients);
  const pollers = subscriptions.map((subscription) => poll(subscription, options, stopping.signal));
  return {
    async stop() {
      stopping.abort();
      await Promise.all(pollers);
    },
  };
}

function mailQueue({ topicArn, to }: MailSubscription): string {
  return `mailbox-${createHash("sha256").update(`${topicArn} ${to}`).digest("hex").slice(0, DIGEST_DIGITS)}`;
}

async function subscribe(subscription: MailSubscription, { sns, sqs }: MailboxOptions["clients"]): Promise<void> {
  const name = mailQueue(subscription);
  const { topicArn: TopicArn, attributes } = subscription;
  await ensureQueue(sqs, name, {});
  await sns.send(
    new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: queueArn(name), Attributes: { ...attributes } }),
  );
}

async function poll(subscription: MailSubscription, options: MailboxOptions, signal: AbortSignal): Promise<void> {
  const { sqs } = options.clients;
  const QueueUrl = queueUrl(options.url, mailQueue(subscription));
  while (!signal.aborted) {
    try {
      const command = new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: LONG_POLL_SECONDS,
      });
      const { Messages = [] } = await sqs.send(command, { abortSignal: signal });
      for (const message of Messages) {
        options.onMail(await deliver(message, subscription.to, options.directory));
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
      }
    } catch (error) {
      if (signal.aborted) return;
      options.onFault(error);
      await pause(RETRY_MS, signal);
    }
  }
}

/** Written before it is deleted from the queue, and under the message's id: read twice, it is the same file. */
async function deliver({ Body = "" }: Message, to: string, directory: string): Promise<Mail> {
  const notification = Notification.parse(JSON.parse(Body));
  const at = Date.parse(notification.Timestamp);
  const subject = notification.Subject ?? DEFAULT_SUBJECT;
  const mail = { to, subject, body: notification.Message, at, topic: notification.TopicArn };
  const name = `${notification.Timestamp.replaceAll(":", "")}-${recipient(to)}-${notification.MessageId}.txt`;
  const path = join(directory, name);
  await writeFile(`${path}.next`, asText(mail, notification));
  await rename(`${path}.next`, path);
  return mail;
}

/** The address comes out of the template: what is no plain character could be a path. */
function recipient(to: string): string {
  return to.replace(/[^\w.@+-]/g, "_");
}

function asText({ to, subject, body }: Mail, { Timestamp, TopicArn }: Notification): string {
  const header = [`To: ${to}`, `Subject: ${subject}`, `Date: ${Timestamp}`, `Topic: ${TopicArn}`];
  return `${header.join("\n")}\n\n${body}\n`;
}
