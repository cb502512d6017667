/** What every verb has: help with examples, and exit code 2 with a word on what to do for what cannot be run. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { gatebook, temporaryFolder } from "./gatebook.ts";

const VERBS = [
  ["start"],
  ["normalise"],
  ["backtest"],
  ["replay"],
  ["search"],
  ["components"],
  ["key"],
  ["pull"],
  ["verify"],
  ["prove"],
  ["grant", "request"],
  ["grant", "approve"],
  ["grant", "revoke"],
  ["grant", "list"],
  ["break-glass", "list"],
  ["break-glass", "explain"],
  ["review", "run"],
  ["review", "show"],
  ["review", "decide"],
  ["hold", "add"],
  ["hold", "release"],
  ["hold", "list"],
  ["index", "rebuild"],
  ["rules", "test"],
  ["rules", "coverage"],
  ["policy", "test"],
  ["policy", "check"],
  ["policy", "explain"],
  ["policy", "diff"],
  ["policy", "mfa"],
];

test("the help of every verb has examples that begin with npm", async () => {
  const helps = await Promise.all(VERBS.map((verb) => gatebook([...verb, "--help"])));
  for (const { code, stdout } of helps) {
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Examples:\n {2}\$ npm /m);
  }
});

test("the help of a verb that has others below it says where their examples are", async () => {
  const { stdout } = await gatebook(["review", "--help"]);
  expect(stdout).toMatch(/^Each has examples: npm run -s gatebook -- review run\|show\|decide --help$/m);
});

test("every verb is in the list of the help", async () => {
  const { code, stdout } = await gatebook(["--help"]);
  expect(code).toBe(0);
  for (const [verb] of VERBS) expect(stdout).toMatch(new RegExp(`^ {2}${verb} `, "m"));
});

describe("exit code 2, a message and no stack trace", () => {
  const REFUSED: readonly (readonly [title: string, args: readonly string[], message: RegExp])[] = [
    ["an unknown verb", ["nonsense"], /unknown command 'nonsense'/],
    ["an unknown option", ["backtest", "x", "--nonsense"], /unknown option '--nonsense'/],
    [
      "a place that is none",
      ["review", "decide", "bo@acme.example", "developer", "shop/a/b", "--keep", "--reason", "x"],
      /'shop\/a\/b' is invalid for argument 'place'. It is <project>/,
    ],
    ["no path", ["normalise"], /missing required argument 'path'/],
    ["a path that is not there", ["normalise", "nowhere"], /nowhere: there is no such file or folder/],
    ["rules that are not there", ["rules", "test", "nowhere"], /nowhere: there is no such folder of rules/],
    [
      "a configuration that is not there",
      ["normalise", "test/events", "--config", "no.yml"],
      /no\.yml: cannot be read/,
    ],
    ["a log source of four parts", ["backtest", "test/events", "--logsource", "a/b/c/d"], /PRODUCT\/SERVICE/],
    ["a port that is none", ["start", "--port", "http"], /is a number from 0 to 65535/],
    ["a time that is none", ["search", "--since", "soon"], /Give 24h, 7d, 30m, or a time/],
    ["an action that there is none of", ["search", "--action", "fly"], /Allowed choices are source\.push/],
    ["a hold on nothing", ["hold", "add", "--reason", "x"], /say what to hold: one of --event, --trace/],
    ["a hold on two things", ["hold", "add", "--all", "--event", "#1"], /say what to hold: one of/],
    ["a hold without a reason", ["hold", "add", "--all"], /say why with --reason/],
    ["an end without a beginning", ["hold", "add", "--event", "#1", "--until", "1h"], /--until goes with --since/],
    ["a release of nothing", ["hold", "release"], /required option '--hold <id>' not specified/],
    [
      "a decision and its opposite",
      ["review", "decide", "--keep", "--remove", "--reason", "x"],
      /say --keep or --remove/,
    ],
    [
      "a decision about nothing",
      ["review", "decide", "--keep", "--reason", "x"],
      /name the person, the role and the place/,
    ],
    ["roles taken away by the dozen", ["review", "decide", "--all-of", "a", "--remove", "--reason", "x"], /one by one/],
    ["outputs that are none", ["replay", "test/events", "--outputs", "package.json"], /holds no outputs of a Gatebook/],
  ];

  test.concurrent.each(REFUSED)("for %s", async (_, args, message) => {
    const { code, stdout, stderr } = await gatebook(args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ {4}at /m);
  });

  test("for a replay where nothing runs, with advice", async () => {
    const folder = await temporaryFolder();
    const { code, stdout, stderr } = await gatebook(["replay", join(import.meta.dirname, "..", "events")], folder);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^gatebook: no Gatebook runs here: start one with 'npm start'/);
  });
});
