/** Collections, as Sigma's first version writes them: `action: global`, `reset` and `repeat` make one document of several. */
import type { Path, RuleDocument } from "./rule-document.ts";

/** What is deeper than a rule can be is taken over as it is. */
const MAX_DEPTH = 20;

/** The documents that are to be read as rules, with what the collection adds to each. @throws GatebookError `RULE_INVALID` */
export function unfoldCollection(documents: readonly RuleDocument[]): readonly RuleDocument[] {
  const unfolded: RuleDocument[] = [];
  let shared: RuleDocument | undefined;
  let previous: RuleDocument | undefined;
  for (const document of documents) {
    const action = actionOf(document);
    if (action === "reset") {
      shared = undefined;
    } else if (action === "global") {
      shared = document;
      previous = document;
    } else {
      if (action === "repeat" && previous === undefined)
        throw document.invalid(["action"], "repeat needs a rule before it");
      // What is shared wins over the rule's own, as it does in Sigma's own tools; what is repeated is overwritten.
      previous = action === "repeat" ? merge(document, previous, document) : merge(shared, document, document);
      unfolded.push(previous);
    }
  }
  return unfolded;
}

const ACTIONS = ["global", "reset", "repeat"];

function actionOf(document: RuleDocument): string | undefined {
  const { plain } = document;
  if (!isMap(plain) || !Object.hasOwn(plain, "action")) return undefined;
  const action = plain["action"];
  if (typeof action === "string" && ACTIONS.includes(action)) return action;
  throw document.invalid(["action"], `must be one of ${ACTIONS.join(", ")}`);
}

/** @param own which of the two a message about something missing belongs to */
function merge(over: RuleDocument | undefined, under: RuleDocument | undefined, own: RuleDocument): RuleDocument {
  if (over === undefined || under === undefined) return own;
  const holderOf = (path: Path): RuleDocument => [over, under].find((document) => document.has(path)) ?? own;
  const { action: _, ...plain } = asMap(mergeValues(over.plain, under.plain, 0));
  return {
    file: own.file,
    plain,
    has: (path) => over.has(path) || under.has(path),
    lineOf: (path) => holderOf(path).lineOf(path),
    invalid: (path, message) => holderOf(path).invalid(path, message),
  };
}

function mergeValues(over: unknown, under: unknown, depth: number): unknown {
  if (!isMap(over) || !isMap(under) || depth > MAX_DEPTH) return over;
  const added = Object.entries(over).map(([key, value]): [string, unknown] => [
    key,
    Object.hasOwn(under, key) ? mergeValues(value, under[key], depth + 1) : value,
  ]);
  return { ...under, ...Object.fromEntries(added) };
}

function asMap(value: unknown): Record<string, unknown> {
  return isMap(value) ? value : {};
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
