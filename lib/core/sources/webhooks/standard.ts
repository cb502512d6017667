/** Any tool that signs as Standard Webhooks has it (https://www.standardwebhooks.com), such as an organisation's own. */
import * as z from "zod";
import { DELIVERY_ACTIONS, type DeliveryAction } from "../../record/delivery-action.ts";
import { part, read, text } from "../fields.ts";
import { verifyStandard } from "./standard-signature.ts";
import { type WebhookStatus, webhookEvent, webhookUser, writtenTime } from "./webhook-event.ts";
import type { WebhookSource } from "./webhook-source.ts";

/**
 * What a sender may say of its event in `data` (docs/operations.md). It speaks for itself alone: whom and what it names is prefixed with
 * this source, and so is never taken for somebody whom another source knows.
 */
const Claims = part(z.object({ action: text, principal: text, resource: text, status: text }));

/** Each field may be missing or of another type. */
const Payload = z.object({ type: text, timestamp: text, data: Claims });

const STATUSES: readonly WebhookStatus[] = ["success", "failure", "running"];

export const standard: WebhookSource = {
  name: "standard",
  keptHeaders: ["content-type", "user-agent", "webhook-id", "webhook-timestamp", "webhook-signature"],
  verify: async (request, secret) => verifyStandard(request, secret),
  normalise(message) {
    const { type, timestamp, data } = read(Payload, message.original, "the webhook's payload");
    const resource = data?.resource;
    return webhookEvent(message, {
      product: "Standard Webhooks",
      vendor: "Standard Webhooks",
      operation: type ?? "unknown",
      action: actionOf(data?.action),
      delivery: message.headers["webhook-id"],
      // Not the header's: that is the attempt's, and another one each time.
      time: writtenTime(timestamp),
      user: webhookUser(message, data?.principal),
      resources: resource === undefined ? [] : [{ uid: `standard:${resource}`, name: resource, type: "resource" }],
      status: STATUSES.find((status) => status === data?.status),
    });
  },
};

function actionOf(claimed: string | undefined): DeliveryAction {
  return DELIVERY_ACTIONS.find((action) => action === claimed) ?? "other";
}
