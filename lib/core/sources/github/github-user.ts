/** Who did it and who it is about, in a GitHub webhook. */
import { type OcsfUser, USER_TYPE } from "../../record/ocsf.ts";
import { defined } from "../fields.ts";
import { boundedPrincipal } from "../principal.ts";
import type { GitHubMessage, GitHubPayload } from "./github-schema.ts";

/** The principal of an event without a sender: GitHub itself. */
const GITHUB: OcsfUser = { uid: "service:github.com", type: "Service", type_id: USER_TYPE.service };

export function gitHubActor(message: GitHubMessage): OcsfUser {
  return gitHubUser(actorOf(message)) ?? GITHUB;
}

export function gitHubUser(account: GitHubPayload["sender"]): OcsfUser | undefined {
  const login = account?.login;
  if (login === undefined) return undefined;
  return defined({
    uid: boundedPrincipal(`github:${login}`),
    name: login,
    type: account?.type,
    type_id: account?.type === "Bot" ? USER_TYPE.service : USER_TYPE.user,
  });
}

function actorOf({ event, payload }: GitHubMessage): GitHubPayload["sender"] {
  const { sender, approver, alert, workflow_run, action } = payload;
  switch (event) {
    case "deployment_review":
      return action === "requested" ? sender : (approver ?? sender);
    case "secret_scanning_alert":
      return action === "created" ? (alert?.push_protection_bypassed_by ?? sender) : sender;
    case "workflow_run":
      // Its sender is whoever started the run; nobody tells who canceled it.
      return action === "completed" && workflow_run?.conclusion === "cancelled" ? undefined : sender;
    default:
      return sender;
  }
}
