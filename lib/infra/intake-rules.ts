/** The rules by which AWS's events leave a bus: for the intake queue, or for a bus in another region or account. */
import { type CfnRule, type EventBus, type IEventBus, Rule } from "aws-cdk-lib/aws-events";
import { type IRole, PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import type { IntakeRule } from "./event-rules.ts";

export interface IntakeRulesProps {
  readonly rules: readonly IntakeRule[];
  /** The bus to take events from; the default one, if left out. */
  readonly eventBus?: EventBus;
  /** ARN of the queue or bus that gets them. */
  readonly targetArn: string;
  /** What EventBridge acts as to reach a bus. A queue is reached in EventBridge's own name. */
  readonly role?: IRole;
  /** Gets deliveries that fail for 24 hours, which would be dropped otherwise. */
  readonly deadLetters: IQueue;
}

/** Grants nothing: see `allowRules`, and the role. */
export function createIntakeRules(scope: Construct, props: IntakeRulesProps): readonly Rule[] {
  const { rules, eventBus, targetArn: arn, role, deadLetters } = props;
  return rules.map(({ id, description, pattern, includesReads }) => {
    // The CDK declares the interface without exactOptionalPropertyTypes in mind; an EventBus is one.
    const bus = eventBus && { eventBus: eventBus as IEventBus };
    const rule = new Rule(scope, id, { description, eventPattern: pattern, ...bus });
    const deadLetterConfig = { arn: deadLetters.queueArn };
    rule.addTarget({ bind: () => ({ arn, deadLetterConfig, ...(role && { role }) }) });
    if (includesReads) ruleOf(rule).state = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS";
    return rule;
  });
}

/** The resource under the construct, whose states the construct does not know. */
export function ruleOf(rule: Rule): CfnRule {
  return rule.node.defaultChild as CfnRule;
}

/**
 * Lets EventBridge put messages into the queue for these rules. One statement for all of them: a queue's policy may hold 10 conditions
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html), and the CDK's own target writes one a rule.
 */
export function allowRules(queue: IQueue, ruleArns: readonly string[]): void {
  queue.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal("events.amazonaws.com")],
      actions: ["sqs:SendMessage"],
      resources: [queue.queueArn],
      conditions: { ArnLike: { "aws:SourceArn": ruleArns } },
    }),
  );
}
