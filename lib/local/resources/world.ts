/** What the provisioners make resources in: the running services, and what starts once all resources are there. */
import type { AlarmDefinition } from "../alarms.ts";
import type { PolicyStore } from "../authorisation/policy-store.ts";
import type { Clients } from "../clients.ts";
import type { HttpApis } from "../http-api/http-apis.ts";
import type { Functions } from "../lambda/functions.ts";
import type { MailSubscription } from "../mailbox.ts";
import type { Roles } from "./roles.ts";

/** Something that runs until it is stopped. */
export interface Running {
  stop(): Promise<void>;
}

export interface World {
  /** Where all services answer. */
  readonly url: string;
  readonly directory: string;
  /** Under the owner's key. */
  readonly clients: Clients;
  readonly policies: PolicyStore;
  readonly roles: Roles;
  readonly functions: Functions;
  readonly httpApis: HttpApis;
  /** ARNs of the rules and buses that the template has: what an earlier start left beside them is removed. */
  readonly rules: Set<string>;
  /** Statements that a template gives one by one, such as AWS::Lambda::Permission, by the ARN of the function or bus. */
  readonly permissions: Map<string, readonly object[]>;
  readonly assets: ReadonlyMap<string, string>;
  /** Ids that a service chose by itself, kept from start to start: logical id → physical id. */
  readonly identities: Identities;
  readonly alarms: AlarmDefinition[];
  readonly mail: MailSubscription[];
  /** Run in order after the last resource is made. */
  readonly startLater: Array<() => Promise<Running>>;
  report(step: string): void;
  onLog(functionName: string, line: string): void;
}

export interface Identities {
  get(logicalId: string): string | undefined;
  put(logicalId: string, physicalId: string): Promise<void>;
}
