/** AWS::Events::Rule and ::EventBus. */
import {
  CreateEventBusCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  ResourceAlreadyExistsException,
  type RuleState,
} from "@aws-sdk/client-eventbridge";
import * as z from "zod";
import { LOCAL_ACCOUNT, LOCAL_REGION } from "../aws-service.ts";
import { physicalName } from "./physical-name.ts";
import { Count, Document, notServed, resourceType } from "./resource-type.ts";
import { requireReachable } from "./targets.ts";
import type { World } from "./world.ts";

const MAX_NAME = 64;
const PREFIX = `arn:aws:events:${LOCAL_REGION}:${LOCAL_ACCOUNT}`;

const Target = z.strictObject({
  Id: z.string(),
  Arn: z.string(),
  RoleArn: z.string().optional(),
  Input: z.string().optional(),
  DeadLetterConfig: z.object({ Arn: z.string() }).optional(),
  RetryPolicy: z
    .object({ MaximumRetryAttempts: Count.optional(), MaximumEventAgeInSeconds: Count.optional() })
    .optional(),
});
type Target = z.infer<typeof Target>;

export const rule = resourceType({
  properties: z.object({
    Name: z.string().optional(),
    EventBusName: z.string().default("default"),
    EventPattern: Document.optional(),
    ScheduleExpression: z.string().optional(),
    State: z.string().default("ENABLED"),
    Targets: z.array(Target).default([]),
    RoleArn: notServed("targets name their own roles"),
  }),
  withoutMeaning: ["Description"],
  async make(properties, { stackName, logicalId }, world) {
    const { EventBusName, EventPattern, ScheduleExpression, State, Targets } = properties;
    const Name = properties.Name ?? physicalName(stackName, logicalId, MAX_NAME);
    await world.clients.events.send(
      new PutRuleCommand({
        Name,
        EventBusName,
        State: State as RuleState,
        ...(EventPattern && { EventPattern: JSON.stringify(EventPattern) }),
        ...(ScheduleExpression && { ScheduleExpression }),
      }),
    );
    await replaceTargets(world, { Rule: Name, EventBusName }, Targets);
    const isDefault = EventBusName === "default";
    const arn = `${PREFIX}:rule/${isDefault ? "" : `${EventBusName}/`}${Name}`;
    world.rules.add(arn);
    warnOfUnreachable(world, logicalId, arn, Targets);
    return { ref: isDefault ? Name : `${EventBusName}|${Name}`, attributes: { Arn: arn } };
  },
});

export const eventBus = resourceType({
  properties: z.object({ Name: z.string() }),
  withoutMeaning: ["Description", "DeadLetterConfig", "LogConfig", "KmsKeyIdentifier"],
  async make({ Name }, _, { clients: { events }, rules }) {
    const Arn = `${PREFIX}:event-bus/${Name}`;
    rules.add(Arn);
    try {
      await events.send(new CreateEventBusCommand({ Name }));
    } catch (error) {
      if (!(error instanceof ResourceAlreadyExistsException)) throw error;
    }
    return { ref: Name, attributes: { Name, Arn } };
  },
});

export const eventBusPolicy = resourceType({
  properties: z.object({ EventBusName: z.string().default("default"), StatementId: z.string(), Statement: Document }),
  make({ EventBusName, Statement }, { logicalId }, { permissions, policies }) {
    const arn = `${PREFIX}:event-bus/${EventBusName}`;
    const statements = [...(permissions.get(arn) ?? []), Statement];
    permissions.set(arn, statements);
    policies.putResourcePolicy(arn, { Version: "2012-10-17", Statement: statements });
    return { ref: logicalId };
  },
});

type RuleName = Readonly<{ Rule: string; EventBusName: string }>;

/** Targets of an earlier start are kept by the service: what the template no longer has must go. */
async function replaceTargets(
  { clients: { events } }: World,
  name: RuleName,
  targets: readonly Target[],
): Promise<void> {
  const { Targets: present = [] } = await events.send(new ListTargetsByRuleCommand(name));
  const wanted = new Set(targets.map(({ Id }) => Id));
  const Ids = present.flatMap(({ Id }) => (Id === undefined || wanted.has(Id) ? [] : [Id]));
  if (Ids.length > 0) await events.send(new RemoveTargetsCommand({ ...name, Ids }));
  if (targets.length > 0) await events.send(new PutTargetsCommand({ ...name, Targets: [...targets] }));
}

/** AWS makes such a rule without a word and then fails to deliver, and so does the local cloud, which at least says so. */
function warnOfUnreachable(world: World, logicalId: string, sourceArn: string, targets: readonly Target[]): void {
  world.startLater.push(async () => {
    for (const { Arn, RoleArn } of targets) {
      try {
        requireReachable(world, { caller: RoleArn ?? "events.amazonaws.com", targetArn: Arn, sourceArn });
      } catch (error) {
        world.report(`${logicalId} (AWS::Events::Rule) will not reach ${Arn}: ${String(error)}`);
      }
    }
    return { stop: async () => {} };
  });
}
