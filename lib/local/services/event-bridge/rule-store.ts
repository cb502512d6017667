/** Buses, rules and targets, on disk. */
import { join } from "node:path";
import * as z from "zod";
import { AwsError, LOCAL_ACCOUNT, LOCAL_REGION } from "../../aws-service.ts";
import { openStateFile } from "../state-file.ts";

/** Strict: a target that is transformed or addressed in a way that is not here would be delivered wrongly. */
export const TargetSchema = z.strictObject({
  Id: z.string().min(1).max(64),
  Arn: z.string().min(1),
  RoleArn: z.string().optional(),
  /** Delivered in place of the event: valid JSON. */
  Input: z.string().optional(),
  DeadLetterConfig: z.strictObject({ Arn: z.string().optional() }).optional(),
  RetryPolicy: z
    .strictObject({
      MaximumRetryAttempts: z.int().min(0).max(185).optional(),
      MaximumEventAgeInSeconds: z.int().min(60).max(86_400).optional(),
    })
    .optional(),
});

export const RULE_STATES = ["ENABLED", "DISABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"] as const;

const RuleSchema = z.object({
  arn: z.string(),
  name: z.string(),
  bus: z.string(),
  state: z.enum(RULE_STATES),
  description: z.string().optional(),
  pattern: z.string().optional(),
  schedule: z.string().optional(),
  roleArn: z.string().optional(),
  targets: z.array(TargetSchema),
});

const StateSchema = z.object({ buses: z.array(z.string()), rules: z.array(RuleSchema) });

export type Target = z.infer<typeof TargetSchema>;
export type Rule = z.infer<typeof RuleSchema>;

export interface RuleStore {
  readonly buses: readonly string[];
  readonly rules: readonly Rule[];
  addBus(name: string): Promise<void>;
  /** With the rules on it. */
  deleteBus(name: string): Promise<void>;
  /** Creates the rule, or changes all of it but its targets. */
  putRule(rule: Omit<Rule, "arn" | "targets">): Promise<Rule>;
  deleteRule(rule: Rule): Promise<void>;
  putTargets(rule: Rule, targets: readonly Target[]): Promise<void>;
  find(bus: string, name: string): Rule | undefined;
}

export const DEFAULT_BUS = "default";
const PREFIX = `arn:aws:events:${LOCAL_REGION}:${LOCAL_ACCOUNT}:`;

export const busArn = (bus: string): string => `${PREFIX}event-bus/${bus}`;

/** A request names a bus by its name, its ARN or not at all. */
export function busName(reference: string | undefined): string {
  return reference?.replace(/^arn:aws:events:[^:]*:[^:]*:event-bus\//, "") ?? DEFAULT_BUS;
}

export function ruleArn(bus: string, name: string): string {
  return `${PREFIX}rule/${bus === DEFAULT_BUS ? "" : `${bus}/`}${name}`;
}

export async function openRuleStore(directory: string): Promise<RuleStore> {
  const empty = { buses: [DEFAULT_BUS], rules: [] };
  const file = await openStateFile(join(directory, "events.json"), StateSchema, empty);
  const { state } = file;
  const find = (bus: string, name: string): Rule | undefined =>
    state.rules.find((rule) => rule.bus === bus && rule.name === name);
  return {
    get buses() {
      return state.buses;
    },
    get rules() {
      return state.rules;
    },
    find,
    async addBus(name) {
      if (state.buses.includes(name)) {
        throw new AwsError("ResourceAlreadyExistsException", 400, `Event bus ${name} already exists.`);
      }
      state.buses.push(name);
      await file.save();
    },
    async deleteBus(name) {
      state.buses = state.buses.filter((bus) => bus !== name);
      state.rules = state.rules.filter(({ bus }) => bus !== name);
      await file.save();
    },
    async putRule(rule) {
      const targets = find(rule.bus, rule.name)?.targets ?? [];
      const put: Rule = { ...rule, arn: ruleArn(rule.bus, rule.name), targets };
      state.rules = [...state.rules.filter(({ arn }) => arn !== put.arn), put];
      await file.save();
      return put;
    },
    async deleteRule(rule) {
      state.rules = state.rules.filter(({ arn }) => arn !== rule.arn);
      await file.save();
    },
    async putTargets(rule, targets) {
      rule.targets = [...targets];
      await file.save();
    },
  };
}
