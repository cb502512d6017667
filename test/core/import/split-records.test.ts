/** A stream of JSON cut into records: byte for byte, wherever the chunks end, and with no more trust than it deserves. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_RECORD_BYTES } from "../../../lib/core/import/byte-window.ts";
import type { Cut } from "../../../lib/core/import/record-cutter.ts";
import { splitRecords } from "../../../lib/core/import/split-records.ts";
import { collect, inChunks } from "./streams.ts";

const split = async (text: string | Uint8Array, size?: number): Promise<Cut[]> =>
  (await collect(splitRecords(inChunks(text, size)))).flat();
const texts = async (text: string, size?: number) =>
  (await split(text, size)).map((cut) => ("text" in cut ? cut.text : cut.problem));

/** What came out before the file turned out to be broken, and how it did. */
async function untilBroken(text: string | Uint8Array, size?: number): Promise<{ cuts: Cut[]; message: string }> {
  const cuts: Cut[] = [];
  try {
    for await (const found of splitRecords(inChunks(text, size))) cuts.push(...found);
  } catch (error) {
    expect(error).toMatchObject({ code: "INPUT_INVALID" });
    return { cuts, message: (error as Error).message };
  }
  throw new Error("the file was taken for whole");
}

describe("records are", () => {
  test.each([
    ["the members of Records", '{"Records":[{"a":1},{"b":{"Records":[{}]}}]}', ['{"a":1}', '{"b":{"Records":[{}]}}']],
    ["the members of Records behind other keys", '{"v":{"x":[1]},"Records":[{"a":1}],"z":[{}]}', ['{"a":1}']],
    ["the members of Records, however the word is written", '{"\\u0052ecords":[{"a":1}]}', ['{"a":1}']],
    ["the members of a list", '[{"a":1},\n{"b":2}]', ['{"a":1}', '{"b":2}']],
    ["lines", '{"a":1}\n{"b":[2]}\r\n\n{"c":3}', ['{"a":1}', '{"b":[2]}', '{"c":3}']],
    ["files of CloudTrail, one after another", '{"Records":[{"a":1}]}{"Records":[{"b":2}]}', ['{"a":1}', '{"b":2}']],
    ["an object without Records", '{"Record":[{"a":1}]}', ['{"Record":[{"a":1}]}']],
    ["an object whose Records are no list", '{"Records":{"a":[1]}}', ['{"Records":{"a":[1]}}']],
    ["none", '{"Records":[]}', []],
  ])("%s", async (_, text, expected) => {
    expect(await texts(text)).toEqual(expected);
    expect(await texts(text, 1)).toEqual(expected);
  });

  test("what they were, byte for byte: numbers, escapes, spaces and all", async () => {
    const record = '{ "n":1.0, "big":12345678901234567890,"e":1E400,\t"s":"\\u00e9é\\ud800\\/🔑\\n","dup":1,"dup":2 }';
    expect(await texts(`{"Records":[ ${record} , ${record} ]}`, 3)).toEqual([record, record]);
  });

  test("the same, wherever chunks end", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue()), { minLength: 1 }),
        fc.constantFrom("Records", "list", "lines"),
        fc.integer({ min: 1, max: 40 }),
        fc.boolean(),
        async (values, form, size, isPretty) => {
          const members = values.map((value) => JSON.stringify(value, null, isPretty ? 2 : 0));
          const file = {
            Records: `{"Records":[${members.join(",")}]}`,
            list: `[${members.join(" , ")}]`,
            lines: members.join("\n"),
          }[form];
          // An object with Records of its own is an envelope, on a line of its own.
          fc.pre(form !== "lines" || !values.some((value) => Array.isArray(value["Records"])));
          expect(await texts(file, size)).toEqual(members);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("what is no record", () => {
  test("is passed over with its number", async () => {
    expect(await split('{"Records":[{"a":1},null,7,"x",[{"b":1}],{"c":3}]}')).toEqual([
      { n: 0, text: '{"a":1}' },
      ...[1, 2, 3].map((n) => ({ n, problem: "is no JSON object" })),
      { n: 4, text: '[{"b":1}]' },
      { n: 5, text: '{"c":3}' },
    ]);
  });

  test("is passed over when it is too large, and holds nobody up", async () => {
    const large = `{"list":[${'"0123456789",'.repeat(MAX_RECORD_BYTES / 13)}"0123456789"]}`;
    expect(await split(`{"Records":[{"a":1},${large},{"c":3}]}`)).toEqual([
      { n: 0, text: '{"a":1}' },
      { n: 1, problem: `has ${large.length} bytes; ${MAX_RECORD_BYTES} is the limit` },
      { n: 2, text: '{"c":3}' },
    ]);
  });

  test("may be large before its Records", async () => {
    const large = `"list":[${'"0123456789",'.repeat(MAX_RECORD_BYTES / 13)}1]`;
    expect(await texts(`{${large},"Records":[{"a":1}]}`)).toEqual(['{"a":1}']);
  });
});

test("a record as large as allowed is whole", async () => {
  const record = `{"s":"${"é".repeat((MAX_RECORD_BYTES - 8) / 2)}"}`;
  expect(Buffer.byteLength(record)).toBe(MAX_RECORD_BYTES);
  expect(await texts(`{"Records":[${record}]}`)).toEqual([record]);
});

describe("a broken file gives the records before the break, then says what is wrong", () => {
  const good = '{"a":1},{"b":2}';
  const before = [
    { n: 0, text: '{"a":1}' },
    { n: 1, text: '{"b":2}' },
  ];
  test.each([
    ["it ends within a record", `{"Records":[${good},{"c":`, /^ends too early: 3 of its/],
    ["it ends within a string", `{"Records":[${good},{"c":"x`, /^is damaged after byte \d+/],
    ["it ends after a record", `{"Records":[${good}`, /^ends too early: 2 of its/],
    ["it goes over to something else", `{"Records":[${good},<html>`, /^is damaged after byte \d+/],
    ["its words are none", `{"Records":[${good},{"c":tru}]}`, /^is damaged after byte \d+/],
    ["a string has a control character", `{"Records":[${good},{"c":"\u0001"}]}`, /^is damaged after byte \d+/],
    ["it closes more than it opens", `{"Records":[${good}]}}`, /^closes more than it opens at byte \d+/],
    ["it goes on with text", `{"Records":[${good}]} "and more"`, /^has text, a number or the like/],
  ])("%s", async (_, text, message) => {
    for (const size of [1, 7, 65_536]) {
      const broken = await untilBroken(text, size);
      expect(broken.cuts).toEqual(before);
      expect(broken.message).toMatch(message);
      expect(broken.message).toMatch(/: it is neither CloudTrail's \{"Records": \[…\]\} nor JSON lines$/);
    }
  });

  test("its bytes are no UTF-8", async () => {
    const text = Buffer.concat([
      Buffer.from(`{"Records":[${good},{"c":"`),
      Buffer.from([0xc3, 0x28]),
      Buffer.from('"}]}'),
    ]);
    expect((await untilBroken(text, 1)).message).toMatch(/^is damaged after byte/);
  });

  test.each([
    ["nothing", "", /^is empty/],
    ["blanks", " \n\t ", /^is empty/],
    ["a word", "hello", /^is damaged after byte 0/],
    ["a number", "12", /^has text, a number or the like/],
    ["an archive of another kind", "PK\u0003\u0004", /^is damaged after byte 0/],
    ["a byte order mark", '\ufeff{"Records":[{"a":1}]}', /byte order mark/],
  ])("it is %s", async (_, text, message) => expect((await untilBroken(text)).message).toMatch(message));

  test("its error quotes none of it", async () => {
    expect((await untilBroken('{"Records":[{"password":"hunter2" x')).message).not.toMatch(/hunter2|password|x/);
  });
});

describe("hostile files without end are given up, or end with a reason, and nothing of them is held", () => {
  const MIB = 1024 * 1024;
  async function* repeated(begin: string, filler: string, mib: number): AsyncGenerator<Uint8Array> {
    yield Buffer.from(begin);
    const chunk = Buffer.from(filler.repeat(MIB / filler.length));
    for (let i = 0; i < mib; i++) yield chunk;
  }
  const read = async (source: AsyncIterable<Uint8Array>) => {
    let count = 0;
    let problem = "";
    try {
      for await (const cuts of splitRecords(source)) count += cuts.length;
    } catch (error) {
      problem = (error as Error).message;
    }
    return { count, problem };
  };

  test.each([
    ["a string without end", '{"Records":[{"a":"', "x", /^has one string, or nothing, for 4194304 bytes/],
    ["a string of escapes without end", '{"Records":[{"a":"', "\\n", /^has one string, or nothing/],
    ["a key without end", '{"Records":[{"', "k", /^has one string, or nothing/],
    ["a number without end", '{"Records":[', "9", /^has one string, or nothing/],
    ["blanks without end", '{"Records":[', " ", /^has one string, or nothing/],
    ["brackets without end", "", "[", /^ends too early: 16777216 of its/],
    ["braces without end", '{"Records":[', '{"a":', /^ends too early/],
    ["one record without end", '{"Records":[{"a":[', "1,", /^ends too early/],
  ])("%s", async (_, begin, filler, problem) => {
    const file = repeated(begin, filler.length === 5 ? `${filler} `.padEnd(8) : filler, 16);
    expect(await read(file)).toEqual({ count: 0, problem: expect.stringMatching(problem) });
  });
});
