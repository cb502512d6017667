/** CircleCI as a webhook source (https://circleci.com/docs/guides/integration/outbound-webhooks/): it tells of what has ended, and no more. */
import * as z from "zod";
import { part, read, text } from "../fields.ts";
import { type WebhookStatus, webhookEvent, webhookUser, writtenTime } from "./webhook-event.ts";
import { AUTHENTIC, hmac, isSameText, missingHeader, wrongSignature } from "./webhook-signature.ts";
import type { Authenticity, SignedRequest, WebhookSource } from "./webhook-source.ts";

const SIGNATURE = "circleci-signature";

const State = part(z.object({ id: text, status: text }));

/** Each field may be missing or of another type. */
const Payload = z.object({
  id: text,
  type: text,
  happened_at: text,
  workflow: State,
  job: State,
  project: part(z.object({ slug: text })),
  pipeline: part(
    z.object({
      id: text,
      trigger: part(z.object({ actor: part(z.object({ id: text })) })),
      vcs: part(z.object({ revision: text })),
    }),
  ),
});

export const circleCi: WebhookSource = {
  name: "circleci",
  eventHeader: "Circleci-Event-Type",
  keptHeaders: ["content-type", "user-agent", "circleci-event-type", SIGNATURE],
  verify: async (request, secret) => verifyCircleCi(request, secret),
  normalise(message) {
    const payload = read(Payload, message.original, "the webhook's payload");
    const { id, type, happened_at, workflow, job, project, pipeline } = payload;
    const operation = type ?? message.headers["circleci-event-type"] ?? "unknown";
    const slug = project?.slug;
    const status = operation === "job-completed" ? job?.status : workflow?.status;
    const isCanceled = status === "canceled";
    return webhookEvent(message, {
      product: "CircleCI",
      vendor: "CircleCI",
      operation,
      action: isCanceled ? "pipeline.stop" : "other",
      delivery: id,
      time: writtenTime(happened_at),
      // Who started the pipeline; nobody tells who canceled it.
      user: isCanceled ? undefined : webhookUser(message, pipeline?.trigger?.actor?.id),
      resources:
        slug === undefined
          ? []
          : [
              { uid: `circleci:${slug}`, name: slug, type: "project" },
              ...(workflow?.id === undefined
                ? []
                : [{ uid: `circleci:${slug}/workflows/${workflow.id}`, type: "workflow" }]),
            ],
      status: statusOf(status),
      trace: pipeline?.id === undefined ? undefined : `circleci:${pipeline.id}`,
      commits: [pipeline?.vcs?.revision],
    });
  },
};

/** A list of versions, `v1=<hex>,v2=…`, of which v1 is the only one there is. */
function verifyCircleCi({ headers, body }: SignedRequest, secret: string): Authenticity {
  const signatures = headers[SIGNATURE];
  if (!signatures) return missingHeader(SIGNATURE);
  const expected = `v1=${hmac({ algorithm: "sha256", key: secret, parts: [body] }, "hex")}`;
  const isAuthentic = signatures.split(",").some((signature) => isSameText(signature.trim(), expected));
  return isAuthentic ? AUTHENTIC : wrongSignature(SIGNATURE);
}

function statusOf(status: string | undefined): WebhookStatus {
  return status === undefined || status === "success" || status === "canceled" ? "success" : "failure";
}
