/** Putting recorded events on the local cloud's bus, with the ids, accounts and times that they had. */
import { LOCAL_OWNER_KEY, LOCAL_REGION } from "./aws-service.ts";
import { LocalCloudError } from "./local-cloud-error.ts";

/** EventBridge: entries to a call. */
const MAX_ENTRIES = 10;

/**
 * The EventBridge API can put an event, but not under an id of its own or as a service of AWS: the local bus has an operation of its own for that.
 *
 * @throws LocalCloudError `DEPLOYMENT_FAILED` when the bus did not take an event
 */
export async function putRecordedEvents(url: string, events: readonly unknown[]): Promise<void> {
  for (let from = 0; from < events.length; from += MAX_ENTRIES) {
    const answer = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": "AWSEvents.PutRecordedEvents",
        authorization: `AWS4-HMAC-SHA256 Credential=${LOCAL_OWNER_KEY}/20260101/${LOCAL_REGION}/events/aws4_request, SignedHeaders=host, Signature=local`,
      },
      body: JSON.stringify({ Events: events.slice(from, from + MAX_ENTRIES) }),
    });
    const text = await answer.text();
    if (!answer.ok || !/"FailedEntryCount":0\b/.test(text)) {
      throw new LocalCloudError(
        "DEPLOYMENT_FAILED",
        `the local event bus did not take the events: ${answer.status} ${text}`,
      );
    }
  }
}
