/** Who took part in a delivery that waits at the gate, as the index tells it. */
import type { Configuration } from "../configuration/configuration.ts";
import { placementOf } from "../configuration/placement.ts";
import { type BatchEntries, batchEntries } from "../record/batch-entries.ts";
import { type Delivery, findDelivery } from "../record/delivery.ts";
import { type Authors, findAuthors } from "../record/delivery-authors.ts";
import type { DeliveryIndex } from "../record/delivery-index.ts";
import { isDecision } from "../record/execution-events.ts";
import type { IndexEntry } from "../record/index-entry.ts";
import { FAILURE } from "../record/ocsf.ts";
import type { GateQuestion } from "./gate-question.ts";

export interface DeliveryPeople
  extends Pick<Delivery, "starters" | "approvers" | "committers" | "reviewers" | "editors"> {
  /** Something was recorded of the execution itself, beside what the gate said of it. */
  readonly isTold: boolean;
  /** The pipeline says that it was approved, and nothing says by whom. */
  readonly isApproverMissing: boolean;
  /** Of gatebook.yml: those that the execution's events touch. */
  readonly projects: readonly string[];
  /** Somebody was asked to approve it and has not answered: GitHub asks the gate and its reviewers at the same time. */
  readonly isAwaitingApproval: boolean;
}

interface PeopleWorld {
  readonly configuration: Configuration;
  readonly index: DeliveryIndex;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** @param entries of the delivery; what was decided elsewhere is neither among them nor in the index */
export async function findPeople(
  question: GateQuestion,
  entries: readonly IndexEntry[],
  { configuration, index, now }: PeopleWorld,
): Promise<DeliveryPeople> {
  const entry = asking(question, now);
  const delivery = await findDelivery(entry, batchEntries([entry]), index);
  const { starters = [], approvers = [], editors = [] } = delivery ?? {};
  const { committers, reviewers } = await authorsOf(question, delivery, index);
  const own = entries.filter(({ trace, operation }) => trace === question.trace && !isOwnDoing(operation));
  const isApproved = own.some(({ action, status }) => action === "pipeline.approve" && status !== FAILURE);
  return {
    ...{ starters, approvers, committers, reviewers, editors },
    isTold: own.length > 0,
    projects: placementOf(configuration)(
      undefined,
      own.flatMap(({ resource }) => resource ?? []),
    ).projects,
    isApproverMissing: isApproved && approvers.length === 0,
    isAwaitingApproval: own.filter(isAskedForReview).length > own.filter(isDecision).length,
  };
}

function isAskedForReview({ operation }: IndexEntry): boolean {
  return operation === "deployment_review.requested";
}

/** A commit is what it is made of itself: it is looked at as if an execution of it asked. */
async function authorsOf(
  { trace, madeOf = [] }: GateQuestion,
  delivery: Authors | undefined,
  index: DeliveryIndex,
): Promise<Authors> {
  if (delivery !== undefined && !trace.startsWith("commit:")) return delivery;
  const said: BatchEntries = batchEntries([{ ...asking({ trace: ASKING, madeOf: [trace, ...madeOf] }, 0) }]);
  return findAuthors(ASKING, said, index);
}

/** No trace of any source's is called so. */
const ASKING = "gate:asking";

/** The question as an event of the delivery: those that happened are looked at from there, and what the asker says that it is made of is linked. */
export function asking({ trace, madeOf = [] }: Pick<GateQuestion, "trace" | "madeOf">, now: number): IndexEntry {
  const eventKey = `${new Date(now).toISOString()}#gate`;
  return {
    ...{ principal: "gatebook:gate", eventKey, action: "other", operation: "gate.asked", trace },
    ...(madeOf.length > 0 && { links: madeOf }),
  };
}

function isOwnDoing(operation: string): boolean {
  return operation.startsWith("gate.");
}
