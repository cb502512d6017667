/** The policies' own tests: what lies in allow/ is allowed and what lies in deny/ is not, and each policy has both. */
import * as z from "zod";
import { AccessContext, type AccessPrincipal, type AccessQuestion, GOVERNED_ACTIONS } from "./access-question.ts";
import type { DecideAccess } from "./decide-access.ts";
import { ORDINARY } from "./permissions.ts";
import type { AccessPolicy } from "./policy-engine.ts";

const DIFFERENT = z.strictObject({
  businessHours: AccessContext.shape.businessHours.exactOptional(),
  mfa: AccessContext.shape.mfa.exactOptional(),
  granted: AccessContext.shape.granted.exactOptional(),
  address: AccessContext.shape.address,
  breakGlass: AccessContext.shape.breakGlass.exactOptional(),
  byPipeline: AccessContext.shape.byPipeline.exactOptional(),
  isReader: AccessContext.shape.isReader.exactOptional(),
  wrote: AccessContext.shape.wrote.exactOptional(),
  started: AccessContext.shape.started.exactOptional(),
  editedPipeline: AccessContext.shape.editedPipeline.exactOptional(),
});

const Case = z
  .strictObject({
    /** A sentence. */
    case: z.string().min(1),
    /** E-mail address. */
    person: z.string().min(1).exactOptional(),
    /** As gatebook.yml writes it. */
    workload: z.string().min(1).exactOptional(),
    action: z.enum(GOVERNED_ACTIONS, "must be an action that the schema knows, such as pipeline.approve"),
    /** `shop` or `shop/production` */
    place: z.string().regex(/^[^/]+(\/[^/]+)?$/, "must be a project, or a project and an environment: shop/production"),
    context: DIFFERENT.default({}),
    /** The policies that decide, where that is what the case is about. */
    policies: z.array(z.string()).exactOptional(),
  })
  .refine(({ person, workload }) => (person === undefined) !== (workload === undefined), {
    message: "must name a person or a workload, and not both",
  });
type Case = z.infer<typeof Case>;

/** A file of allow/ or deny/: its name without the ending is the policy's that it is about. */
export interface PolicyCases {
  readonly file: string;
  readonly policy: string;
  readonly outcome: "allow" | "deny";
  readonly content: unknown;
}

interface PolicyFailure {
  readonly file: string;
  readonly message: string;
}

export interface PolicyTest {
  readonly cases: number;
  readonly failures: readonly PolicyFailure[];
}

/** @param hasLeft whether a person of gatebook.yml has left, by e-mail address */
export function testPolicies(
  { policies, files }: { readonly policies: readonly AccessPolicy[]; readonly files: readonly PolicyCases[] },
  decide: DecideAccess,
  hasLeft: (email: string) => boolean,
): PolicyTest {
  const failures: PolicyFailure[] = [...findUntested(policies, files)];
  let cases = 0;
  for (const { file, policy, outcome, content } of files) {
    const parsed = z.array(Case).min(1, "must hold a case").safeParse(content);
    if (!parsed.success) {
      failures.push({ file, message: z.prettifyError(parsed.error) });
      continue;
    }
    if (!policies.some(({ id }) => id === policy)) failures.push({ file, message: `there is no policy ${policy}` });
    for (const each of parsed.data) {
      cases += 1;
      const failure = failureOf(each, outcome, decide, hasLeft);
      if (failure !== undefined) failures.push({ file, message: `${each.case}: ${failure}` });
    }
  }
  return { cases, failures };
}

function findUntested(policies: readonly AccessPolicy[], files: readonly PolicyCases[]): PolicyFailure[] {
  return policies.flatMap(({ id, at }) =>
    (["allow", "deny"] as const)
      .filter((outcome) => !files.some((file) => file.policy === id && file.outcome === outcome))
      .map((outcome) => ({ file: at, message: `${id} has no case: write ${outcome}/${id}.json` })),
  );
}

function failureOf(
  each: Case,
  outcome: PolicyCases["outcome"],
  decide: DecideAccess,
  hasLeft: (email: string) => boolean,
): string | undefined {
  const decision = decide(toQuestion(each, hasLeft));
  if (decision.outcome !== outcome)
    return `should be ${outcome === "allow" ? "allowed" : "denied"}: ${decision.reason}`;
  const expected = each.policies?.toSorted().join(", ");
  const found = decision.policies.join(", ");
  if (expected === undefined || expected === found) return undefined;
  return `should be decided by ${expected || "no policy"}, and is by ${found || "none"}`;
}

function toQuestion(
  { person, workload, action, place, context }: Case,
  hasLeft: (email: string) => boolean,
): AccessQuestion {
  const [project = "", environment] = place.split("/");
  const principal: AccessPrincipal =
    person === undefined
      ? { type: "Workload", id: workload ?? "" }
      : { type: "Person", id: person, left: hasLeft(person) };
  return {
    principal,
    action,
    place: { project, ...(environment !== undefined && { environment }) },
    context: { ...ORDINARY, ...context },
  };
}
