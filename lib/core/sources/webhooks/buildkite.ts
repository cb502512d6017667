/** Buildkite as a webhook source (https://buildkite.com/docs/apis/webhooks/pipelines). */
import * as z from "zod";
import type { DeliveryAction } from "../../record/delivery-action.ts";
import type { OcsfResource } from "../../record/ocsf.ts";
import { anything, part, read, text } from "../fields.ts";
import { type WebhookStatus, webhookEvent, webhookUser, writtenTime } from "./webhook-event.ts";
import {
  AUTHENTIC,
  hmac,
  isRecent,
  isSameText,
  missingHeader,
  notRecent,
  refusal,
  wrongSignature,
} from "./webhook-signature.ts";
import type { Authenticity, SignedRequest, WebhookMessage, WebhookSource } from "./webhook-source.ts";

const SIGNATURE = "x-buildkite-signature";
const TOKEN = "x-buildkite-token";

/** Whoever subscribes to one of a build's two beginnings has told who started it. */
const ACTIONS = new Map<string, DeliveryAction>([
  ["build.scheduled", "pipeline.start"],
  ["build.running", "pipeline.start"],
  ["job.started", "build.start"],
  // A block step that somebody let pass.
  ["job.activated", "pipeline.approve"],
  ["agent.connected", "runner.register"],
  ["package.created", "artifact.publish"],
]);

const Person = part(z.object({ id: text, name: text, email: text }));

/** Each field may be missing or of another type. `sender` is whoever made the webhook, and says nothing of the event. */
const Payload = z.object({
  event: text,
  build: part(
    z.object({
      number: anything,
      state: text,
      commit: text,
      creator: Person,
      created_at: text,
      started_at: text,
      finished_at: text,
    }),
  ),
  job: part(
    z.object({
      state: text,
      unblocked_by: Person,
      unblocked_at: text,
      started_at: text,
      finished_at: text,
    }),
  ),
  pipeline: part(z.object({ url: text, slug: text })),
});
type Payload = z.infer<typeof Payload>;

export const buildkite: WebhookSource = {
  name: "buildkite",
  eventHeader: "X-Buildkite-Event",
  keptHeaders: ["content-type", "user-agent", "x-buildkite-event", SIGNATURE],
  verify: async (request, secret) =>
    request.headers[SIGNATURE] ? verifySignature(request, secret) : verifyToken(request, secret),
  normalise(message) {
    const payload = read(Payload, message.original, "the webhook's payload");
    const operation = payload.event ?? message.headers["x-buildkite-event"] ?? "unknown";
    const { build, pipeline } = payload;
    const path = pathOf(pipeline);
    const run = typeof build?.number === "number" && path !== undefined ? `${path}/builds/${build.number}` : undefined;
    const isCanceled = operation === "build.finished" && build?.state === "canceled";
    return webhookEvent(message, {
      product: "Buildkite",
      vendor: "Buildkite",
      operation,
      action: isCanceled ? "pipeline.stop" : (ACTIONS.get(operation) ?? "other"),
      time: timeOf(operation, payload),
      user: isCanceled ? undefined : actorOf(message, operation, payload),
      resources: resourcesOf(path, run),
      status: statusOf(operation, payload),
      trace: run === undefined ? undefined : `buildkite:${run}`,
      commits: [build?.commit],
    });
  },
};

/** `timestamp=<seconds>,signature=<hex>`, over `<seconds>.<body>`. */
function verifySignature(request: SignedRequest, secret: string): Authenticity {
  const fields = new Map((request.headers[SIGNATURE] ?? "").split(",").map(fieldOf));
  const [time, signature] = [fields.get("timestamp"), fields.get("signature")];
  if (time === undefined || signature === undefined) {
    return refusal(`The header ${SIGNATURE} does not hold a timestamp and a signature.`);
  }
  if (!isRecent(time, request)) return notRecent(SIGNATURE);
  const expected = hmac({ algorithm: "sha256", key: secret, parts: [`${time}.`, request.body] }, "hex");
  return isSameText(signature, expected) ? AUTHENTIC : wrongSignature(SIGNATURE);
}

function fieldOf(field: string): readonly [name: string, value: string] {
  const at = field.indexOf("=");
  return [field.slice(0, at).trim(), field.slice(at + 1).trim()];
}

function verifyToken({ headers }: SignedRequest, secret: string): Authenticity {
  const token = headers[TOKEN];
  if (!token) return missingHeader(SIGNATURE);
  return isSameText(token, secret) ? AUTHENTIC : refusal(`The token in ${TOKEN} is not the configured secret.`);
}

/** The pipeline's address in the API holds the organisation, which the payload has nowhere else. */
function pathOf(pipeline: Payload["pipeline"]): string | undefined {
  const [, organisation, slug] = /\/organizations\/([^/]+)\/pipelines\/([^/?]+)/.exec(pipeline?.url ?? "") ?? [];
  return organisation === undefined ? pipeline?.slug : `${organisation}/${slug}`;
}

function actorOf(message: WebhookMessage, operation: string, { build, job }: Payload) {
  const person = operation === "job.activated" ? job?.unblocked_by : build?.creator;
  return webhookUser(message, person?.email ?? person?.id, { name: person?.name, email: person?.email });
}

function timeOf(operation: string, { build, job }: Payload): number | undefined {
  const told: Readonly<Record<string, string | undefined>> = {
    "build.scheduled": build?.created_at,
    "build.running": build?.started_at,
    "build.finished": build?.finished_at,
    "job.started": job?.started_at,
    "job.finished": job?.finished_at,
    "job.activated": job?.unblocked_at,
  };
  return writtenTime(Object.hasOwn(told, operation) ? told[operation] : undefined);
}

function statusOf(operation: string, { build, job }: Payload): WebhookStatus {
  const state = operation.startsWith("job.") ? job?.state : build?.state;
  const isFailed = /^(failed|failing|timed_out|expired|broken)$/.test(state ?? "");
  return operation.endsWith(".finished") && isFailed ? "failure" : "success";
}

function resourcesOf(path: string | undefined, run: string | undefined): readonly OcsfResource[] {
  if (path === undefined) return [];
  return [
    { uid: `buildkite:${path}`, name: path, type: "pipeline" },
    ...(run === undefined ? [] : [{ uid: `buildkite:${run}`, type: "build" }]),
  ];
}
