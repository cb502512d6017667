/** The example organisation, asked about grants by whoever a test says. */
import { memoryGrantStore } from "../../../lib/adapters/memory-grant-store.ts";
import { parseConfiguration } from "../../../lib/core/configuration/parse-configuration.ts";
import { answerGrantRequest, type GrantWorld } from "../../../lib/core/grants/answer-grant-request.ts";

const USER = "arn:aws:iam::111122223333:user/";
export const START = Date.parse("2026-11-25T10:00:00Z");

/** Ana and Ed release, Flo administers, Bo develops and releases to staging alone, Cy has left. */
const CONFIGURATION = parseConfiguration(
  `
organisation: acme
alerts: { email: [security@acme.example] }
people:
  - { email: ana@acme.example, name: Ana, identities: ["${USER}ana", "sso:ana@acme.example"] }
  - { email: bo@acme.example, name: Bo, identities: ["${USER}bo"] }
  - { email: cy@acme.example, name: Cy, left: 2026-10-01, identities: ["${USER}cy"] }
  - { email: ed@acme.example, name: Ed, identities: ["${USER}ed"] }
  - { email: flo@acme.example, name: Flo, identities: ["${USER}flo"] }
teams: { releasers: [ana@acme.example, ed@acme.example] }
projects:
  shop:
    repositories: ["github:acme/shop"]
    environments:
      production: {}
      staging: { roles: { release-manager: [bo@acme.example], pilot: [flo@acme.example] } }
    roles:
      developer: [bo@acme.example, flo@acme.example]
      release-manager: ["team:releasers"]
      administrator: [flo@acme.example]
`,
  "gatebook.yml",
);

export function grantDesk() {
  const sent: Record<string, unknown>[] = [];
  const clock = { now: START };
  let ids = 0;
  const grants = memoryGrantStore();
  const failing = { send: false };
  const world: GrantWorld = {
    configuration: CONFIGURATION,
    grants,
    intake: {
      async send(bodies) {
        if (failing.send) throw new Error("the queue is down");
        sent.push(...bodies.map((body) => JSON.parse(body)));
        return bodies.map(() => "id");
      },
    },
    now: () => clock.now,
    newId() {
      ids += 1;
      return String(ids).padStart(8, "0");
    },
  };
  const ask = async (who: string, body: unknown) => {
    const arn = who.startsWith("arn:") ? who : USER + who;
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const reply = await answerGrantRequest({ body: text, caller: { arn, account: "111122223333" } }, world);
    return { status: reply.statusCode, ...(JSON.parse(reply.body) as Answer) };
  };
  return { ask, world, grants, sent, clock, failing };
}

interface Answer {
  readonly detail?: string;
  readonly approvers?: readonly string[];
  readonly grant?: { readonly id: string; readonly state: string; readonly until?: number };
  readonly grants?: readonly { readonly id: string; readonly state: string }[];
}

export const WANTED = {
  do: "request",
  role: "release-manager",
  place: { project: "shop", environment: "production" },
  minutes: 60,
  reason: "INC-42",
};
