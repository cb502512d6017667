/** A command of a mail, pasted into a shell, is that command and nothing more. */
import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { commandsFor, explainBreakGlass } from "../../../lib/core/alerting/next-commands.ts";
import { findingWith } from "./findings.ts";

const HOSTILE = ["$(touch x)", "`touch x`", "'; touch x; '", 'a" b', "a\nb", "*", "~", "&& x", "é 長", "\\", "'"];

describe.each(HOSTILE)("a principal by the name %j", (name) => {
  test("is one word of the command", () => {
    const { person: _, ...finding } = findingWith({ principal: name, trace: name, event: name });
    for (const command of [...commandsFor(finding), explainBreakGlass(name)]) {
      const words = execFileSync("/bin/sh", ["-c", `npx() { printf '%s\\0' "$@"; }; ${command}`], { encoding: "utf8" });
      expect(words.split("\0")).toContain(name.replaceAll(/\s+/g, " ").trim());
      expect(words.split("\0")[0]).toBe("gatebook");
    }
  });
});

test("an event's id that looks like an option is not taken for one", () => {
  expect(commandsFor(findingWith({ event: "--help" }))[0]).toBe("npx gatebook prove -- --help");
});

test("a denial by the policies says how to have it explained, and nothing else does", () => {
  const rule = { id: "policy:not-allowed", title: "Access that no policy allows" };
  expect(commandsFor(findingWith({ event: "e-1", rule }))[1]).toBe("npx gatebook policy explain e-1");
  expect(commandsFor(findingWith({ event: "e-1" })).join("\n")).not.toContain("explain");
});
