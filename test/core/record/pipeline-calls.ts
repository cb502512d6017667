/** CloudTrail's records of a person who starts and approves an execution of the release pipeline. */
import { call, type Message } from "./views.ts";

export const startCall = (arn: string, execution = "E1", at = 0): Message =>
  call("codepipeline:StartPipelineExecution", at, arn, {
    requestParameters: { name: "shop-release" },
    responseElements: { pipelineExecutionId: execution },
  });

export const approveCall = (arn: string, at = 60, more: Message = {}): Message =>
  call("codepipeline:PutApprovalResult", at, arn, {
    requestParameters: {
      pipelineName: "shop-release",
      stageName: "Release",
      actionName: "Approve",
      result: { status: "Approved" },
    },
    ...more,
  });
