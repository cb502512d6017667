/** Secrets that are known by their look, wherever they stand. */
import { describe, expect, test } from "vitest";
import { redact, redactText } from "../../../lib/core/record/redact.ts";
import { mixed, TOKENS } from "./redact-planted.ts";

describe("a secret known by its look", () => {
  test.each(TOKENS)("%s: %s is taken out of the middle of a sentence", async (kind, _, secret) => {
    const { value, redactions } = await redact({ log: [`before ${secret} behind`] });
    expect(value).toEqual({ log: [`before [redacted:${kind}] behind`] });
    expect(redactions).toEqual([{ path: "/log/0", kind }]);
  });

  test.each(TOKENS)("%s: %s is taken out of text", async (kind, _, secret) => {
    expect(await redactText(`{"body":"${secret}","cut`)).toEqual({
      text: `{"body":"[redacted:${kind}]","cut`,
      secrets: [{ kind }],
    });
  });

  test("is found once for each kind, with what stands between left alone", async () => {
    const [first, second] = [`ghp_${mixed(36)}`, `glpat-${mixed(20)}`];
    expect(await redactText(`${first} and ${second} and ${first}`)).toEqual({
      text: "[redacted:github-token] and [redacted:gitlab-token] and [redacted:github-token]",
      secrets: [{ kind: "github-token" }, { kind: "gitlab-token" }],
    });
  });

  test("is taken out of keys, which stay apart", async () => {
    const { value, redactions } = await redact({ [`ghp_${mixed(36)}`]: 1, [`gho_${mixed(36)}`]: 2 });
    expect(value).toEqual({ "[redacted:github-token]": 1, "[redacted:github-token]~1": 2 });
    expect(redactions).toHaveLength(2);
  });

  test("does not hide behind a comment that secretlint obeys", async () => {
    const { value } = await redact({
      agent: "secretlint-disable",
      note: `secretlint-disable shpat_${"ab12".repeat(8)}`,
    });
    expect(value).toEqual({ agent: "secretlint-disable", note: "secretlint-disable [redacted:shopify]" });
  });
});
