/** What calls to IAM change: policies inline, managed and of trust, what is attached, and the boundary of permissions. */
import { isObject, type JsonObject } from "../sources/json.ts";
import { ATTACHED, type Call, nameOf, type ReadChange, type ToldChange } from "./change.ts";
import { fromJsonText } from "./json-text.ts";

const TRUST = "trust policy";
const BOUNDARY = "permissions boundary";

export const iamChanges: Readonly<Record<string, ReadChange>> = {
  ...ofEach(["Role", "User", "Group"], "Put", "Policy", ({ request }) => ({
    kind: inlineKind(request),
    after: fromJsonText(request["policyDocument"]),
  })),
  ...ofEach(["Role", "User", "Group"], "Delete", "Policy", ({ request }) => ({
    kind: inlineKind(request),
    after: null,
  })),
  // AWS refuses to detach what is not attached; attaching it twice is possible, and harmless.
  ...ofEach(["Role", "User", "Group"], "Attach", "Policy", ({ request }) => attached(request, true)),
  ...ofEach(["Role", "User", "Group"], "Detach", "Policy", ({ request }) => attached(request, false)),
  ...ofEach(["Role", "User"], "Put", "PermissionsBoundary", ({ request }) => ({
    kind: BOUNDARY,
    after: request["permissionsBoundary"],
  })),
  ...ofEach(["Role", "User"], "Delete", "PermissionsBoundary", () => ({ kind: BOUNDARY, after: null })),
  CreateRole: ({ request }) => ({
    kind: TRUST,
    before: null,
    after: fromJsonText(request["assumeRolePolicyDocument"]),
  }),
  UpdateAssumeRolePolicy: ({ request }) => ({ kind: TRUST, after: fromJsonText(request["policyDocument"]) }),
  DeleteRole: () => ({ kind: TRUST, after: null }),
  CreatePolicy: ({ request }) => ({ kind: "policy", before: null, after: fromJsonText(request["policyDocument"]) }),
  CreatePolicyVersion: policyVersion,
  SetDefaultPolicyVersion: ({ request }) => ({ kind: "policy version in force", after: request["versionId"] }),
  DeletePolicy: () => ({ kind: "policy", after: null }),
};

function ofEach(holders: readonly string[], verb: string, noun: string, read: ReadChange): Record<string, ReadChange> {
  return Object.fromEntries(holders.map((holder) => [`${verb}${holder}${noun}`, read]));
}

function inlineKind({ policyName }: JsonObject): string {
  return `inline policy ${nameOf(policyName)}`;
}

function attached({ policyArn }: JsonObject, isAttached: boolean): ToldChange | undefined {
  if (typeof policyArn !== "string") return undefined;
  const [before, after] = isAttached ? [null, policyArn] : [policyArn, null];
  return { kind: `${ATTACHED}${policyArn}`, before, after };
}

/** A version that is not in force changes nothing yet; the one that is in force is the policy. */
function policyVersion({ request, response: { policyVersion: version } }: Call): ToldChange {
  const { versionId, isDefaultVersion } = isObject(version) ? version : {};
  const after = fromJsonText(request["policyDocument"]);
  const asked = request["setAsDefault"] ?? isDefaultVersion;
  const isInForce = asked === true || asked === "true";
  return isInForce
    ? { kind: "policy", after }
    : { kind: `policy version ${nameOf(versionId, "without a number")}, not in force`, before: null, after };
}
