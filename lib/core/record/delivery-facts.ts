/** What the way to an approval was like: how long it took, and what became of the pipeline and its safeguards meanwhile. */
import { isServicePrincipal } from "../sources/principal.ts";
import { findGuards, type IdentitiesOf } from "./approval-guards.ts";
import type { BatchEntries } from "./batch-entries.ts";
import {
  type ChangedAfterApproval,
  DELIVERED_WITHIN_MS,
  isSourceChangedAfter,
  oldestEndAfter,
} from "./changed-after-approval.ts";
import { whoIn } from "./delivery-authors.ts";
import type { DeliveryIndex } from "./delivery-index.ts";
import { timeOf } from "./entry-time.ts";
import type { IndexEntry } from "./index-entry.ts";
import { FAILURE } from "./ocsf.ts";

/** How far back to look for the last change of a pipeline: the events of some tens of executions stand between. */
const MAX_LOOKED_AT = 1_000;

export interface DeliveryFacts {
  /** Who last changed the pipeline's definition before the decision; none where nobody did lately, or nobody has decided. */
  readonly editors: readonly string[];
  /** Who lately changed how the repositories are protected that the execution's commits come from. */
  readonly protectors: readonly string[];
  /** Who lately changed the rights of whoever decided. */
  readonly granters: readonly string[];
  /** From being asked to deciding; absent where nothing told of the one or the other. */
  readonly approvalSeconds?: number;
  /** Whether the definition was changed between start and decision; absent until both are known, and where too much happened between to tell. */
  readonly editedAfterStart?: boolean;
  /** What was changed after it was approved, and before the execution ended; absent where nothing is known to be. */
  readonly changedAfterApproval?: ChangedAfterApproval;
}

/** Before anybody has decided. Most executions never wait for anybody: they cost no question. */
export const NO_FACTS: DeliveryFacts = { editors: [], protectors: [], granters: [] };

/** The events of one delivery. */
interface DeliveryEvents {
  readonly trace: string;
  /** Of a person. */
  readonly decision: IndexEntry;
  readonly starts: readonly IndexEntry[];
  /** All that the execution's trace has, services' events included. */
  readonly told: readonly IndexEntry[];
  /** Whether to say what was changed after the decision, too. */
  readonly withLater: boolean;
}

interface FactWorld {
  readonly batch: BatchEntries;
  readonly index: DeliveryIndex;
  readonly identitiesOf: IdentitiesOf;
}

export async function findFacts(delivery: DeliveryEvents, world: FactWorld): Promise<DeliveryFacts> {
  const { decision, starts, told } = delivery;
  const { before, later, since } = await editsAround(decision, world);
  const last = before.findLast(({ principal }) => !isServicePrincipal(principal));
  const seconds = secondsToDecide(decision, told);
  const edited = editedAfter(starts, before, since);
  const changed = delivery.withLater ? await changedAfter(delivery, later, world) : undefined;
  return {
    editors: last === undefined ? [] : whoIn([last]),
    ...(await findGuards(delivery, world)),
    ...(seconds !== undefined && { approvalSeconds: seconds }),
    ...(edited !== undefined && { editedAfterStart: edited }),
    ...(changed !== undefined && { changedAfterApproval: changed }),
  };
}

interface Edits {
  /** Changes of the pipeline's definition that were not refused, oldest first: up to the decision, and those recorded already that came after it. */
  readonly before: readonly IndexEntry[];
  readonly later: readonly IndexEntry[];
  /** What was before this was not looked at. */
  readonly since: number;
}

/** Later events of the batch are judged in their turn. */
async function editsAround(decision: IndexEntry, { batch, index }: FactWorld): Promise<Edits> {
  if (decision.resource === undefined) return { before: [], later: [], since: 0 };
  const decided = timeOf(decision);
  const known = await eventsOfPipeline(decision, index);
  const together = batch.ofResource(pipelineOf(decision.resource)).filter((other) => timeOf(other) <= decided);
  const edits = [...known, ...together]
    .filter(({ action, status }) => action === "pipeline.edit" && status !== FAILURE)
    .sort((a, b) => (a.eventKey < b.eventKey ? -1 : 1));
  const oldest = known.at(-1);
  return {
    before: edits.filter((edit) => timeOf(edit) <= decided),
    later: edits.filter((edit) => timeOf(edit) > decided),
    since: oldest === undefined || known.length < MAX_LOOKED_AT ? 0 : timeOf(oldest),
  };
}

/** What is recorded of the pipeline itself until a delivery that was decided on is over, newest first. */
export async function eventsOfPipeline(decision: IndexEntry, index: DeliveryIndex): Promise<readonly IndexEntry[]> {
  if (decision.resource === undefined) return [];
  const before = timeOf(decision) + DELIVERED_WITHIN_MS;
  return index.byResource(pipelineOf(decision.resource), { before, limit: MAX_LOOKED_AT });
}

function editedAfter(starts: readonly IndexEntry[], edits: readonly IndexEntry[], since: number): boolean | undefined {
  if (starts.length === 0) return undefined;
  const started = Math.min(...starts.map(timeOf));
  // Whoever makes a thousand calls that do nothing hides the change behind them, and must not be told to have changed nothing.
  return edits.some((edit) => timeOf(edit) > started) || (since > started ? undefined : false);
}

async function changedAfter(
  { trace, decision, told }: DeliveryEvents,
  later: readonly IndexEntry[],
  { index }: FactWorld,
): Promise<ChangedAfterApproval | undefined> {
  if (decision.action !== "pipeline.approve") return undefined;
  const ended = oldestEndAfter(timeOf(decision), told);
  // A change that is part of this delivery has said so itself: the pipeline had told of the approval by then.
  if (later.some((edit) => edit.trace !== trace && timeOf(edit) < ended)) return "definition";
  return (await isSourceChangedAfter(decision, trace, index)) ? "source" : undefined;
}

const PIPELINE_ARN = /^arn:[^:]+:codepipeline:[^:]*:[^:]*:[^/]+/;

/** An approval is at an action, `pipeline/stage/action`; what is edited is the pipeline. */
function pipelineOf(resource: string): string {
  return PIPELINE_ARN.exec(resource)?.[0] ?? resource;
}

/**
 * A stage that is tried again asks again: the last request before the decision is the one it answers. A workflow's requests do not say for which of its environments
 * they are, so that of several none is taken.
 */
function secondsToDecide(decision: IndexEntry, told: readonly IndexEntry[]): number | undefined {
  const decided = timeOf(decision);
  const earlier = told.filter((other) => timeOf(other) <= decided);
  const atAction = earlier.filter((other) => isAskedAtAction(other, decision)).map(timeOf);
  const ofWorkflow = earlier.filter(({ operation }) => operation === WORKFLOW_ASKS).map(timeOf);
  const asked = atAction.length > 0 ? Math.max(...atAction) : ofWorkflow.length === 1 ? ofWorkflow[0] : undefined;
  return asked === undefined ? undefined : Math.round((decided - asked) / 1000);
}

const ACTION_TELLS = "CodePipeline Action Execution State Change";
const WORKFLOW_ASKS = "deployment_review.requested";

/** Of an approval's states, those that decide nothing are "started" or follow the decision. */
function isAskedAtAction({ operation, resource, action, principal }: IndexEntry, decision: IndexEntry): boolean {
  return (
    operation === ACTION_TELLS && action === "other" && resource === decision.resource && isServicePrincipal(principal)
  );
}
