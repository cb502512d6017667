/** ARNs of CodePipeline (https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodepipeline.html). */

import { isObject, type JsonObject } from "../json.ts";
import { type AwsPlace, regionalArn } from "./arn.ts";

/**
 * What a call to CodePipeline is about: the action in IAM's form (`pipeline/stage/action`) where the call names one, then the stage, then
 * the pipeline.
 */
export function pipelineArns(parameters: JsonObject, place: AwsPlace): readonly (string | undefined)[] {
  const { pipelineName, name, pipeline, webhook, stageName, actionName } = parameters;
  // A webhook is a way to start its pipeline.
  const nested = [
    isObject(pipeline) ? pipeline["name"] : undefined,
    isObject(webhook) ? webhook["targetPipeline"] : undefined,
  ];
  const owner = [pipelineName, name, ...nested].find(isName);
  if (owner === undefined) return [];
  const path = isName(stageName) ? [owner, stageName, ...(isName(actionName) ? [actionName] : [])] : [owner];
  // RetryStageExecution and the like name no action: the stage's ARN leads then.
  return [path.join("/"), owner].map((resource) => regionalArn("codepipeline", place, resource));
}

function isName(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
