/** Input that was made to exhaust, to confuse or to poison. */
import { describe, expect, test } from "vitest";
import { redact, redactText } from "../../../lib/core/record/redact.ts";
import { mixed, TOKENS } from "./redact-planted.ts";

const MEGABYTE = 1024 * 1024;
const DEPTH = 10_000;

/** A rule that is not linear would take minutes here, and the runner's limit ends it. */
describe("a megabyte of the beginning of a secret", () => {
  test.each([
    "a",
    "=",
    ":",
    "eyJ",
    "eyJ.",
    "eyJhbGci.",
    "-----BEGIN",
    "-----BEGIN PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----\n-----END",
    "://",
    "://a:",
    "https://a:b",
    "password",
    "password=",
    'password="',
    'password=\\"',
    "password=,a",
    '"name":"password",',
    "--password ",
    "-p ",
    "curl -u a",
    "mysql ",
    "<a>",
    "ghs_1_",
    "ghs_1_a.",
    "xoxb-a-",
    "SG.a.",
    "SG.a_",
    "hf_",
    "ops_ey",
    "AKIA",
    "b3JpZ2luX2Vj",
    "Bearer ",
    "Authorization: ",
    "YWJj",
    "\\",
    '"',
    "[redacted:",
    "password: |\n  a\n",
    "password: |\\n a",
    "password: |\n",
    "kind: Secret\n",
    "kind: Secret\ndata:\n  a: b\n",
    '"kind":"Secret","data":{"a":"b",',
    "kind: Secret\n---\n",
    "---\n",
    "\nENV a",
    "ENV PASSWORD ",
    "put-parameter --value ",
    "put-parameter --type SecureString --value a\n",
    "name: password\n  value: ",
    "machine a login b ",
    "identified by ",
    "echo a ",
    "gh secret set a ",
    '"value":"a",',
    'value":"',
    "parameter-store:\n  password: a\n",
    "password={{ a",
    "password=\x24{{ a }}",
    "token=env.a",
    `token=env${".a".repeat(8)}! `,
    `${"Abcd".repeat(16)}\n`,
    `${"Abcd".repeat(16)}\\n`,
    '"-u","a","-p",',
    "hf_a",
  ])("%j is read in linear time", async (fragment) => {
    const text = fragment.repeat(MEGABYTE / fragment.length);
    await redact({ text });
    await redactText(`token glc_ ${text}`);
  });
});

/** Each line may hold all that follows: a rule that read them again for each would never end. */
test.each(["data:", "password: |", "a: b"])(
  "a megabyte of lines with %j, ever deeper, is read in linear time",
  async (line) => {
    const lines: string[] = ["kind: Secret", "stringData:"];
    for (let bytes = 0; bytes < MEGABYTE; bytes += lines.at(-1)?.length ?? 0)
      lines.push(" ".repeat(lines.length) + line);
    const far = `${" ".repeat(300)}${line}\n`;
    await redact({ text: lines.join("\n") });
    await redact({ text: `kind: Secret\n${far.repeat(MEGABYTE / far.length)}` });
  },
);

test("thousands of secrets in one string are all taken out", async () => {
  const secret = `shpat_${"ab12".repeat(8)}`;
  const { text, secrets } = await redactText(`${secret} `.repeat(20_000));
  expect(secrets).toEqual([{ kind: "shopify" }]);
  expect(text).toBe("[redacted:shopify] ".repeat(20_000));
});

test("the depth of a value has no limit", async () => {
  let value: unknown = { password: mixed(20) };
  for (let depth = 0; depth < DEPTH; depth += 1) value = depth % 2 === 0 ? [value] : { child: value };
  const { value: copy, redactions } = await redact(value);
  let at = copy;
  for (let depth = 0; depth < DEPTH; depth += 1) at = Object.values(at as object)[0];
  expect(at).toEqual({ password: "[redacted:password]" });
  expect(redactions).toHaveLength(1);
  expect(redactions[0]?.path).toMatch(/^\/…\/.{1,400}\/password$/);
});

test("a key that names the prototype stays a key and pollutes nothing", async () => {
  const value: unknown = JSON.parse(
    '{"__proto__":{"isAdmin":true,"password":"hunter2"},"constructor":{"prototype":{"x":1}}}',
  );
  const { value: copy, redactions } = await redact(value);
  expect(JSON.stringify(copy)).toBe(
    '{"__proto__":{"isAdmin":true,"password":"[redacted:password]"},"constructor":{"prototype":{"x":1}}}',
  );
  expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
  expect(({} as Record<string, unknown>)["isAdmin"]).toBeUndefined();
  expect(redactions).toEqual([{ path: "/__proto__/password", kind: "password" }]);
});

test("inherited members do not take part", async () => {
  const value = Object.create({ name: "DB_PASSWORD" }, { value: { value: "shown", enumerable: true } });
  expect((await redact(value)).value).toEqual({ value: "shown" });
});

test("a path escapes what JSON pointers escape and shows no secret", async () => {
  const [, , secret = ""] = TOKENS.find(([kind]) => kind === "github-token") ?? [];
  const { redactions } = await redact({ "a/b~c": { [secret]: { password: "hunter2" } } });
  expect(redactions).toEqual([
    { path: "/a~1b~0c", kind: "github-token" },
    { path: "/a~1b~0c/[redacted:github-token]/password", kind: "password" },
  ]);
});

test.each([null, true, 0, "", "shop", [], {}])("%j alone comes out as it is", async (value) => {
  expect(await redact(value)).toEqual({ value, redactions: [] });
});

test("a string alone is redacted at the root", async () => {
  expect(await redact("DB_PASSWORD=hunter2")).toEqual({
    value: "DB_PASSWORD=[redacted:password]",
    redactions: [{ path: "", kind: "password" }],
  });
});

test("secrets that secretlint finds do not run over into the next string", async () => {
  const value = { a: "hf_ _authToken=", b: "plain", c: `figd_${mixed(40)}`, d: "hf_x" };
  expect((await redact(value)).value).toEqual({ ...value, c: "[redacted:figma]" });
});
