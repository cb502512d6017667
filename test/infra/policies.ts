/** Who may do what in the synthesised stack, by the local cloud's reading of its policies. */

import { createPolicyStore } from "../../lib/local/authorisation/policy-store.ts";
import { LOCAL_ACCOUNT, LOCAL_OWNER } from "../../lib/local/aws-service.ts";
import type { SynthesisedStack } from "./synthesised-stack.ts";

/** An administrator's role is not in the stack: all that binds it is the resources' own policies. */
export const ADMINISTRATOR = `arn:aws:iam::${LOCAL_ACCOUNT}:role/administrator`;
export const ROOT_USER = LOCAL_OWNER;

type Conditions = Readonly<Record<string, string>>;
export type May = (caller: string, action: string, resource: string, conditions?: Conditions) => boolean;

export function policiesOf(gatebook: SynthesisedStack): May {
  const store = createPolicyStore();
  store.putRole(ADMINISTRATOR, { policies: [{ Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] }] });
  for (const { logicalId } of gatebook.ofType("AWS::IAM::Role")) {
    const policies = gatebook
      .ofType("AWS::IAM::Policy")
      .filter(({ Properties }) => Properties.Roles.includes(logicalId))
      .map(({ Properties }) => Properties.PolicyDocument);
    store.putRole(gatebook.arnOf(logicalId), { policies });
  }
  for (const { logicalId, Properties } of gatebook.ofType("AWS::KMS::Key")) {
    store.putResourcePolicy(gatebook.arnOf(logicalId), Properties.KeyPolicy);
  }
  for (const { Properties } of gatebook.ofType("AWS::S3::BucketPolicy")) {
    store.putResourcePolicy(gatebook.arnOf(Properties.Bucket), Properties.PolicyDocument);
  }
  for (const { Properties } of gatebook.ofType("AWS::SQS::QueuePolicy")) {
    for (const queue of Properties.Queues) store.putResourcePolicy(gatebook.arnOf(queue), Properties.PolicyDocument);
  }
  for (const { Properties } of gatebook.ofType("AWS::SNS::TopicPolicy")) {
    for (const topic of Properties.Topics) store.putResourcePolicy(topic, Properties.PolicyDocument);
  }
  const busPolicies = gatebook.ofType("AWS::Events::EventBusPolicy").map(({ Properties }) => Properties);
  for (const { EventBusName } of busPolicies) {
    const Statement = busPolicies.filter((each) => each.EventBusName === EventBusName).map((each) => each.Statement);
    store.putResourcePolicy(gatebook.arnOf(EventBusName), { Statement });
  }
  return (caller, action, resource, conditions = {}) =>
    store.authorise(caller, [{ action, resource, conditions }]).outcome === "allowed";
}
