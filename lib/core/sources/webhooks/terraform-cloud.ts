/** HCP Terraform and Terraform Enterprise (https://developer.hashicorp.com/terraform/cloud-docs/api-docs/notification-configurations). */
import * as z from "zod";
import type { DeliveryAction } from "../../record/delivery-action.ts";
import { part, read, text } from "../fields.ts";
import { type WebhookStatus, webhookEvent, webhookUser, writtenTime } from "./webhook-event.ts";
import { verifyBodyHmac } from "./webhook-signature.ts";
import type { WebhookSource } from "./webhook-source.ts";

/** By trigger; what is not here is `other`. */
const ACTIONS = new Map<string, DeliveryAction>([
  ["run:created", "pipeline.start"],
  ["run:applying", "deploy.start"],
]);

/** A run that is canceled or discarded is told of as errored. */
const STOPPED = /^(canceled|force_canceled|discarded)$/;

const Notification = part(z.object({ trigger: text, run_status: text, run_updated_at: text, run_updated_by: text }));

/** Each field may be missing or of another type. */
const Payload = z.object({
  run_id: text,
  run_created_by: text,
  workspace_name: text,
  organization_name: text,
  notifications: z
    .unknown()
    .transform((value) => (Array.isArray(value) ? Notification.parse(value[0]) : undefined))
    .optional(),
});

export const terraformCloud: WebhookSource = {
  name: "terraform-cloud",
  keptHeaders: ["content-type", "user-agent", "x-tfe-notification-signature"],
  verify: async (request, secret) =>
    verifyBodyHmac({ header: "x-tfe-notification-signature", algorithm: "sha512", prefix: "" }, request, secret),
  normalise(message) {
    const payload = read(Payload, message.original, "the webhook's payload");
    const { run_id: run, workspace_name: workspace, organization_name: organisation, notifications: told } = payload;
    const operation = told?.trigger ?? "unknown";
    const isStopped = STOPPED.test(told?.run_status ?? "");
    // Nobody is named for what the run does by itself, such as planning.
    const who = told?.run_updated_by ?? (operation === "run:created" ? payload.run_created_by : undefined);
    const path = organisation === undefined || workspace === undefined ? undefined : `${organisation}/${workspace}`;
    return webhookEvent(message, {
      product: "HCP Terraform",
      vendor: "HashiCorp",
      operation,
      action: isStopped ? "pipeline.stop" : (ACTIONS.get(operation) ?? "other"),
      time: writtenTime(told?.run_updated_at),
      user: webhookUser(message, who),
      resources:
        path === undefined
          ? []
          : [
              { uid: `terraform-cloud:${path}`, name: path, type: "workspace" },
              ...(run === undefined ? [] : [{ uid: `terraform-cloud:${path}/runs/${run}`, type: "run" }]),
            ],
      status: statusOf(operation, isStopped),
      trace: run === undefined ? undefined : `terraform-cloud:${run}`,
    });
  },
};

function statusOf(operation: string, isStopped: boolean): WebhookStatus {
  return /^(run:errored|assessment:.*fail.*)$/.test(operation) && !isStopped ? "failure" : "success";
}
