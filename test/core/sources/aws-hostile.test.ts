/** Whatever a service writes where we read something else: the event stands, and is valid. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseMessage } from "../../../lib/core/sources/message.ts";
import { normalise } from "../../../lib/core/sources/normalise.ts";
import { validateOcsf } from "../../ocsf-validator.ts";
import { fixtureBody, fixtureNames } from "./fixtures.ts";
import { hasOcsfSchema, ocsfSchema } from "./shared-samples.ts";

const FIXTURES = ["codebuild", "codecommit", "codedeploy", "ecr", "signin", "rotation", "cloudtrail/classes"].flatMap(
  (folder) => fixtureNames(folder).map((name) => [folder, name] as const),
);
const schema = hasOcsfSchema ? ocsfSchema() : undefined;
const NOT_WHAT_WE_EXPECT = fc.oneof(
  fc.jsonValue(),
  fc.constant("arn:aws:iam::111122223333:user/ana"),
  fc.constant("__proto__"),
);

test("any value in any place of an event's detail leaves a valid event", () => {
  fc.assert(
    fc.property(fc.constantFrom(...FIXTURES), fc.nat(), NOT_WHAT_WE_EXPECT, ([folder, name], place, value) => {
      const body = changed(JSON.parse(fixtureBody(folder, name)), place, value);
      const { event } = normalise(parseMessage(JSON.stringify(body)));
      expect(event.actor?.user?.uid).not.toBe("");
      if (schema !== undefined) expect(validateOcsf(schema, JSON.parse(JSON.stringify(event)))).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

/** What the parser itself relies on stays. */
const RELIED_ON = ["eventTime", "eventSource", "eventName", "time", "source", "detail-type", "id", "detail"];

function changed(event: object, place: number, value: unknown): object {
  const places: (() => void)[] = [];
  const walk = (parent: Record<string, unknown>) => {
    for (const [key, child] of Object.entries(parent)) {
      if (!RELIED_ON.includes(key)) {
        places.push(() => {
          parent[key] = value;
        });
      }
      if (typeof child === "object" && child !== null) walk(child as Record<string, unknown>);
    }
  };
  walk(event as Record<string, unknown>);
  places[place % places.length]?.();
  return event;
}
