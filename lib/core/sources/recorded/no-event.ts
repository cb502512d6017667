/** What lies among recordings and tells of no access and no delivery: what AWS hands to a Lambda function, and schemas. */
import { isObject, type JsonObject } from "../json.ts";

/** By members that must be there; the first that fits names the thing. */
const KINDS: readonly (readonly [what: string, is: (value: JsonObject) => boolean])[] = [
  ["an SNS notification", ({ EventSource, Sns }) => EventSource === "aws:sns" && isObject(Sns)],
  ["an SNS notification", ({ Type, TopicArn, MessageId }) => Type === "Notification" && areTexts(TopicArn, MessageId)],
  ["an SQS message", ({ eventSource, messageId }) => eventSource === "aws:sqs" && areTexts(messageId)],
  ["a CloudWatch alarm", ({ AlarmName, NewStateValue }) => areTexts(AlarmName, NewStateValue)],
  ["a batch of CloudWatch log lines", ({ awslogs }) => isObject(awslogs) && areTexts(awslogs["data"])],
  ["a job of CodePipeline for a function", (value) => isObject(value["CodePipeline.job"])],
  ["an invocation of a Config rule", ({ invokingEvent, configRuleName }) => areTexts(invokingEvent, configRuleName)],
  ["a step of a rotation function", ({ Step, SecretId, ClientRequestToken: token }) => areTexts(Step, SecretId, token)],
  ["a Kinesis record", ({ eventSource, kinesis }) => eventSource === "aws:kinesis" && isObject(kinesis)],
  ["a DynamoDB stream record", ({ eventSource, dynamodb }) => eventSource === "aws:dynamodb" && isObject(dynamodb)],
  ["a schema of OCSF", ({ classes, objects }) => isObject(classes) && isObject(objects)],
];

/** What it is, with its article, if it is known to be no event; nothing if it may be one. */
export function noEventName(value: JsonObject): string | undefined {
  return KINDS.find(([, is]) => is(value))?.[0];
}

/** A line of syslog with JSON behind the program's name (https://www.rfc-editor.org/rfc/rfc3164), as collectors keep it in `message`. */
const SYSLOG = /^<\d{1,3}>[^{]{1,200}: (?=\{)/;

/** The text that a notification, a message of a queue or a line of syslog carries, which may be an event itself. */
export function carriedText(value: JsonObject): string | undefined {
  const { Sns, Message, body, eventSource, message } = value;
  if (typeof message === "string" && SYSLOG.test(message)) return message.replace(SYSLOG, "");
  const carried = isObject(Sns) ? Sns["Message"] : eventSource === "aws:sqs" ? body : Message;
  return typeof carried === "string" ? carried : undefined;
}

function areTexts(...values: readonly unknown[]): boolean {
  return values.every((value) => typeof value === "string" && value !== "");
}
