/** GitHub webhooks to OCSF: what each is to the delivery, who did it, when, to what, and whose access it changed. */
import type { NormalisedEvent } from "../../record/audit-record.ts";
import type { Granted } from "../../record/granted.ts";
import { defined } from "../fields.ts";
import { sha256Hex } from "../json.ts";
import { metadata } from "../ocsf-event.ts";
import { gitHubAction, gitHubOperation } from "./github-action.ts";
import { gitHubClass } from "./github-class.ts";
import { gitHubDetails } from "./github-details.ts";
import { gitHubResources } from "./github-resources.ts";
import type { GitHubMessage, GitHubPayload } from "./github-schema.ts";
import { gitHubStatus } from "./github-status.ts";
import { gitHubTime } from "./github-time.ts";
import { gitHubTrace } from "./github-trace.ts";
import { gitHubActor } from "./github-user.ts";

export function normaliseGitHub(message: GitHubMessage): NormalisedEvent {
  const operation = gitHubOperation(message);
  const { repository } = message.payload;
  return defined({
    event: defined({
      ...gitHubClass(message),
      time: gitHubTime(message),
      message: `${operation}${repository?.full_name ? ` in ${repository.full_name}` : ""}`,
      ...gitHubStatus(message),
      metadata: metadata({
        // Without a delivery's id the same bytes are the same event.
        uid: message.delivery ?? `sha256:${sha256Hex(`${message.event}\n${message.raw}`)}`,
        product: "GitHub",
        vendor: "GitHub",
        code: operation,
        profiles: [],
      }),
      actor: { user: gitHubActor(message) },
      src_endpoint: { svc_name: "github" },
      resources: gitHubResources(message),
      unmapped: gitHubDetails(message),
    }),
    action: gitHubAction(message),
    granted: grantedTo(message.payload),
    ...gitHubTrace(message),
  });
}

/** GitHub tells neither the session nor the token; an app's installation is all that can be named. */
function grantedTo({ installation }: GitHubPayload): Granted {
  const id = installation?.id;
  return defined({ by: "token", credential: typeof id === "number" ? `github-app-installation:${id}` : undefined });
}
