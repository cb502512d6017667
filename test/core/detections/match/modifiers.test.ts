/** What Sigma's modifiers mean, by the specification's own examples and by what people could send to trip them. */
import { describe, expect, test } from "vitest";
import { encode } from "../../../../lib/core/detections/match/encode.ts";
import { parsePattern } from "../../../../lib/core/detections/match/pattern.ts";
import { requiredText } from "../../../../lib/core/detections/match/required-text.ts";
import { timePartOf } from "../../../../lib/core/detections/match/time-part.ts";
import { selecting } from "../rules.ts";

type Example = readonly [why: string, lines: string, record: unknown, expected: boolean];

function examples(of: string, table: readonly Example[]): void {
  describe(of, () => {
    test.each(table)("%s: %j on %j is %j", (_, lines, record, expected) =>
      expect(selecting(lines).matches(record)).toBe(expected),
    );
  });
}

const base64 = (text: string, encoding: BufferEncoding = "utf8"): string =>
  Buffer.from(text, encoding).toString("base64");

examples("a regular expression", [
  ["is found anywhere", "a|re: b+", { a: "abbc" }, true],
  ["keeps the case", "a|re: B+", { a: "abbc" }, false],
  ["i: in any case", "a|re|i: B+", { a: "abbc" }, true],
  ["without m, ^ is the start of the text", "a|re: ^b", { a: "a\nb" }, false],
  ["m: ^ and $ are those of a line", "a|re|m: ^b$", { a: "a\nb\nc" }, true],
  ["without s, a dot is no line break", "a|re: a.b", { a: "a\nb" }, false],
  ["s: a dot is a line break", "a|re|s: a.b", { a: "a\nb" }, true],
  ["flags together", "a|re|i|m|s: ^B.C$", { a: "a\nb\nc" }, true],
  ["any of a list", "a|re: [x, 'b{2}']", { a: "abbc" }, true],
  ["all of a list", "a|re|all: [a, 'b{2}']", { a: "abbc" }, true],
  ["all of a list, not", "a|re|all: [x, 'b{2}']", { a: "abbc" }, false],
  ["neq", "a|re|neq: b", { a: "abbc" }, false],
  ["startswith anchors it", "a|re|startswith: b|x", { a: "abbc" }, false],
  ["startswith, found", "a|re|startswith: a|x", { a: "abbc" }, true],
  ["endswith anchors it", "a|re|endswith: a|c", { a: "abbc" }, true],
  ["endswith, not", "a|re|endswith: a|b", { a: "abbc" }, false],
  ["contains is what it does anyway", "a|re|contains: b+", { a: "abbc" }, true],
  ["in any element", "a|re: ^x$", { a: ["y", "x"] }, true],
  ["in a number", "a|re: ^4\\d+$", { a: 4769 }, true],
  ["never where the field is missing", "a|re: .*", {}, false],
  ["never in null", "a|re: .*", { a: null }, false],
  ["its backslashes are its own", String.raw`a|re: C:\\Windows\\.*\.exe$`, { a: String.raw`C:\Windows\x.exe` }, true],
  ["one that needs a text, without it", "a|re: .+:assumed-role/aws:.+", { a: "arn:aws:iam::1:role/x" }, false],
  ["one that needs a text, with it", "a|re: .+:assumed-role/aws:.+", { a: "arn:x:assumed-role/aws:ec2/i" }, true],
]);

test("an expression that would keep a backtracking engine busy for ever comes to its end", () => {
  const { matches } = selecting("a|re: (a+)+$");
  expect(matches({ a: `${"a".repeat(200_000)}!` })).toBe(false);
  expect(selecting("a|re: (x+x+)+y").matches({ a: "x".repeat(200_000) })).toBe(false);
});

test("placeholders in an expression are text, but for their wildcards", () => {
  const { matches } = selecting("a|re|expand: ^(%roles%)$", { roles: ["role/a.b", "role/deploy-*"] });
  expect(["role/a.b", "role/axb", "role/deploy-7", "x"].map((a) => matches({ a }))).toEqual([true, false, true, false]);
});

test.each([
  ["plain text", "assumed-role", "assumed-role"],
  ["the longest", "^ab.*abc.+abcd$", "abcd"],
  ["what is escaped", String.raw`a\.b\/c\d+x`, "a.b/c"],
  ["not what is optional", "abcd?", "abc"],
  ["not what may be repeated no times", "xabc*y", "xab"],
  ["not what is counted", "abcd{0,3}xyz1", "xyz1"],
  ["what is repeated once or more", "abc+d", "abc"],
  ["nothing of a group", "(abcdef)?xyz", "xyz"],
  ["nothing of a class", "[abcdef]+xyz", "xyz"],
  ["nothing of a class with brackets", String.raw`[]\]x]abc`, "abc"],
  ["nothing where there is an alternative", "abc|def", undefined],
  ["nothing where there are flags", "(?i)abc", undefined],
  ["nothing where something is quoted", String.raw`\Qa|b\Exyz`, undefined],
  ["nothing of escapes it does not know", String.raw`\x41bcdef`, undefined],
  ["nothing short", "ab.", undefined],
])("an expression cannot do without %s: %s", (_, source, expected) => expect(requiredText(source)).toBe(expected));

examples("base64", [
  ["encodes the value", "a|base64: foo", { a: "Zm9v" }, true],
  ["encodes the value, inside", "a|base64|contains: foobar", { a: `x ${base64("foobar")} y` }, true],
  ["encodes UTF-8", "a|base64: ü", { a: base64("ü") }, true],
  ["is no plain text", "a|base64: foo", { a: "foo" }, false],
  ["in UTF-16", "a|utf16le|base64|contains: ping", { a: `-e ${base64("ping", "utf16le")}` }, true],
  ["in wide characters", "a|wide|base64: ping", { a: base64("ping", "utf16le") }, true],
  ["in UTF-16 with its mark", "a|utf16|base64: foobar", { a: "//5mAG8AbwBiAGEAcgA=" }, true],
  ["in big-endian UTF-16", "a|utf16be|base64: foobar", { a: "AGYAbwBvAGIAYQBy" }, true],
]);

describe("base64offset", () => {
  const { matches } = selecting("a|base64offset|contains: foobar");
  test.each(["", "x", "xy", "xyz"])("finds what stands behind %j", (before) => {
    for (const behind of ["", "1", "12", "123"]) {
      expect(matches({ a: `some ${base64(`${before}foobar${behind}`)} thing` })).toBe(true);
    }
  });
  test("finds nothing else", () => {
    expect(matches({ a: base64("f00bar") })).toBe(false);
  });
  test("is three texts, as Sigma's tools write them", () => {
    const texts = encode(parsePattern("foobar"), ["base64offset"], (message) => new Error(message));
    expect(texts.map((text) => text.join(""))).toEqual(["Zm9vYmFy", "Zvb2Jhc", "mb29iYX"]);
  });
  test("of UTF-16 finds a command in PowerShell's own encoding", () => {
    const encoded = base64("iex (New-Object Net.WebClient).DownloadString('x')", "utf16le");
    expect(selecting("a|utf16le|base64offset|contains: Net.WebClient").matches({ a: encoded })).toBe(true);
    expect(selecting("a|wide|base64offset|contains: Net.Webclient").matches({ a: encoded })).toBe(false);
  });
});

examples("utf16", [
  ["little-endian has each character's low byte first", "a|utf16le: cmd", { a: "c\0m\0d\0" }, true],
  ["big-endian has it last", "a|utf16be: cmd", { a: "\0c\0m\0d" }, true],
  ["with its mark", "a|utf16: cmd", { a: "ÿþc\0m\0d\0" }, true],
  ["keeps wildcards", "a|wide: c*d", { a: "c\0m\0d\0" }, true],
]);

examples("windash", [
  ["a dash as it is", "a|windash|contains: ' -param '", { a: "x -param y" }, true],
  ["a slash for a dash", "a|windash|contains: ' -param '", { a: "x /param y" }, true],
  ["a dash for a slash", "a|windash|contains: ' /param '", { a: "x -param y" }, true],
  ["an en dash", "a|contains|windash: ' -param '", { a: "x –param y" }, true],
  ["an em dash", "a|contains|windash: ' -param '", { a: "x —param y" }, true],
  ["a horizontal bar", "a|contains|windash: ' -param '", { a: "x ―param y" }, true],
  ["not within a word", "a|windash|contains: -param-name", { a: "/param-name" }, true],
  ["not within a word, not", "a|windash|contains: -param-name", { a: "/param/name" }, false],
  ["every dash by itself", "a|windash|contains: '-a -b'", { a: "/a -b" }, true],
  ["all of a list", "a|windash|contains|all: [' -f ', ' -q ']", { a: "x /f -q y" }, true],
  ["all of a list, not", "a|windash|contains|all: [' -f ', ' -q ']", { a: "x /f y" }, false],
]);

test("encodings reach what placeholders stand for", () => {
  const { matches } = selecting("a|expand|base64|contains: '%words%'", { words: ["foo", "bar"] });
  expect([base64("foo"), base64("bar"), "foo"].map((a) => matches({ a }))).toEqual([true, true, false]);
  expect(() => selecting("a|expand|base64: '%words%'", { words: ["f*"] })).toThrow(/Base64 has no wildcards/);
});

examples("a time", [
  ["minute", "a|minute: 5", { a: "2026-11-22T23:05:10Z" }, true],
  ["hour", "a|hour: 23", { a: "2026-11-22T23:05:10Z" }, true],
  ["hour, as it is written", "a|hour: 23", { a: "2026-11-22T23:05:10+02:00" }, true],
  ["day", "a|day: 22", { a: "2026-11-22" }, true],
  ["month", "a|month: [1, 11]", { a: "2026-11-22 10:00" }, true],
  ["year", "a|year: 2026", { a: "2026-11-22T23:05:10Z" }, true],
  ["of milliseconds", "a|hour: 23", { a: Date.parse("2026-11-22T23:05:10Z") }, true],
  ["of seconds", "a|hour: 23", { a: Date.parse("2026-11-22T23:05:10Z") / 1000 }, true],
  ["of seconds in text", "a|hour: 23", { a: String(Date.parse("2026-11-22T23:05:10Z") / 1000) }, true],
  ["compared", "a|hour|gte: 18", { a: "2026-11-22T23:05:10Z" }, true],
  ["compared, not", "a|hour|lt: 18", { a: "2026-11-22T23:05:10Z" }, false],
  ["neq", "a|hour|neq: 23", { a: "2026-11-22T22:05:10Z" }, true],
  ["never of what is no time", "a|hour|gte: 0", { a: "yesterday" }, false],
  ["never of a date without an hour", "a|hour|gte: 0", { a: "2026-11-22" }, false],
  ["never of a date that is none", "a|day: 31", { a: "2026-02-31" }, false],
  ["never of a number out of range", "a|year|gte: 0", { a: 1e300 }, false],
]);

test.each([
  ["2026-01-01", 1],
  ["2026-11-22", 47],
  ["2027-01-03", 53],
  ["2024-12-30", 1],
  ["2023-01-01", 52],
])("the week of %s is ISO's %i", (text, week) => expect(timePartOf(text, "week")).toBe(week));

examples("a keyword", [
  ["in any field", "- event::clear\n- event::drop", { a: { b: ["x event::DROP y"] } }, true],
  ["in no field", "- event::clear\n- event::drop", { a: "event" }, false],
  ["is no field's name", "- needle", { needle: 1 }, false],
  ["is part of a number", "- 476", { a: 4769 }, true],
  ["with wildcards", "- a*c?e", { x: "xxabcdexx" }, true],
  [
    "all of them",
    "'|all': [OabVirtualDirectory, ' -ExternalUrl ']",
    { a: "Set-oabvirtualdirectory", b: "x -externalurl y" },
    true,
  ],
  ["all of them, not", "'|all': [OabVirtualDirectory, ' -ExternalUrl ']", { a: "Set-OabVirtualDirectory" }, false],
  ["cased", "'|cased': Needle", { a: "needle" }, false],
  ["as an expression", "'|re': '^\\d{3}$'", { a: ["x", { b: 123 }] }, true],
  ["encoded", "'|base64offset|contains': secret", { a: base64("my secret") }, true],
  ["at the start of a text", "'|startswith': ab", { a: "xab", b: "abx" }, true],
  ["beside maps in a list", "- needle\n- a: x", { a: "x" }, true],
  ["beside maps in a list, found", "- needle\n- a: x", { b: "a needle" }, true],
  ["in a text that is the record", "- needle", "a needle", true],
  ["in nothing", "- needle", null, false],
]);

test("a keyword is found at the bottom of a record that is 100,000 deep", () => {
  let record: unknown = "needle";
  for (let i = 0; i < 100_000; i++) record = i % 2 === 0 ? [record] : { a: record };
  expect(selecting("- needle").matches(record)).toBe(true);
});

examples("fieldref", [
  ["startswith", "a|fieldref|startswith: b", { a: "Shop-deploy", b: "shop" }, true],
  ["startswith, not", "a|fieldref|startswith: b", { a: "a shop", b: "shop" }, false],
  ["endswith", "a|fieldref|endswith: b", { a: "the-shop", b: "SHOP" }, true],
  ["contains", "a|fieldref|contains: b", { a: "the-shop-here", b: "shop" }, true],
  ["contains, cased", "a|fieldref|contains|cased: b", { a: "the-shop-here", b: "SHOP" }, false],
  ["contains nothing of a missing field", "a|fieldref|contains: b", { a: "x" }, false],
]);

test.each([
  ["a text too often", "a|windash: '-a -b -c -d -e -f'", /stands for over/],
  ["Base64 of wildcards", "a|base64: f*", /Base64 has no wildcards/],
  ["look-ahead", "a|re: '(?=a)b'", /look-around, back-references .* not supported/],
  ["look-behind", "a|re: '(?<=a)b'", /not supported/],
  ["back-references", String.raw`a|re: '(a)\1'`, /not supported/],
  ["possessive quantifiers", "a|re: a++", /not supported/],
  ["an open group", "a|re: '(a'", /not supported/],
  ["what only a group around it would close", "a|re|startswith: 'a)(b'", /not supported/],
  ["an expression as long as a book", `a|re: ${"a".repeat(5_000)}`, /longer than/],
  ["an expression that repeats without end", "a|re: '((a{500}){2}){100}'", /repetition|repeat|steps/],
])("%s is refused", (_, lines, message) => expect(() => selecting(lines)).toThrow(message));
