/** Parameter Store's parameters changed or expired (https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-cwe.html). */
import * as z from "zod";
import type { NormalisedEvent } from "../../record/audit-record.ts";
import type { DeliveryAction } from "../../record/delivery-action.ts";
import { read, text } from "../fields.ts";
import { regionalArn } from "./arn.ts";
import type { EventBridgeMessage } from "./eventbridge-schema.ts";
import { serviceEvent } from "./service-event.ts";

const Detail = z.object({
  operation: text,
  name: text,
  type: text,
  "parameter-name": text,
  "parameter-type": text,
  "policy-type": text,
  "action-status": text,
});
type Detail = z.infer<typeof Detail>;

const CHANGE = "Parameter Store Change";
const POLICY_ACTION = "Parameter Store Policy Action";

const CHANGES = new Map<string, DeliveryAction>([
  ["Create", "secret.write"],
  ["Update", "secret.write"],
  ["LabelParameterVersion", "secret.write"],
  ["Delete", "secret.delete"],
]);

export function normaliseSsm(message: EventBridgeMessage): NormalisedEvent {
  const { event } = message;
  const type = event["detail-type"];
  // Commands and automations, which this file does not know, have a `name` and an `operation` of another kind.
  if (type !== CHANGE && type !== POLICY_ACTION) return serviceEvent(message, {});
  const detail = read(Detail, event.detail ?? {}, "the Parameter Store event's detail");
  const name = detail.name ?? detail["parameter-name"];
  return serviceEvent(message, {
    action: actionOf(detail),
    state: detail["action-status"],
    event: detail.operation ?? detail["policy-type"],
    resources: [name === undefined ? undefined : regionalArn("ssm", event, `parameter/${name.replace(/^\//, "")}`)],
    details: {
      operation: detail.operation,
      policy: detail["policy-type"],
      parameter_type: detail.type ?? detail["parameter-type"],
    },
  });
}

/** An expiry deletes the parameter; the two notifications only say that somebody should. */
function actionOf({ operation, "policy-type": policy }: Detail): DeliveryAction | undefined {
  return policy === "Expiration" ? "secret.delete" : CHANGES.get(operation ?? "");
}
