/** The delivery action of a CloudTrail record: a table, and the few operations whose parameters decide. */
import type { DeliveryAction } from "../../record/delivery-action.ts";
import { isObject, type JsonObject } from "../json.ts";
import { ACCESS_SERVICES } from "./cloudtrail-access-actions.ts";
import { DELIVERY_SERVICES } from "./cloudtrail-delivery-actions.ts";
import type { CloudTrailRecord } from "./cloudtrail-schema.ts";

const ACTIONS: ReadonlyMap<string, DeliveryAction> = new Map(
  Object.entries({ ...DELIVERY_SERVICES, ...ACCESS_SERVICES }).flatMap(([service, actions]) =>
    (Object.entries(actions) as [DeliveryAction, string][]).flatMap(([action, names]) =>
      names.split(/\s+/).map((name) => [`${service}:${name}`, action] as const),
    ),
  ),
);

/** Lambda and CloudFront append the version of their API: UpdateFunctionCode20150331v2. */
const API_VERSION = /\d{4}_?\d{2}_?\d{2}(v\d+)?$/;

/** A failed call keeps its action: what was tried matters, and the outcome is in the status. */
export function cloudTrailAction({ eventSource, eventName, requestParameters = {} }: CloudTrailRecord): DeliveryAction {
  const operation = `${serviceOf(eventSource)}:${eventName.replace(API_VERSION, "")}`;
  return decided(operation, requestParameters) ?? ACTIONS.get(operation) ?? "other";
}

/** `codepipeline` of `codepipeline.amazonaws.com`. */
export function serviceOf(eventSource: string): string {
  return eventSource.replace(/\.amazonaws\.com(\.cn)?$/, "");
}

function decided(operation: string, parameters: JsonObject): DeliveryAction | undefined {
  if (operation === "codepipeline:PutApprovalResult") {
    const { result } = parameters;
    // A record that leaves the verdict out, as of a denied call, is read as the graver of the two.
    return isObject(result) && result["status"] === "Rejected" ? "pipeline.reject" : "pipeline.approve";
  }
  if (/^iam:Update(AccessKey|ServiceSpecificCredential|SSHPublicKey|SigningCertificate)$/.test(operation)) {
    return parameters["status"] === "Inactive" ? "credential.delete" : "credential.create";
  }
  // Approval rules that were set aside are put back in force by revoking the override.
  if (operation === "codecommit:OverridePullRequestApprovalRules" && parameters["overrideStatus"] === "REVOKE") {
    return "source.protect";
  }
  return undefined;
}
