/** EventBridge events by their source; what no file here knows is recorded all the same. */
import type { NormalisedEvent } from "../../record/audit-record.ts";
import { normaliseCodeBuild } from "./codebuild.ts";
import { normaliseCodeCommit } from "./codecommit.ts";
import { normaliseCodeDeploy } from "./codedeploy.ts";
import { normaliseEcr } from "./ecr.ts";
import type { EventBridgeMessage } from "./eventbridge-schema.ts";
import { normaliseKms } from "./kms.ts";
import { normaliseS3 } from "./s3.ts";
import { normaliseSecretsManager } from "./secretsmanager.ts";
import { serviceEvent } from "./service-event.ts";
import { normaliseSsm } from "./ssm.ts";

/** Under a source of AWS's only AWS can put events, so that each of these may believe what it reads. */
const SOURCES: ReadonlyMap<string, (message: EventBridgeMessage) => NormalisedEvent> = new Map([
  ["aws.codebuild", normaliseCodeBuild],
  ["aws.codecommit", normaliseCodeCommit],
  ["aws.codedeploy", normaliseCodeDeploy],
  ["aws.ecr", normaliseEcr],
  ["aws.kms", normaliseKms],
  ["aws.s3", normaliseS3],
  ["aws.secretsmanager", normaliseSecretsManager],
  ["aws.ssm", normaliseSsm],
]);

export function normaliseEventBridge(message: EventBridgeMessage): NormalisedEvent {
  const normalise = SOURCES.get(message.event.source);
  return normalise === undefined ? serviceEvent(message, {}) : normalise(message);
}
