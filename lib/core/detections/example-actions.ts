/** The delivery actions of the events on which a rule's match examples trip it, found by running them. */
import { placeholdersOf } from "../configuration/placeholders.ts";
import { GatebookError } from "../errors.ts";
import { DELIVERY_ACTIONS, type DeliveryAction } from "../record/delivery-action.ts";
import { isObject, type JsonObject } from "../sources/json.ts";
import { findWebhookSource } from "../sources/webhooks/webhook-sources.ts";
import type { Candidate } from "./detection.ts";
import { createDetector } from "./detector.ts";
import type { ExampleWorld } from "./example.ts";
import { messageCandidates } from "./message-candidates.ts";
import { arrivals, type RuleWithExamples, rulesOf } from "./test-rule.ts";

/** `undefined` is an event whose action nobody can tell: a record that its source would not write that way. */
export type ProvenAction = DeliveryAction | undefined;

/**
 * By the id of each rule of the file that matches, one action for each event that it matches.
 *
 * @throws GatebookError `INPUT_INVALID` for an example that cannot be read, naming it; `RULE_INVALID`
 */
export async function exampleActions(
  { file, rules, match }: Omit<RuleWithExamples, "ignore">,
  world: ExampleWorld,
): Promise<ReadonlyMap<string, readonly ProvenAction[]>> {
  const placeholders = placeholdersOf(world.configuration);
  const detect = createDetector({ rules: rulesOf(file, rules), placeholders });
  const actions = new Map<string, ProvenAction[]>();
  for (const example of match) {
    // However its events arrive, they are the same.
    const [way] = await named(example.file, () => arrivals(example, { file, rules }, world));
    const candidates = way?.candidates ?? [];
    for (const [i, matches] of (await detect(candidates)).entries()) {
      const [candidate, ids] = [candidates[i], matches.flatMap(({ rule }) => (rule.file === file ? [rule.id] : []))];
      if (candidate === undefined || ids.length === 0) continue;
      const action = await actionOf(candidate, world);
      for (const id of ids) actions.set(id, [...(actions.get(id) ?? []), action]);
    }
  }
  return actions;
}

async function named<T>(file: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (cause) {
    if (!(cause instanceof GatebookError) || cause.code !== "INPUT_INVALID") throw cause;
    throw new GatebookError(cause.code, `${file}: ${cause.message}`, { cause });
  }
}

async function actionOf({ view, raw }: Candidate, world: ExampleWorld): Promise<ProvenAction> {
  if (view !== undefined) return actionIn(view);
  if (raw === undefined || !isObject(raw.record)) return undefined;
  try {
    const [way] = await messageCandidates([asSent(raw.product, raw.record)], world);
    return actionIn(way?.candidates[0]?.view);
  } catch (error) {
    // An example holds what its rule looks at, which need not be all that a source writes.
    if (error instanceof GatebookError && error.code === "INPUT_INVALID") return undefined;
    throw error;
  }
}

function actionIn(view: unknown): ProvenAction {
  const told = isObject(view) ? view["action"] : undefined;
  return DELIVERY_ACTIONS.find((action) => action === told);
}

/** A webhook's record has beside its payload the header that names the event: see `rawRecord`. */
function asSent(product: string | undefined, record: JsonObject): JsonObject {
  const source = product === undefined ? undefined : findWebhookSource(product);
  if (source?.eventHeader === undefined || !(source.eventHeader in record)) return record;
  const { [source.eventHeader]: event, ...body } = record;
  return { source: source.name, headers: { [source.eventHeader]: event }, body };
}
