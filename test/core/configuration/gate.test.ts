/** The gate in gatebook.yml: safe without a word, and refused with its line where it is wrong. */
import { expect, test } from "vitest";
import { parseConfiguration } from "../../../lib/core/configuration/parse-configuration.ts";

const MINIMAL = "organisation: acme\nalerts: { email: [security@acme.example] }\n";
const parse = (gate: string) => parseConfiguration(`${MINIMAL}${gate}`, "gatebook.yml").gate;

test("without a word it blocks what it cannot know, at night, and on findings of level high", () => {
  expect(parse("")).toEqual({ onError: "block", minimumFindingLevel: "high", releaseWindow: "business-hours" });
});

test.each([
  ["https://api.github.com", 'gate: { github: { appId: "7" } }'],
  [
    "https://github.acme.example/api/v3",
    'gate: { github: { appId: "7", apiUrl: "https://github.acme.example/api/v3" } }',
  ],
  ["http://127.0.0.1:8080", 'gate: { github: { appId: "7", apiUrl: "http://127.0.0.1:8080" } }'],
])("its GitHub App answers at %s", (apiUrl, text) => {
  expect(parse(text).github).toEqual({ appId: "7", apiUrl });
});

test.each<readonly [text: string, message: RegExp]>([
  ["gate:\n  onError: pass\n", /^gatebook\.yml:4: gate\.onError: must be block or allow/],
  [
    "gate:\n  minimumFindingLevel: severe\n",
    /^gatebook\.yml:4: gate\.minimumFindingLevel: must be one of informational/,
  ],
  ["gate:\n  releaseWindow: nights\n", /^gatebook\.yml:4: gate\.releaseWindow: must be business-hours or always/],
  ["gate:\n  onErrors: block\n", /^gatebook\.yml:4: gate\.onErrors: is not a key/],
  ["gate:\n  github:\n    appId: 7\n", /^gatebook\.yml:5: gate\.github\.appId: /],
  ["gate:\n  github:\n    appId: app\n", /gate\.github\.appId: must be the id of a GitHub App/],
  ["gate:\n  github: {}\n", /gate\.github\.appId: /],
  ...[
    "http://github.acme.example",
    "https://api.github.com/",
    "https://user:pass@api.github.com",
    "https://api.github.com?x",
    "https://api.github.com/../x",
    "api.github.com",
    "http://127.0.0.1.evil.example",
  ].map(
    (url) =>
      [
        `gate:\n  github: { appId: "7", apiUrl: "${url}" }\n`,
        /^gatebook\.yml:4: gate\.github\.apiUrl: must be a URL that begins https/,
      ] as const,
  ),
])("%j is refused with its line", (text, message) => {
  expect(() => parse(text)).toThrow(message);
});
