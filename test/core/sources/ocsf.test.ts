/** Every event that we write is valid OCSF 1.8.0, ours and those that others recorded. */
import { describe, expect, test } from "vitest";
import { parseMessage } from "../../../lib/core/sources/message.ts";
import { eventId, normalise } from "../../../lib/core/sources/normalise.ts";
import { principalOf } from "../../../lib/core/sources/principal.ts";
import { validateOcsf } from "../../ocsf-validator.ts";
import { fixtureBody, fixtureNames } from "./fixtures.ts";
import { awsSamples, gitHubSamples, hasOcsfSchema, hasSamples, ocsfSchema, type Sample } from "./shared-samples.ts";

const FOLDERS = [
  "codepipeline",
  "codebuild",
  "codedeploy",
  "codecommit",
  "ecr",
  "cloudtrail",
  "cloudtrail/classes",
  "cloudtrail/granted",
  "signin",
  "rotation",
  "github",
  "github-audit",
  "story",
];

describe.skipIf(!hasOcsfSchema)("against the schema", () => {
  const schema = hasOcsfSchema ? ocsfSchema() : { classes: {}, objects: {}, dictionary: { types: { attributes: {} } } };

  test.each(FOLDERS)("our %s events", (folder) => {
    const names = fixtureNames(folder);
    expect(names.length).toBeGreaterThan(5);
    expect(names.flatMap((name) => errorsOf([`${folder}/${name}`, fixtureBody(folder, name)]))).toEqual([]);
  });

  test.skipIf(!hasSamples)("AWS's samples and captures", () => {
    const samples = awsSamples();
    expect(samples.length).toBeGreaterThan(250);
    expect(samples.flatMap(errorsOf)).toEqual([]);
  });

  test.skipIf(!hasSamples)("GitHub's samples of every webhook", () => {
    const samples = gitHubSamples();
    expect(samples.length).toBeGreaterThan(250);
    expect(samples.flatMap(errorsOf)).toEqual([]);
  });

  test("one of Gatebook's own", () => {
    const own = {
      v: 1,
      kind: "gatebook",
      uid: "u",
      time: 1,
      type: "review.completed",
      principal: "gatebook",
      message: "",
    };
    expect(errorsOf(["gatebook", JSON.stringify(own)])).toEqual([]);
  });

  describe("the validator itself finds", () => {
    const event = JSON.parse(JSON.stringify(normalise(parseMessage(fixtureBody("cloudtrail", "start-build"))).event));
    test.each([
      ["a class that there is not", { class_uid: 4 }, "class_uid: there is no class 4"],
      ["a missing attribute", { api: undefined }, "api: is required in api_activity"],
      ["a missing attribute within", { api: {} }, "api.operation: is required in api"],
      ["an attribute of no such name", { colour: "red" }, "colour: is no attribute of api_activity"],
      [
        "an attribute of a profile that is not named",
        { metadata: { ...event.metadata, profiles: [] } },
        "cloud: is no attribute",
      ],
      [
        "a profile that the class has not",
        { metadata: { ...event.metadata, profiles: ["net"] } },
        "has no profile net",
      ],
      ["a value of no enum", { severity_id: 7 }, "severity_id: 7 is none of"],
      ["a value of another type", { time: "now" }, "time: is not of type long_t"],
      ["a thing that is no array", { resources: {} }, "resources: is no array"],
      ["an address that is none", { src_endpoint: { ip: "300.1.1.1.1" } }, "src_endpoint.ip: 300.1.1.1.1 is no ip_t"],
      ["a constraint that is not met", { actor: {} }, "actor needs at least one of"],
      ["a type that does not follow", { type_uid: 600301 }, "type_uid: 600301 is not class × 100 + activity"],
    ])("%s", (_, fields, error) => {
      expect(validateOcsf(schema, event)).toEqual([]);
      const broken = JSON.parse(JSON.stringify({ ...event, ...fields }));
      expect(validateOcsf(schema, broken).join("\n")).toContain(error);
    });
  });

  function errorsOf([origin, body]: Sample): readonly string[] {
    const message = parseMessage(body);
    const { event } = normalise(message);
    expect([origin, principalOf(event), eventId(message, event)]).not.toContain("");
    return validateOcsf(schema, JSON.parse(JSON.stringify(event))).map((error) => `${origin}: ${error}`);
  }
});
