/** Tests of fields that several rules have in common, each run once for a record. */
import type { FieldTest } from "../rule.ts";
import { compileTest } from "./compile-test.ts";
import type { Matcher } from "./matcher.ts";
import type { Placeholders } from "./placeholders.ts";

export interface SharedTests {
  /** @throws GatebookError `RULE_INVALID`, for a placeholder that is not known or does not hold what the modifier needs */
  compile(test: FieldTest, file: string): Matcher;
  /** To be called before each record: answers about the one before it are forgotten. */
  forget(): void;
}

export function createSharedTests(placeholders: Placeholders): SharedTests {
  const matchers = new Map<string, Matcher>();
  let record = 0;
  const remembering = (matches: Matcher): Matcher => {
    let asked = -1;
    let answer = false;
    return (value) => {
      if (asked !== record) {
        answer = matches(value);
        asked = record;
      }
      return answer;
    };
  };
  return {
    compile(test, file) {
      const key = JSON.stringify({ ...test, line: 0 });
      const known = matchers.get(key);
      if (known !== undefined) return known;
      const matcher = remembering(compileTest(test, file, placeholders));
      matchers.set(key, matcher);
      return matcher;
    },
    forget() {
      record++;
    },
  };
}
