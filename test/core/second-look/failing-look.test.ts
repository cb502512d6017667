/** What cannot be looked at, or not in time, holds up nothing else, and waits on. */
import { describe, expect, test } from "vitest";
import { GatebookError } from "../../../lib/core/errors.ts";
import { ANA, BO } from "../record/views.ts";
import { approve, asked, start } from "./release-calls.ts";
import { createWorld, MINUTE, recordApart, SELF_APPROVAL, titlesOf } from "./second-look-world.ts";

describe("a look that fails", () => {
  const apart = [[start(ANA)], [asked, approve(ANA)], [start(BO, "E2", 200)]];

  test("holds up no other, and is due again", async () => {
    const world = createWorld();
    await recordApart(world, apart);
    const lost = { place: { shard: 0, index: 99 }, committed: 0, due: 0 };
    await world.pending.note([lost]);
    world.pass(MINUTE);
    await expect(world.look()).rejects.toMatchObject({
      code: "UNAVAILABLE",
      message: expect.stringContaining("1 could not be looked at again: the first is #99: "),
    });
    await world.recordQueue();
    expect(await titlesOf(world, SELF_APPROVAL)).toHaveLength(1);
    expect(await world.pending.due(MINUTE, 10)).toEqual([lost]);
  });

  test("for want of an answer holds up no other", async () => {
    let looks = 0;
    const late = async () => {
      throw new GatebookError("UNAVAILABLE", "there was no answer");
    };
    const within = <T>(work: Promise<T>): Promise<T> => {
      looks += 1;
      if (looks > 1) return work;
      // Nobody waits for it any more.
      work.catch(() => undefined);
      return late();
    };
    const world = createWorld({ within });
    await recordApart(world, apart);
    const [look] = await world.pending.due(Number.MAX_SAFE_INTEGER, 1);
    if (look === undefined) throw new Error("nothing is due");
    const silent = { ...look, place: { shard: 7, index: 0 }, due: 0 };
    await world.pending.note([silent]);
    world.pass(MINUTE);
    await expect(world.look()).rejects.toThrow(
      "1 could not be looked at again: the first is #7/0: there was no answer",
    );
    await world.recordQueue();
    expect(await titlesOf(world, SELF_APPROVAL)).toHaveLength(1);
    expect(await world.pending.due(0, 10)).toEqual([silent]);
  });

  test("is done in the next run where there was no time for it", async () => {
    const world = createWorld({ hasTime: () => false });
    await recordApart(world, [...apart, [approve(BO, 300)]]);
    world.pass(MINUTE);
    expect(await world.look()).toMatchObject({ looks: 1 });
    expect(await world.look()).toMatchObject({ looks: 1 });
    expect(await world.look()).toMatchObject({ looks: 0 });
  });
});
