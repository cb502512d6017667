/** Jenkins as a webhook source, by its Notification plugin (https://plugins.jenkins.io/notification/). */
import * as z from "zod";
import type { DeliveryAction } from "../../record/delivery-action.ts";
import type { OcsfResource } from "../../record/ocsf.ts";
import { anything, part, read, text } from "../fields.ts";
import { verifyBasic } from "./shared-secret.ts";
import { type WebhookStatus, webhookEvent, writtenTime } from "./webhook-event.ts";
import type { WebhookSource } from "./webhook-source.ts";

/**
 * Each field may be missing or of another type. Nobody is named who started the build: whoever does chooses its `parameters`, and
 * `scm.culprits` are those who wrote the commits.
 */
const Payload = z.object({
  name: text,
  url: text,
  build: part(
    z.object({
      number: anything,
      phase: text,
      status: text,
      timestamp: text,
      scm: part(z.object({ branch: text, commit: text })),
    }),
  ),
});
type Build = z.infer<typeof Payload>["build"];

export const jenkins: WebhookSource = {
  name: "jenkins",
  // Not `authorization`: it holds the secret.
  keptHeaders: ["content-type", "user-agent"],
  verify: async (request, secret) => verifyBasic(request, secret),
  normalise(message) {
    const { name, url, build } = read(Payload, message.original, "the webhook's payload");
    const path = pathOf(url) ?? name;
    const run = path === undefined || typeof build?.number !== "number" ? undefined : `${path}/${build.number}`;
    return webhookEvent(message, {
      product: "Jenkins",
      vendor: "Jenkins",
      operation: build?.phase === undefined ? "unknown" : `build.${build.phase.toLowerCase()}`,
      action: actionOf(build),
      time: timeOf(build),
      resources: path === undefined ? [] : resourcesOf(path, run, build?.scm?.branch),
      status: statusOf(build),
      trace: run === undefined ? undefined : `jenkins:${run}`,
      commits: [build?.scm?.commit],
    });
  },
};

/** Whoever subscribes to one of a build's two endings has told that it was aborted. */
function actionOf(build: Build): DeliveryAction {
  if (build?.phase === "STARTED") return "build.start";
  return isEnded(build) && build?.status === "ABORTED" ? "pipeline.stop" : "other";
}

function isEnded(build: Build): boolean {
  return build?.phase === "COMPLETED" || build?.phase === "FINALIZED";
}

/** That somebody stopped it is told as done, and not as failed. */
function statusOf(build: Build): WebhookStatus {
  if (isEnded(build)) return /^(FAILURE|UNSTABLE)$/.test(build?.status ?? "") ? "failure" : "success";
  return build?.phase === "QUEUED" || build?.phase === "STARTED" ? "running" : "success";
}

/**
 * Jenkins writes thousandths without their leading zeros, so `.7` is seven of them; and a build that was never seen waiting was queued in
 * 1970.
 */
function timeOf(build: Build): number | undefined {
  const padded = build?.timestamp?.replace(/\.(\d{1,3})(?=\D)/, (_, digits: string) => `.${digits.padStart(3, "0")}`);
  return writtenTime(padded) || undefined;
}

/** `job/team/job/shop/` is the job shop in the folder team. */
function pathOf(url: string | undefined): string | undefined {
  const names = [...(url ?? "").matchAll(/(?:^|\/)job\/([^/]+)/g)].map(([, name = ""]) => decoded(name));
  return names.length === 0 ? undefined : names.join("/");
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function resourcesOf(path: string, run: string | undefined, branch: string | undefined): readonly OcsfResource[] {
  return [
    { uid: `jenkins:${path}`, name: path, type: "pipeline" },
    ...(run === undefined ? [] : [{ uid: `jenkins:${run}`, type: "build" }]),
    ...(branch === undefined ? [] : [{ uid: `jenkins:${path}@${branch}`, type: "ref" }]),
  ];
}
