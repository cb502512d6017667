/** The decision on a record, and the finding where it is a deny. */
import type { Configuration } from "../configuration/configuration.ts";
import type { RecordView } from "../detections/record-view.ts";
import { toFinding } from "../detections/to-finding.ts";
import type { GrantsAround } from "../grants/recent-grants.ts";
import type { Finding, Level } from "../record/finding.ts";
import type { AccessDecision } from "./access-decision.ts";
import type { AccessQuestion } from "./access-question.ts";
import { answerAll } from "./answer-all.ts";
import { createAskAbout } from "./ask-about.ts";
import type { DecideAccess } from "./decide-access.ts";
import { DENIAL_PREFIX } from "./denial-rule.ts";
import type { AccessPolicy } from "./policy-engine.ts";
import { decideWithGrants, mayBeHelped } from "./temporary-roles.ts";

const NOT_ALLOWED = "not-allowed";
const ENDED = { id: `${DENIAL_PREFIX}grant-ended`, title: "Access after a temporary role had ended" };

type DecideOn = (view: RecordView) => Promise<AccessDecision>;

/** What recording takes to decide on each access. */
export interface AccessControl {
  readonly decideOn: DecideOn;
  readonly policies: readonly AccessPolicy[];
  /** The roles that people had for a while. */
  readonly grantsAround?: GrantsAround;
}

/**
 * @param load is asked before the first decision and not earlier: most records ask nothing, and the engine takes longer than all the rest to start
 * @param grantsAround is asked where nothing else allows what a person did. Without it, nobody has a role for a while
 */
export function accessControl(
  configuration: Configuration,
  load: () => Promise<DecideAccess>,
  policies: readonly AccessPolicy[],
  grantsAround?: GrantsAround,
): AccessControl {
  const askAbout = createAskAbout(configuration);
  let loading: Promise<DecideAccess> | undefined;
  return {
    policies,
    ...(grantsAround !== undefined && { grantsAround }),
    async decideOn(view) {
      const asked = askAbout(view);
      if ("none" in asked) return { outcome: "not-applicable", reason: asked.none };
      loading ??= load();
      const [{ questions }, decide] = [asked, await loading];
      const decision = answer(questions, decide);
      if (grantsAround === undefined || !mayBeHelped({ decision, questions })) return decision;
      return decideWithGrants({ decision, questions, time: view.time }, await grantsAround(view.time), decide);
    },
  };
}

function answer(questions: readonly AccessQuestion[], decide: DecideAccess): AccessDecision {
  const all = answerAll(questions, decide);
  if (all === undefined) return { outcome: "not-applicable", reason: "it touches no project of gatebook.yml" };
  return { ...all, questions };
}

/**
 * @param reported the policies whose denials a detection rule that matched reports already: one fact is one finding
 * @returns undefined for what is allowed, for what no policy speaks about, and for what is reported already
 */
export function denialOf(
  view: RecordView,
  access: AccessDecision,
  policies: readonly AccessPolicy[],
  reported: ReadonlySet<string>,
): Finding | undefined {
  if (access.outcome !== "deny") return undefined;
  if (access.grant !== undefined) return afterItsEnd(access.grant, access.reason, view);
  const [id = NOT_ALLOWED] = access.policies.filter((policy) => !reported.has(policy));
  if (access.policies.length > 0 && id === NOT_ALLOWED) return undefined;
  if (reported.has(id)) return undefined;
  const reason = policies.find((policy) => policy.id === id)?.reason;
  const level: Level = id !== NOT_ALLOWED || view.production === true ? "high" : "medium";
  return toFinding({ ...nameDenial(id, reason), level, description: `${access.reason}.`, runbook: RUNBOOK }, view);
}

/** That a temporary role is over did not end what it was given for. */
function afterItsEnd(grant: string, reason: string, view: RecordView): Finding {
  const rule = { ...ENDED, level: "high" as const, description: `${reason}.`, runbook: ENDED_RUNBOOK };
  return toFinding(rule, { trace: grant, ...view });
}

/** What a detection rule may name under `policies`: the denials that it reports. */
export function reportableDenials(policies: readonly AccessPolicy[]): ReadonlySet<string> {
  return new Set([NOT_ALLOWED, ...policies.map(({ id }) => id)]);
}

/** What findings of denials are called, for whoever names a rule. */
export function denialRules(policies: readonly AccessPolicy[]): { readonly id: string; readonly title: string }[] {
  return [nameDenial(NOT_ALLOWED, undefined), ENDED, ...policies.map(({ id, reason }) => nameDenial(id, reason))];
}

function nameDenial(id: string, reason: string | undefined) {
  const title = reason === undefined ? "Access that no policy allows" : `Access against the policy: ${reason}`;
  return { id: DENIAL_PREFIX + id, title };
}

const ENDED_RUNBOOK = [
  "What it means: somebody went on with what a temporary role had let them do, and its end did not stop them.",
  "What to check: everything in the grant's trace, by gatebook search --trace; and by which permission it was still possible.",
  "How to contain: take that permission away in the system that granted it; where more time is needed, it is asked for with gatebook grant request.",
];

const RUNBOOK = [
  "What it means: somebody did what gatebook.yml and the policies of rules/access give them no right to, and the system let them.",
  "What to check: whether it was agreed with somebody who may decide it, and by which permission it was possible; gatebook policy explain says what was asked.",
  "How to contain: take that permission away in the system that granted it, and undo what was done; where it is right, give the role in gatebook.yml instead.",
];
