/** CodeBuild's builds and their phases (https://docs.aws.amazon.com/codebuild/latest/userguide/sample-build-notifications.html). */
import * as z from "zod";
import type { NormalisedEvent } from "../../record/audit-record.ts";
import type { OcsfUser } from "../../record/ocsf.ts";
import { flag, part, read, text } from "../fields.ts";
import { buildNode } from "../trace-nodes.ts";
import { type AwsPlace, iamArn, regionalArn } from "./arn.ts";
import { userOfArn } from "./aws-principal.ts";
import type { EventBridgeMessage } from "./eventbridge-schema.ts";
import { serviceEvent } from "./service-event.ts";

const Detail = z.object({
  "project-name": text,
  "build-id": text,
  "build-status": text,
  "completed-phase": text,
  "completed-phase-status": text,
  "additional-information": part(
    z.object({
      initiator: text,
      "source-version": text,
      artifact: part(z.object({ sha256sum: text, location: text })),
      environment: part(z.object({ "privileged-mode": flag })),
    }),
  ),
});

const STATE_CHANGE = "CodeBuild Build State Change";

export function normaliseCodeBuild(message: EventBridgeMessage): NormalisedEvent {
  const { event } = message;
  const detail = read(Detail, event.detail ?? {}, "the CodeBuild event's detail");
  const more = detail["additional-information"];
  const project = detail["project-name"];
  const state = detail["build-status"] ?? detail["completed-phase-status"];
  const isStart = event["detail-type"] === STATE_CHANGE && state === "IN_PROGRESS";
  return serviceEvent(message, {
    action: isStart ? "build.start" : undefined,
    app: project,
    state,
    event: detail["completed-phase"],
    // How a build went is the service's doing; whoever started it did so once.
    user: isStart ? starterOf(more?.initiator, event) : undefined,
    initiator: more?.initiator,
    resources: [project === undefined ? undefined : regionalArn("codebuild", event, `project/${project}`)],
    trace: buildNode(detail["build-id"]),
    details: {
      build: detail["build-id"],
      phase: detail["completed-phase"],
      source_version: more?.["source-version"],
      artifact_sha256: more?.artifact?.sha256sum,
      artifact_location: more?.artifact?.location,
      privileged_mode: more?.environment?.["privileged-mode"],
    },
  });
}

/** Initiators that have the form of a user's name and are none. */
const NO_USER = /^(CodeBuild-Jenkins-Plugin.*|root|\d{12})$/i;
const MAX_USER_CHARS = 64;

/**
 * An IAM user is told by name alone. Everybody else (`codepipeline/<pipeline>`, `rule/<rule>`, a webhook's agent, a role's session) has a slash,
 * and no two of these can be told apart for certain: a role may be called "codepipeline".
 */
function starterOf(initiator: string | undefined, place: AwsPlace): OcsfUser | undefined {
  if (initiator === undefined || initiator.length > MAX_USER_CHARS || NO_USER.test(initiator)) return undefined;
  const arn = iamArn("user", initiator, place);
  return arn === undefined ? undefined : userOfArn(arn);
}
