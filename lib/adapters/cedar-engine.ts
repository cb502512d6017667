/** Cedar in WebAssembly, with the policies parsed once. */
import { preparsePolicySet, preparseSchema, statefulIsAuthorized } from "@cedar-policy/cedar-wasm/nodejs";
import { type AccessEntities, actionUid } from "../core/access/access-entities.ts";
import type { AccessContext } from "../core/access/access-question.ts";
import type { AccessPolicies, PolicyEngine } from "../core/access/policy-engine.ts";
import { GatebookError } from "../core/errors.ts";

/** What the module has parsed is known to it by a name, and never forgotten: the same policies over many configurations are parsed once. */
const names = new WeakMap<AccessPolicies, string>();
let parsed = 0;

/** @throws GatebookError `POLICY_INVALID` for policies that `readPolicies` has not checked */
export function cedarEngine(policies: AccessPolicies, entities: AccessEntities): PolicyEngine {
  const name = parsedName(policies);
  return {
    authorise({ principal, action, place, context, temporaryRoles = [] }) {
      const beside = temporaryRoles.map(({ role }) => role);
      const who = entities.principal(principal, place, beside);
      const where = entities.place(place);
      const [resource = who] = where;
      const answer = statefulIsAuthorized({
        principal: who.uid,
        action: actionUid(action),
        resource: resource.uid,
        context: cedarContext(context),
        preparsedSchemaName: name,
        validateRequest: true,
        preparsedPolicySetId: name,
        entities: [who, ...where].map(({ uid, attrs, parents, tags = {} }) => ({
          uid,
          attrs: { ...attrs },
          parents: [...parents],
          tags: { ...tags },
        })),
      });
      if (answer.type === "failure") throw failed(answer.errors);
      const { decision, diagnostics } = answer.response;
      // A policy that could not be evaluated counts for nothing in Cedar: a forbid would be lost without a word.
      if (diagnostics.errors.length > 0) throw notEvaluated(diagnostics.errors, policies);
      return { decision, policies: diagnostics.reason.toSorted() };
    },
  };
}

function parsedName(policies: AccessPolicies): string {
  const known = names.get(policies);
  if (known !== undefined) return known;
  parsed += 1;
  const name = `gatebook-${parsed}`;
  const staticPolicies = Object.fromEntries(policies.policies.map(({ id, text }) => [id, text]));
  for (const answer of [preparsePolicySet(name, { staticPolicies }), preparseSchema(name, policies.schema)]) {
    if (answer.type === "failure") throw failed(answer.errors);
  }
  names.set(policies, name);
  return name;
}

function cedarContext({ address, ...context }: AccessContext) {
  return address === undefined ? context : { ...context, address: { __extn: { fn: "ip", arg: address } } };
}

function failed(errors: readonly { readonly message: string }[]): GatebookError {
  return new GatebookError("POLICY_INVALID", `Cedar: ${errors.map(({ message }) => message).join("; ")}`);
}

type EvaluationError = { readonly policyId: string; readonly error: { readonly message: string } };

function notEvaluated(errors: readonly EvaluationError[], { policies }: AccessPolicies): GatebookError {
  const lines = errors.map(({ policyId, error }) => {
    const at = policies.find(({ id }) => id === policyId)?.at ?? "an access policy";
    return `${at}: ${policyId} could not be evaluated: ${error.message}`;
  });
  return new GatebookError("POLICY_INVALID", lines.join("\n"));
}
