/** Decisions of the access policy, each a new question, and the same questions asked again. */
import { cedarEngine } from "../lib/adapters/cedar-engine.ts";
import { accessEntities } from "../lib/core/access/access-entities.ts";
import { type AccessQuestion, GOVERNED_ACTIONS } from "../lib/core/access/access-question.ts";
import { createDecider } from "../lib/core/access/decide-access.ts";
import { ORDINARY } from "../lib/core/access/permissions.ts";
import { cpuMs, median } from "./compare.ts";
import { readSettings } from "./events.ts";
import type { Measurement } from "./measurement.ts";

const ROUNDS = 15;
const WARM_UP_ROUNDS = 5;
const DECISION_BOUND_MS = 0.3;

export async function measureAccess(): Promise<Measurement[]> {
  const { configuration, access } = readSettings();
  const engine = cedarEngine(access, accessEntities(configuration));
  const questions = someQuestions(configuration.people.map(({ email }) => email));
  const milliseconds = await medianCpuMs(() => {
    for (const question of questions) engine.authorise(question);
  });
  const decide = createDecider(access.policies, engine);
  const again = await medianCpuMs(() => {
    for (const question of questions) decide(question);
  });
  return [
    {
      benchmark: "access",
      work: `a new question, ${access.policies.length} policies`,
      value: milliseconds / questions.length,
      unit: "ms a decision",
      bound: { of: "value", atMost: DECISION_BOUND_MS },
    },
    {
      benchmark: "access",
      work: "new questions",
      value: questions.length / (milliseconds / 1_000),
      unit: "decisions/s",
    },
    { benchmark: "access", work: "the same again", value: questions.length / (again / 1_000), unit: "decisions/s" },
  ];
}

async function medianCpuMs(work: () => void): Promise<number> {
  const rounds: number[] = [];
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
    const took = await cpuMs(work);
    if (round >= WARM_UP_ROUNDS) rounds.push(took);
  }
  return median(rounds);
}

function someQuestions(people: readonly string[]): AccessQuestion[] {
  return people.flatMap((id) =>
    GOVERNED_ACTIONS.flatMap((action) =>
      [true, false].map((businessHours) => ({
        principal: { type: "Person" as const, id, left: false },
        action,
        place: { project: "shop", environment: "production" },
        context: { ...ORDINARY, businessHours },
      })),
    ),
  );
}
