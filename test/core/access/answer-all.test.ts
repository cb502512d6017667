/** One review may let a run go on to several environments: whoever may approve for one of them may not for the others. */
import { describe, expect, test } from "vitest";
import { answerAll } from "../../../lib/core/access/answer-all.ts";
import { decideWithGrants } from "../../../lib/core/access/temporary-roles.ts";
import type { Grant } from "../../../lib/core/grants/grant.ts";
import { question } from "./asked-before.ts";
import { exampleAccess } from "./example-access.ts";

const { decide } = exampleAccess();
const TIME = Date.parse("2026-11-25T12:00:00Z");
const MINUTE_MS = 60_000;
const both = (name: string, action: "pipeline.approve" | "pipeline.stop" = "pipeline.approve") => [
  question(name, action, "shop/staging"),
  question(name, action, "shop/production"),
];

describe("an approval for two environments of a project", () => {
  test("needs the right to each, and says where it is missing", () => {
    expect(answerAll(both("remy"), decide)?.outcome).toBe("allow");
    for (const asked of [both("pia"), both("pia").toReversed()]) {
      expect(answerAll(asked, decide)).toMatchObject({
        outcome: "deny",
        reason: "pia@acme.example may not do pipeline.approve in shop/production: no policy allows it",
      });
    }
  });

  test("and one for two projects the right to one of them", () => {
    const [staging] = both("pia");
    const till = question("pia", "pipeline.approve", "till/production");
    expect(answerAll([till, ...(staging ? [staging] : [])], decide)?.outcome).toBe("allow");
    expect(answerAll([till], decide)?.outcome).toBe("deny");
    expect(answerAll([], decide)).toBeUndefined();
  });

  test("is helped by a grant where the right is missing, and by none where it is not", () => {
    const grant = (environment: string): Grant => {
      const act = { person: "remy@acme.example", principal: "x", time: TIME - MINUTE_MS };
      const place = { project: "shop", environment };
      const own = { id: "grant:1795600800000-0a1b2c3d", version: 2, person: "pia@acme.example", minutes: 60 };
      return { ...own, role: "release-manager", place, requested: act, approved: act };
    };
    const questions = both("pia");
    const denied = answerAll(questions, decide);
    if (denied === undefined) throw new Error("nothing was asked");
    const decideBy = (environment: string) =>
      decideWithGrants({ decision: { ...denied, questions }, questions, time: TIME }, [grant(environment)], decide);
    expect(decideBy("staging").outcome).toBe("deny");
    expect(decideBy("production")).toMatchObject({
      outcome: "allow",
      questions: [questions[0], { ...questions[1], temporaryRoles: [{ role: "release-manager" }] }],
    });
  });
});

test("what only stands still is allowed where one of two environments allows it", () => {
  expect(answerAll(both("pia", "pipeline.stop"), decide)?.outcome).toBe("allow");
});
