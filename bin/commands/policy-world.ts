/** The access policy and the organisation that it is asked about, for the verbs that work on it. */
import { cedarEngine } from "../../lib/adapters/cedar-engine.ts";
import { readPolicies } from "../../lib/adapters/cedar-policies.ts";
import { accessEntities } from "../../lib/core/access/access-entities.ts";
import { createDecider, type DecideAccess } from "../../lib/core/access/decide-access.ts";
import { type AccessControl, accessControl } from "../../lib/core/access/judge-access.ts";
import type { AccessPolicies } from "../../lib/core/access/policy-engine.ts";
import type { Configuration } from "../../lib/core/configuration/configuration.ts";
import { readConfiguration } from "./input.ts";

export interface PolicyChoice {
  /** gatebook.yml */
  readonly config: string;
  /** Folder of policies. */
  readonly policies: string;
}

export interface PolicyWorld {
  readonly configuration: Configuration;
  readonly access: AccessPolicies;
  /** For the recorder. */
  readonly control: AccessControl;
  /** The same policies over any configuration. */
  readonly decideFor: (configuration: Configuration) => DecideAccess;
}

export const POLICY_FOLDER = "rules/access";

/** @throws GatebookError `POLICY_INVALID`, `CONFIGURATION_INVALID` */
export function policyWorld({ config, policies: folder }: PolicyChoice): PolicyWorld {
  const configuration = readConfiguration(config);
  const access = readPolicies(folder);
  const deciders = new WeakMap<Configuration, DecideAccess>();
  const decideFor = (other: Configuration): DecideAccess => {
    const decide = deciders.get(other) ?? createDecider(access.policies, cedarEngine(access, accessEntities(other)));
    deciders.set(other, decide);
    return decide;
  };
  const control = accessControl(configuration, async () => decideFor(configuration), access.policies);
  return { configuration, access, control, decideFor };
}
