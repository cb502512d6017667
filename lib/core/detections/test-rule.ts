/** A rule's own tests: the examples in its match/ folder trip it, those in ignore/ do not. */
import { placeholdersOf } from "../configuration/placeholders.ts";
import { GatebookError } from "../errors.ts";
import { createDetector, type Detector } from "./detector.ts";
import type { Arriving, ExampleWorld, RuleExample } from "./example.ts";
import { exampleCandidates } from "./example-candidates.ts";
import type { RuleSet } from "./rule-set.ts";

/** The rules of one file, with the examples beside it. */
export interface RuleWithExamples {
  readonly file: string;
  /** All the rules that there are: a correlation may refer to those of other files. */
  readonly rules: RuleSet;
  readonly match: readonly RuleExample[];
  readonly ignore: readonly RuleExample[];
}

export interface RuleFailure {
  /** The example's file, or the folder that is empty. */
  readonly file: string;
  readonly message: string;
}

/**
 * What is wrong with the rules of a file by their own examples; nothing is fine. A file without examples on either side is not tested, so it
 * fails.
 *
 * @throws GatebookError `RULE_INVALID`, for a placeholder that is not known
 */
export async function testRule(tested: RuleWithExamples, world: ExampleWorld): Promise<readonly RuleFailure[]> {
  const { file, match, ignore } = tested;
  const rules = rulesOf(file, tested.rules);
  const title = [...rules.rules, ...rules.correlations].find((rule) => rule.file === file)?.title ?? file;
  const detector = createDetector({ rules, placeholders: placeholdersOf(world.configuration) });
  const failuresOf = async (example: RuleExample, isMatch: boolean): Promise<RuleFailure[]> => {
    const message = `should ${isMatch ? "" : "not "}match "${title}" and does${isMatch ? " not" : ""}`;
    try {
      for (const way of await arrivals(example, tested, world)) {
        if ((await trips(detector, file, way)) === isMatch) continue;
        return [{ file: example.file, message: `${message} ${way.how}`.trimEnd() }];
      }
      return [];
    } catch (error) {
      if (!(error instanceof GatebookError) || error.code !== "INPUT_INVALID") throw error;
      return [{ file: example.file, message: error.message }];
    }
  };
  const failures: RuleFailure[] = [];
  if (match.length === 0) failures.push({ file: "match", message: "has no event that the rule must match" });
  if (ignore.length === 0) failures.push({ file: "ignore", message: "has no event that the rule must ignore" });
  for (const example of match) failures.push(...(await failuresOf(example, true)));
  for (const example of ignore) failures.push(...(await failuresOf(example, false)));
  return failures;
}

/** In which ways the events of an example may arrive. @throws GatebookError `INPUT_INVALID` */
export function arrivals(
  { record }: RuleExample,
  { file, rules }: Pick<RuleWithExamples, "file" | "rules">,
  world: ExampleWorld,
): Promise<readonly Arriving[]> {
  // Of rules over several log sources, messages alone can say which record is of which.
  return exampleCandidates(record, rulesOf(file, rules).rules[0]?.logsource ?? {}, world);
}

/** Whether any rule of the file matches. */
export async function trips(detector: Detector, file: string, { candidates }: Arriving): Promise<boolean> {
  return (await detector(candidates)).flat().some(({ rule }) => rule.file === file);
}

/** The rules of the file, and those that its correlations refer to, whatever file they are in. */
export function rulesOf(file: string, { rules, correlations }: RuleSet): RuleSet {
  const wanted = new Set(correlations.filter((rule) => rule.file === file).flatMap((rule) => [rule.id, ...rule.rules]));
  const isWanted = (rule: { readonly file: string; readonly id: string; readonly name?: string }): boolean =>
    rule.file === file || wanted.has(rule.id) || (rule.name !== undefined && wanted.has(rule.name));
  for (const before of wanted) {
    // A set hands out what is added to it meanwhile: a correlation of correlations ends with their rules.
    const found = correlations.find((rule) => rule.id === before || rule.name === before);
    for (const name of found?.rules ?? []) wanted.add(name);
  }
  return { rules: rules.filter(isWanted), correlations: correlations.filter(isWanted) };
}
