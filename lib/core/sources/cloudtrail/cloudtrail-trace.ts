/** The delivery that a CloudTrail call names: in its answer, since what a call makes has no id before, or in its request. */

import { isObject } from "../json.ts";
import { buildNode, commitNode, deploymentNode } from "../trace-nodes.ts";
import { serviceOf } from "./cloudtrail-action.ts";
import type { CloudTrailRecord } from "./cloudtrail-schema.ts";

type Members = CloudTrailRecord["requestParameters"];

const CODEBUILD = "codebuild.amazonaws.com";
const BUILD_SESSION = /^AWSCodeBuild-(.+)$/;

export function traceOfCall(record: CloudTrailRecord): string | undefined {
  const { responseElements, requestParameters } = record;
  const named = [responseElements, requestParameters];
  switch (serviceOf(record.eventSource)) {
    case "codepipeline":
      // PutApprovalResult names none.
      return first(named, (members) => textOf(members?.["pipelineExecutionId"]));
    case "codebuild":
      return first([partOf(responseElements, "build"), requestParameters], (members) => buildNode(members?.["id"]));
    case "codedeploy":
      return first(named, (members) => deploymentNode(members?.["deploymentId"]));
    case "codecommit":
      return first([requestParameters, record.additionalEventData], pushedCommit);
    case "sts":
      return buildOfSession(record);
    default:
      return undefined;
  }
}

/** A push may move many references: one that moves a single one is about that commit. */
function pushedCommit(members: Members): string | undefined {
  const references = members?.["references"];
  if (!Array.isArray(references)) return undefined;
  const commits = new Set(references.map((reference) => commitNode(isObject(reference) && reference["commit"])));
  return commits.size === 1 ? [...commits][0] : undefined;
}

/**
 * CodeBuild names the session of a build's role after the build. Anybody who may assume the role can choose such a name, so it counts where
 * CodeBuild itself assumes it; later calls are known by the credentials that it was handed here.
 */
function buildOfSession({ userIdentity, requestParameters }: CloudTrailRecord): string | undefined {
  if (userIdentity?.type !== "AWSService" || userIdentity.invokedBy !== CODEBUILD) return undefined;
  return buildNode(BUILD_SESSION.exec(textOf(requestParameters?.["roleSessionName"]) ?? "")?.[1]);
}

function first(named: readonly Members[], nodeOf: (members: Members) => string | undefined): string | undefined {
  for (const members of named) {
    const node = nodeOf(members);
    if (node !== undefined) return node;
  }
  return undefined;
}

function partOf(members: Members, name: string): Members {
  const part = members?.[name];
  return isObject(part) ? part : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
