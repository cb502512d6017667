/** One answer on an access that touches several places. */
import type { AccessAnswer } from "./access-decision.ts";
import type { AccessQuestion } from "./access-question.ts";
import type { DecideAccess } from "./decide-access.ts";

/**
 * Being allowed in one of them is enough: an account that two projects share is both's. But of one review that lets a run go on to staging and to production, each
 * environment of the project counts, or whoever may approve for the one would for the other.
 */
export function answerAll(questions: readonly AccessQuestion[], decide: DecideAccess): AccessAnswer | undefined {
  const together = Map.groupBy(questions, (question) =>
    question.action === "pipeline.approve" ? question.place.project : question,
  );
  const answers = [...together.values()].flatMap((group) => {
    const theirs = group.map(decide);
    return theirs.find(({ outcome }) => outcome === "deny") ?? theirs.slice(0, 1);
  });
  return answers.find(({ outcome }) => outcome === "allow") ?? answers[0];
}
