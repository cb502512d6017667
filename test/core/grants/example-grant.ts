/** Dee is a release manager of the shop's production for an hour, from ten o'clock on, because Remy says so. */
import type { Grant } from "../../../lib/core/grants/grant.ts";

export const TEN = Date.parse("2026-11-25T10:00:00Z");

export function exampleGrant(different: Partial<Grant> = {}): Grant {
  return {
    id: "grant:1795600800000-0a1b2c3d",
    version: 1,
    person: "dee@acme.example",
    role: "release-manager",
    place: { project: "shop", environment: "production" },
    minutes: 60,
    requested: {
      person: "dee@acme.example",
      principal: "arn:aws:iam::111122223333:user/dee",
      time: TEN - 60_000,
      reason: "INC-42",
    },
    approved: { person: "remy@acme.example", principal: "arn:aws:iam::111122223333:user/remy", time: TEN },
    ...different,
  };
}
