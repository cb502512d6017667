/** Accesses of the past for tests, and the policies over any configuration. */
import { cedarEngine } from "../../../lib/adapters/cedar-engine.ts";
import type { AskedBefore } from "../../../lib/core/access/access-census.ts";
import { accessEntities } from "../../../lib/core/access/access-entities.ts";
import type { AccessContext, AccessQuestion, GovernedAction } from "../../../lib/core/access/access-question.ts";
import { createDecider, type DecideAccess } from "../../../lib/core/access/decide-access.ts";
import { ORDINARY } from "../../../lib/core/access/permissions.ts";
import type { AccessPolicies } from "../../../lib/core/access/policy-engine.ts";
import type { Configuration } from "../../../lib/core/configuration/configuration.ts";
import { exampleAccess } from "./example-access.ts";

const { schema, policies, configuration } = exampleAccess();
const EXAMPLE: AccessPolicies = { schema, policies };

export function deciderFor(own: AccessPolicies = EXAMPLE): (configuration: Configuration) => DecideAccess {
  return (other) => createDecider(own.policies, cedarEngine(own, accessEntities(other)));
}

/** @param name before the @ of an address of the example organisation */
export function question(
  name: string,
  action: GovernedAction,
  place: string,
  context: Partial<AccessContext> = {},
): AccessQuestion {
  const [project = "", environment] = place.split("/");
  const id = `${name}@acme.example`;
  const left = configuration.people.find(({ email }) => email === id)?.left !== undefined;
  return {
    principal: { type: "Person", id, left },
    action,
    place: { project, ...(environment !== undefined && { environment }) },
    context: { ...ORDINARY, ...context },
  };
}

export function askedOnce(...questions: AccessQuestion[]): AskedBefore {
  return { questions, times: 1 };
}
