/** A bucket's NotificationConfiguration, of which EventBridge is served (https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html). */
import type { BucketState } from "./bucket-state.ts";
import { s3Error } from "./s3-error.ts";
import { allowOnly, childrenOf, parseXml } from "./xml-parse.ts";
import { renderXml, S3_NAMESPACE } from "./xml-render.ts";

interface Notification {
  /** Everything that happens to the bucket's objects goes there; which of it matters is for rules to say. */
  readonly toEventBridge: boolean;
}

const EVENT_BRIDGE = "EventBridgeConfiguration";

/** What S3 answers with for a bucket that notifies nobody. */
export const NO_NOTIFICATIONS = renderXml({ NotificationConfiguration: {} }).replace(
  "<NotificationConfiguration>",
  `<NotificationConfiguration xmlns="${S3_NAMESPACE}">`,
);

/** Throws NotImplemented for another destination, MalformedXML for what is no NotificationConfiguration. */
export function parseNotification(document: Buffer): Notification {
  const root = parseXml(document, "NotificationConfiguration");
  const other = root.children.find(({ name }) => name !== EVENT_BRIDGE);
  if (other !== undefined) {
    throw s3Error(
      "NotImplemented",
      `${other.name}: buckets of the local S3 notify EventBridge only; put an ${EVENT_BRIDGE} and a rule for the source aws.s3`,
    );
  }
  const asked = childrenOf(root, EVENT_BRIDGE);
  if (asked.length > 1) {
    throw s3Error("MalformedXML");
  }
  for (const element of asked) {
    allowOnly(element, []);
  }
  return { toEventBridge: asked.length === 1 };
}

export function notifiesEventBridge({ documents }: BucketState): boolean {
  return documents.notification !== undefined && parseNotification(Buffer.from(documents.notification)).toEventBridge;
}
