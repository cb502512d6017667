/** Several sequences become one: all that is in them, each in its own order, the smallest beginning first. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mergeInOrder } from "../../../lib/core/search/merge-in-order.ts";

interface Item {
  readonly order: number;
  readonly from: number;
}

async function* sequenceOf(orders: readonly number[], from: number, ended?: number[]): AsyncGenerator<Item> {
  try {
    for (const order of orders) yield { order, from };
  } finally {
    ended?.push(from);
  }
}

async function merged(lists: readonly (readonly number[])[]): Promise<Item[]> {
  const all: Item[] = [];
  const asSequences = lists.map((orders, from) => sequenceOf(orders, from));
  for await (const item of mergeInOrder(asSequences, ({ order }) => order)) all.push(item);
  return all;
}

const sequences = fc.array(fc.array(fc.integer({ min: -5, max: 50 }), { maxLength: 20 }), { maxLength: 6 });

test("sequences that are in order make one that is in order", async () => {
  await fc.assert(
    fc.asyncProperty(sequences, async (unsorted) => {
      const sorted = unsorted.map((list) => list.toSorted((a, b) => a - b));
      const orders = (await merged(sorted)).map(({ order }) => order);
      expect(orders).toEqual(unsorted.flat().sort((a, b) => a - b));
    }),
  );
});

test("a sequence in no order comes whole, as it is, and so does one whose order is no number", async () => {
  await fc.assert(
    fc.asyncProperty(sequences, fc.boolean(), async (any, isStrange) => {
      const given = isStrange ? [...any, [3, Number.NaN, 1, Number.POSITIVE_INFINITY, 2]] : any;
      const all = await merged(given);
      for (const [from, orders] of given.entries()) {
        expect(all.filter((item) => item.from === from).map(({ order }) => order)).toEqual(orders);
      }
    }),
  );
});

describe("whoever stops", () => {
  test("early ends every sequence", async () => {
    const ended: number[] = [];
    for await (const { order } of mergeInOrder(
      [sequenceOf([1, 4], 0, ended), sequenceOf([2, 3], 1, ended)],
      (item) => item.order,
    )) {
      if (order === 2) break;
    }
    expect(ended.sort()).toEqual([0, 1]);
  });

  test("at a failure gets it", async () => {
    async function* failing(): AsyncGenerator<Item> {
      yield { order: 1, from: 0 };
      throw new Error("no route to host");
    }
    const read = async () => {
      for await (const _ of mergeInOrder([failing(), sequenceOf([9], 1)], ({ order }) => order));
    };
    await expect(read()).rejects.toThrow("no route to host");
  });
});
