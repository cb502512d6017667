/** Every system that Gatebook takes webhooks from. The next one is a file beside these, its name in WEBHOOK_SOURCES, and a line here. */

import { gitHub } from "../github/github-source.ts";
import { argoCd } from "./argocd.ts";
import { azureDevOps } from "./azure-devops.ts";
import { bitbucket } from "./bitbucket.ts";
import { buildkite } from "./buildkite.ts";
import { circleCi } from "./circleci.ts";
import { gitLab } from "./gitlab.ts";
import { jenkins } from "./jenkins.ts";
import { standard } from "./standard.ts";
import { terraformCloud } from "./terraform-cloud.ts";
import type { WebhookSource, WebhookSourceName } from "./webhook-source.ts";

export const webhookSources: Readonly<Record<WebhookSourceName, WebhookSource>> = {
  github: gitHub,
  gitlab: gitLab,
  bitbucket,
  buildkite,
  "terraform-cloud": terraformCloud,
  circleci: circleCi,
  "azure-devops": azureDevOps,
  jenkins,
  argocd: argoCd,
  standard,
};

/** @param name whatever a caller put into the path of the URL */
export function findWebhookSource(name: string): WebhookSource | undefined {
  return Object.hasOwn(webhookSources, name) ? webhookSources[name as WebhookSourceName] : undefined;
}
