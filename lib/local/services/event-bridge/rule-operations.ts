/** Rules and targets as EventBridge's API has them (https://docs.aws.amazon.com/eventbridge/latest/APIReference/). */
import * as z from "zod";
import { AwsError } from "../../aws-service.ts";
import { parseSchedule } from "../../schedule.ts";
import { type JsonOperation, jsonOperation, validationError } from "../json-service.ts";
import { busOperations, mustFindBus, Tags } from "./bus-operations.ts";
import { compileEventPattern } from "./event-pattern.ts";
import { busName, RULE_STATES, type Rule, type RuleStore, ruleArn, TargetSchema } from "./rule-store.ts";

const MAX_TARGETS = 5;
const Name = z.string().regex(/^[.\-_A-Za-z0-9]{1,64}$/);
const EventBusName = z.string().optional();

const PutRule = z.strictObject({
  Name,
  EventPattern: z.string().optional(),
  ScheduleExpression: z.string().optional(),
  State: z.enum(RULE_STATES).default("ENABLED"),
  Description: z.string().max(512).optional(),
  RoleArn: z.string().optional(),
  EventBusName,
  Tags,
});
const ByName = z.strictObject({ Name, EventBusName, Force: z.boolean().optional() });
const ListRules = z.strictObject({ NamePrefix: z.string().optional(), EventBusName, Limit: z.int().optional() });
const PutTargets = z.strictObject({ Rule: Name, EventBusName, Targets: z.array(TargetSchema).min(1).max(100) });
const RemoveTargets = z.strictObject({
  Rule: Name,
  EventBusName,
  Ids: z.array(z.string()).min(1),
  Force: z.boolean().optional(),
});
const ListTargets = z.strictObject({ Rule: Name, EventBusName, Limit: z.int().optional() });

export function ruleOperations(store: RuleStore): Readonly<Record<string, JsonOperation>> {
  return {
    PutRule: jsonOperation({
      input: PutRule,
      needs: (input) => [onRule("PutRule", input.EventBusName, input.Name)],
      answer: async (input) => ({ RuleArn: (await store.putRule(readRule(store, input))).arn }),
    }),
    DescribeRule: jsonOperation({
      input: ByName,
      needs: (input) => [onRule("DescribeRule", input.EventBusName, input.Name)],
      answer: (input) => describeRule(mustFind(store, input.EventBusName, input.Name)),
    }),
    ListRules: jsonOperation({
      input: ListRules,
      needs: (input) => [onRule("ListRules", input.EventBusName, "*")],
      answer: ({ EventBusName: bus, NamePrefix: prefix = "" }) => {
        const listed = store.rules.filter(
          (rule) => rule.bus === mustFindBus(store, bus) && rule.name.startsWith(prefix),
        );
        return { Rules: listed.map(describeRule) };
      },
    }),
    DeleteRule: jsonOperation({
      input: ByName,
      needs: (input) => [onRule("DeleteRule", input.EventBusName, input.Name)],
      answer: async (input) => {
        const rule = store.find(mustFindBus(store, input.EventBusName), input.Name);
        if (rule === undefined) return undefined;
        if (rule.targets.length > 0) throw validationError("Rule can't be deleted since it has targets.");
        await store.deleteRule(rule);
        return undefined;
      },
    }),
    ...targetOperations(store),
    ...busOperations(store),
  };
}

function targetOperations(store: RuleStore): Readonly<Record<string, JsonOperation>> {
  return {
    PutTargets: jsonOperation({
      input: PutTargets,
      needs: (input) => [onRule("PutTargets", input.EventBusName, input.Rule)],
      answer: async (input) => {
        const rule = mustFind(store, input.EventBusName, input.Rule);
        for (const { Input: text } of input.Targets) if (text !== undefined) checkJson(text);
        const ids = new Set(input.Targets.map(({ Id }) => Id));
        const targets = [...rule.targets.filter(({ Id }) => !ids.has(Id)), ...input.Targets];
        if (targets.length > MAX_TARGETS) {
          throw new AwsError("LimitExceededException", 400, `A rule has at most ${MAX_TARGETS} targets.`);
        }
        await store.putTargets(rule, targets);
        return { FailedEntryCount: 0, FailedEntries: [] };
      },
    }),
    RemoveTargets: jsonOperation({
      input: RemoveTargets,
      needs: (input) => [onRule("RemoveTargets", input.EventBusName, input.Rule)],
      answer: async (input) => {
        const rule = mustFind(store, input.EventBusName, input.Rule);
        await store.putTargets(
          rule,
          rule.targets.filter(({ Id }) => !input.Ids.includes(Id)),
        );
        return { FailedEntryCount: 0, FailedEntries: [] };
      },
    }),
    ListTargetsByRule: jsonOperation({
      input: ListTargets,
      needs: (input) => [onRule("ListTargetsByRule", input.EventBusName, input.Rule)],
      answer: (input) => ({ Targets: mustFind(store, input.EventBusName, input.Rule).targets }),
    }),
  };
}

function onRule(action: string, bus: string | undefined, name: string): { action: string; resource: string } {
  return { action: `events:${action}`, resource: ruleArn(busName(bus), name) };
}

function mustFind(store: RuleStore, bus: string | undefined, name: string): Rule {
  const rule = store.find(mustFindBus(store, bus), name);
  if (rule !== undefined) return rule;
  throw new AwsError("ResourceNotFoundException", 400, `Rule ${name} does not exist on EventBus ${busName(bus)}.`);
}

function readRule(store: RuleStore, input: z.infer<typeof PutRule>): Omit<Rule, "arn" | "targets"> {
  const { EventPattern: pattern, ScheduleExpression: schedule, Description: description, RoleArn: roleArn } = input;
  const bus = mustFindBus(store, input.EventBusName);
  if (pattern === undefined && schedule === undefined) {
    throw validationError("Parameter(s) EventPattern or ScheduleExpression must be specified.");
  }
  if (pattern !== undefined) compileEventPattern(pattern);
  if (schedule !== undefined) checkSchedule(schedule, bus);
  return {
    name: input.Name,
    bus,
    state: input.State,
    ...(pattern && { pattern }),
    ...(schedule && { schedule }),
    ...(description && { description }),
    ...(roleArn && { roleArn }),
  };
}

function checkSchedule(schedule: string, bus: string): void {
  if (bus !== busName(undefined))
    throw validationError("ScheduleExpression is supported only on the default event bus.");
  try {
    parseSchedule(schedule);
  } catch (cause) {
    throw Object.assign(validationError("Parameter ScheduleExpression is not valid."), { cause });
  }
}

function checkJson(text: string): void {
  try {
    JSON.parse(text);
  } catch (cause) {
    throw Object.assign(validationError("JSON syntax error in input for target."), { cause });
  }
}

function describeRule(rule: Rule): object {
  return {
    Name: rule.name,
    Arn: rule.arn,
    EventBusName: rule.bus,
    State: rule.state,
    ...(rule.pattern && { EventPattern: rule.pattern }),
    ...(rule.schedule && { ScheduleExpression: rule.schedule }),
    ...(rule.description && { Description: rule.description }),
    ...(rule.roleArn && { RoleArn: rule.roleArn }),
  };
}
