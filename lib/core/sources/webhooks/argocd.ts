/** Argo CD as a webhook source, by its notifications (https://argo-cd.readthedocs.io/en/stable/operator-manual/notifications/services/webhook/). */
import type { DeliveryAction } from "../../record/delivery-action.ts";
import type { OcsfResource, OcsfUser } from "../../record/ocsf.ts";
import { read } from "../fields.ts";
import { isObject } from "../json.ts";
import { Application, type Operation, revisionsOf } from "./argocd-schema.ts";
import { verifyBearer } from "./shared-secret.ts";
import { type WebhookStatus, webhookEvent, webhookUser, writtenTime } from "./webhook-event.ts";
import type { WebhookMessage, WebhookSource } from "./webhook-source.ts";

export const argoCd: WebhookSource = {
  name: "argocd",
  // Not `authorization`: it holds the secret.
  keptHeaders: ["content-type", "user-agent"],
  verify: async (request, secret) => verifyBearer(request, secret),
  normalise(message) {
    const app = applicationOf(message);
    const operation = app.status?.operationState;
    const path = pathOf(app);
    const started = operation?.startedAt;
    return webhookEvent(message, {
      product: "Argo CD",
      vendor: "Argo",
      operation: operation?.phase === undefined ? "unknown" : `sync.${operation.phase.toLowerCase()}`,
      action: actionOf(app),
      time: timeOf(operation),
      user: actorOf(message, operation),
      resources: path === undefined ? [] : resourcesOf(path, operation),
      status: statusOf(operation),
      trace: path === undefined || started === undefined ? undefined : `argocd:${path}/operations/${started}`,
      commits: revisionsTo(operation),
    });
  },
};

/** A template writes the Application itself, or as the member `app`, as those for other receivers do. */
function applicationOf({ original }: WebhookMessage): Application {
  return read(Application, isObject(original["app"]) ? original["app"] : original, "the webhook's payload");
}

/** As Argo CD's own policies name it, with the namespace where it is told. */
function pathOf({ metadata, spec }: Application): string | undefined {
  if (metadata?.name === undefined) return undefined;
  return [spec?.project, metadata.namespace, metadata.name].filter((name) => name !== undefined).join("/");
}

/** Running comes once for each operation; how it ended is told of as its outcome. */
function actionOf(app: Application): DeliveryAction {
  const operation = app.status?.operationState;
  if (operation?.phase === "Terminating") return "pipeline.stop";
  if (operation?.phase !== "Running" || operation.operation?.sync?.dryRun === true) return "other";
  return isRollback(app) ? "deploy.rollback" : "deploy.start";
}

/**
 * A rollback is a sync like any other, so it is known by what it brings: revisions that were deployed before, and are not what was
 * deployed last. (`sync.source` is no sign of it: newer versions set it for every sync.)
 */
function isRollback({ status }: Application): boolean {
  const wanted = revisionsTo(status?.operationState).join();
  const deployed = (status?.history ?? []).map((revisions) => revisions.join());
  return wanted !== "" && deployed.includes(wanted) && deployed.at(-1) !== wanted;
}

function revisionsTo(operation: Operation): readonly string[] {
  const synced = revisionsOf(operation?.syncResult);
  return synced.length > 0 ? synced : revisionsOf(operation?.operation?.sync);
}

/** Nobody tells when it was terminated. */
function timeOf(operation: Operation): number | undefined {
  if (operation?.phase === "Terminating") return undefined;
  return writtenTime(operation?.phase === "Running" ? operation.startedAt : operation?.finishedAt);
}

/** Nobody tells who terminated a sync, and an automated one has nobody behind it. */
function actorOf(message: WebhookMessage, operation: Operation): OcsfUser | undefined {
  const by = operation?.operation?.initiatedBy;
  if (operation?.phase === "Terminating" || by?.automated === true) return undefined;
  return webhookUser(message, by?.username, { email: by?.username });
}

function statusOf(operation: Operation): WebhookStatus {
  if (operation?.phase === "Running") return "running";
  return /^(Failed|Error)$/.test(operation?.phase ?? "") ? "failure" : "success";
}

function resourcesOf(path: string, operation: Operation): readonly OcsfResource[] {
  const uid = `argocd:${path}`;
  const revisions = revisionsTo(operation).map((revision) => ({ uid: `${uid}@${revision}`, type: "revision" }));
  return [{ uid, name: path, type: "application" }, ...revisions];
}
