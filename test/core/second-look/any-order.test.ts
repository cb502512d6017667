/** The stories of a release, in any order and any batches, by recorders that see of each other all or nothing. */
import { readdirSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Finding } from "../../../lib/core/record/finding.ts";
import { createWorld, findingsOf, isOwn, MINUTE, messagesOf, type World } from "./second-look-world.ts";

const FOLDER = "test/events/release";
/** What changed is one fact, whether the change says so or, told after it, what it changed. */
const ABOUT_CHANGE = /^(?:Delivery took|Pipeline changed while|Merged with)/;
const RUNS = 6;

/** Each batch is judged by what was written before; or by nothing, all at once. */
async function tell(world: World, batches: readonly (readonly string[])[], isApart: boolean): Promise<void> {
  const judged = [];
  for (const batch of batches) {
    if (isApart) judged.push(await world.judged(batch));
    else await world.record(batch);
  }
  for (const entries of judged) await world.append(entries);
}

/** The messages by `order`, and a cut behind each that is so marked. */
function batchesOf(messages: readonly string[], order: readonly number[], cuts: readonly boolean[]): string[][] {
  const sorted = messages
    .map((message, i) => ({ message, at: order[i] ?? 0 }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ message }) => message);
  const batches: string[][] = [[]];
  for (const [i, message] of sorted.entries()) {
    batches.at(-1)?.push(message);
    if (cuts[i]) batches.push([]);
  }
  return batches.filter((batch) => batch.length > 0);
}

function factOf({ rule, person, principal }: Finding): string {
  return ABOUT_CHANGE.test(rule.title) ? rule.title : `${rule.title}: ${person ?? principal}`;
}

const factsOf = (findings: readonly Finding[]): string[] => [...new Set(findings.map(factOf))];

describe.each(readdirSync(FOLDER))("%s", (file) => {
  const messages = messagesOf(file);
  const some = { minLength: messages.length, maxLength: messages.length };

  test("is found in whichever way it is told, and the second look finds nothing but that, each once", async () => {
    const inOrder = createWorld();
    await inOrder.record(messages);
    const expected = factsOf(await findingsOf(inOrder));
    const ways = fc.tuple(fc.array(fc.nat(), some), fc.array(fc.boolean(), some), fc.boolean());
    await fc.assert(
      fc.asyncProperty(ways, async ([order, cuts, isApart]) => {
        const world = createWorld();
        await tell(world, batchesOf(messages, order, cuts), isApart);
        world.pass(MINUTE);
        await world.look();
        world.pass(15 * MINUTE);
        await world.look();
        expect(factsOf(await findingsOf(world))).toEqual(expect.arrayContaining(expected));
        const own = (await world.records()).filter(isOwn).flatMap(({ findings }) => findings);
        expect(expected).toEqual(expect.arrayContaining(factsOf(own)));
        expect(own).toHaveLength(factsOf(own).length);
      }),
      { numRuns: RUNS },
    );
  });
});
