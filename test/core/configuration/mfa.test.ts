/** mfa.requiredFor of gatebook.yml: what it asks for by default, and what is refused with its line. */
import { expect, test } from "vitest";
import { actionsNamed } from "../../../lib/core/configuration/mfa.ts";
import { parseConfiguration } from "../../../lib/core/configuration/parse-configuration.ts";
import { DELIVERY_ACTIONS } from "../../../lib/core/record/delivery-action.ts";

const MINIMAL = "organisation: acme\nalerts: { email: [security@acme.example] }\n";

function requiredFor(text: string) {
  return parseConfiguration(MINIMAL + text, "gatebook.yml").mfa.requiredFor;
}

test("people approve everywhere, and deploy to production and touch its secrets, with MFA unless it is said otherwise", () => {
  expect(requiredFor("")).toEqual([
    { who: "people", actions: ["pipeline.approve", "pipeline.bypass"], where: "all" },
    { who: "people", actions: ["deploy.*", "secret.*"], where: "production" },
  ]);
  expect(requiredFor("mfa: { requiredFor: [] }\n")).toEqual([]);
  expect(requiredFor("mfa: { requiredFor: [{ actions: [access.assume] }] }\n")).toEqual([
    { who: "people", actions: ["access.assume"], where: "production" },
  ]);
});

test.each([
  "people",
  "workloads",
  "everybody",
  "arn:aws:iam::*:user/*",
  "github:*",
  "ana@acme.example",
  "*@acme.example",
])("%s may be asked for it", (who) => {
  expect(requiredFor(`mfa: { requiredFor: [{ who: "${who}", actions: [source.push], where: all }] }\n`)).toEqual([
    { who, actions: ["source.push"], where: "all" },
  ]);
});

const REFUSED: readonly (readonly [title: string, text: string, message: RegExp])[] = [
  [
    "an action that is none of ours",
    "    - actions: [pipeline.aprove]\n",
    /^gatebook\.yml:5: mfa\.requiredFor\[0\]\.actions\[0\]: must be a delivery action/,
  ],
  [
    "a kind that has no action",
    "    - actions: [pipelines.*]\n",
    /:5: mfa\.requiredFor\[0\]\.actions\[0\]: must be a delivery action/,
  ],
  ["a star for everything", '    - actions: ["*"]\n', /:5: .*must be a delivery action/],
  ["half a kind", '    - actions: ["pipeline.app*"]\n', /:5: .*must be a delivery action/],
  ["an action that is no text", "    - actions: [7]\n", /:5: mfa\.requiredFor\[0\]\.actions\[0\]: /],
  ["no action", "    - actions: []\n", /:5: mfa\.requiredFor\[0\]\.actions: must name at least one action/],
  [
    "a group misspelt",
    "    - who: persons\n      actions: [deploy.*]\n",
    /:5: mfa\.requiredFor\[0\]\.who: must be people, workloads, everybody/,
  ],
  [
    "everybody by a star",
    '    - who: "*"\n      actions: [deploy.*]\n',
    /:5: mfa\.requiredFor\[0\]\.who: must be people/,
  ],
  [
    "a place that is neither",
    "    - actions: [deploy.*]\n      where: staging\n",
    /:6: mfa\.requiredFor\[0\]\.where: must be production or all/,
  ],
  [
    "another key",
    "    - actions: [deploy.*]\n      action: deploy.start\n",
    /:6: mfa\.requiredFor\[0\]\.action: is not a key/,
  ],
];

test.each(REFUSED)("%s is refused with its line", (_, text, message) => {
  expect(() => requiredFor(`mfa:\n  requiredFor:\n${text}`)).toThrow(
    expect.objectContaining({ code: "CONFIGURATION_INVALID", message: expect.stringMatching(message) }),
  );
});

test("a kind stands for all of its actions and no other's", () => {
  expect(actionsNamed("deploy.*")).toEqual(DELIVERY_ACTIONS.filter((action) => action.startsWith("deploy.")));
  expect(actionsNamed("deploy.*").length).toBeGreaterThan(1);
  expect(actionsNamed("other")).toEqual(["other"]);
  expect([actionsNamed(""), actionsNamed("*"), actionsNamed(".*"), actionsNamed("other.*")]).toEqual([[], [], [], []]);
});
