/** `gatebook policy mfa`: the list, its exit code, and what it refuses. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { approves, approvesJob, user } from "../core/record/mfa-calls.ts";
import { gatebook, linesOf, temporaryFolder } from "./gatebook.ts";

const WITH = approves(0, user("ana", "ASIAEXAMPLEANA000001", true));
const WITHOUT = approves(2, user("ana", "AKIAEXAMPLEANA000001"));
const UNKNOWN = approvesJob(1, "bochen");

async function recorded(messages: readonly unknown[], ending = "json"): Promise<string> {
  const file = join(await temporaryFolder(), `events.${ending}`);
  await writeFile(file, JSON.stringify(messages));
  return file;
}

const CONFIG = ["--config", "rules/example-organisation.yml"];

test("lists who acted without MFA and of whom nobody knows, and ends with 1 where it was missing", async () => {
  const { code, stdout, stderr } = await gatebook([
    "policy",
    "mfa",
    await recorded([WITH, WITHOUT, UNKNOWN]),
    ...CONFIG,
  ]);
  expect(code).toBe(1);
  const [heading, ...lines] = stdout.trimEnd().split("\n");
  expect(heading).toMatch(/^MFA +PRINCIPAL +ACTION +TIMES +SINCE +LAST +KNOWN FROM$/);
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(/^NO +ana@acme\.example +pipeline\.approve +1 +2026-11-24T10:02:00\.000Z .* access$/);
  expect(lines[1]).toMatch(/^UNKNOWN +bo@acme\.example +pipeline\.approve +1 .* nothing$/);
  expect(lines[2]).toMatch(/^yes +ana@acme\.example +pipeline\.approve +1 .* access$/);
  expect(stderr).toBe("3 accesses that need MFA: 1 without, 1 of which nobody knows, 1 with\n");
});

test("what is unknown is no failure, and JSON lines say the same", async () => {
  const { code, stdout } = await gatebook(["policy", "mfa", await recorded([WITH, UNKNOWN]), ...CONFIG, "--json"]);
  expect(code).toBe(0);
  expect(linesOf(stdout)).toMatchObject([
    { is: "unknown", principal: "bo@acme.example", action: "pipeline.approve", times: 1, from: "nothing" },
    { is: "yes", principal: "ana@acme.example", since: "2026-11-24T10:00:00.000Z", last: "2026-11-24T10:00:00.000Z" },
  ]);
});

test("--since leaves out what was before", async () => {
  const file = await recorded([WITHOUT]);
  const { code, stderr } = await gatebook(["policy", "mfa", file, ...CONFIG, "--since", "2026-11-25T00:00:00Z"]);
  expect(code).toBe(0);
  expect(stderr).toBe("0 accesses that need MFA: 0 without, 0 of which nobody knows, 0 with\n");
});

test("what cannot be read is said, and the code is 2 whatever was missing", async () => {
  const { code, stderr } = await gatebook(["policy", "mfa", await recorded([WITHOUT, { no: "event" }]), ...CONFIG]);
  expect(code).toBe(2);
  expect(stderr).toContain("1 without");
});

test("a configuration that asks for what is no action is refused with its line", async () => {
  const config = join(await temporaryFolder(), "gatebook.yml");
  await writeFile(
    config,
    "organisation: acme\nalerts: { email: [a@acme.example] }\nmfa:\n  requiredFor:\n    - actions: [deploy]\n",
  );
  const { code, stderr } = await gatebook(["policy", "mfa", await recorded([WITH]), "--config", config]);
  expect(code).toBe(2);
  expect(stderr).toContain("gatebook.yml:5: mfa.requiredFor[0].actions[0]: must be a delivery action");
});
