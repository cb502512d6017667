/** `gatebook policy` as users run it: cases, the recorded past, one event, two sides. */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { applyPatch } from "diff";
import { describe, expect, test } from "vitest";
import { parseConfiguration } from "../../lib/core/configuration/parse-configuration.ts";
import { gatebook, linesOf, ROOT } from "./gatebook.ts";
import { EXAMPLE, policyIn, userFolder } from "./policy-folder.ts";

const STORY = join(ROOT, "test/events/story");

describe("policy test", () => {
  test("the project's own cases come out as they should", async () => {
    const { code, stdout } = await gatebook(["policy", "test", "--json"]);
    expect(code).toBe(0);
    expect(linesOf(stdout)).toEqual([expect.objectContaining({ failures: [] })]);
    expect(linesOf(stdout)[0]?.["cases"]).toBeGreaterThanOrEqual(80);
  });

  test("a case that comes out otherwise and a policy without one are failures", async () => {
    const folder = await userFolder();
    const own =
      '@id("own")\n@reason("because")\npermit (principal, action == Gatebook::Action::"source.push", resource);\n';
    writeFileSync(join(folder, "rules/access/own.cedar"), own);
    const { code, stdout, stderr } = await policyIn(folder)("test");
    expect(code).toBe(1);
    expect(stdout).toMatch(/^FAIL rules\/access\/own\.cedar:1: own has no case: write allow\/own\.json$/m);
    expect(stdout).toMatch(/^FAIL rules\/access\/deny\/developers-develop\.json: .*should be denied: .*because/m);
    expect(stderr).toMatch(/^\d+ policies, \d+ cases, [1-9]\d* not as they should be$/m);
  });
});

describe("policy check", () => {
  test("says what nobody used and what could go, and has tested the patch against the same past", async () => {
    const policy = policyIn(await userFolder());
    const { code, stdout, stderr } = await policy("check", STORY);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\d+ permissions that nobody used in 2 days$/m);
    expect(stdout).toMatch(
      /^ {2}rae@acme\.example in shop, shop\/production, shop\/staging: source\.merge, source\.review$/m,
    );
    expect(stdout).toMatch(/^ {2}no developer of shop used .*pipeline\.retry.* in 2 days$/m);
    expect(stdout).toMatch(/^ {2}dee@acme\.example as developer of shop$/m);
    expect(stdout).toMatch(/^ {2}pia@acme\.example as release-manager of shop\/staging$/m);
    expect(stdout).toMatch(/^ {2}no release-manager of shop\/staging used pipeline\.start, .* in 2 days$/m);
    expect(stdout).toMatch(/^without them, the policy would have denied 0 of 5 accesses$/m);
    expect(stderr).toMatch(/^5 accesses allowed, 2 denied, \d+ that no policy decides about$/m);
  });

  test("prints a patch that patch(1) takes, and the file then is as narrow, with every comment in it", async () => {
    const folder = await userFolder();
    const file = join(folder, "gatebook.yml");
    const { code, stdout } = await policyIn(folder)("check", STORY, "--patch", "--config", file);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^--- gatebook\.yml\s/m)]);
    const applied = applyPatch(EXAMPLE, stdout);
    const { error, status } = spawnSync("patch", ["-p0"], { cwd: folder, input: stdout });
    // Where there is no patch(1), the library's answer alone is looked at.
    if (error === undefined) expect([status, readFileSync(file, "utf8")]).toEqual([0, applied]);
    const narrower = parseConfiguration(String(applied), file);
    expect(narrower.projects["shop"]?.roles).toEqual({
      "release-manager": ["ana@acme.example", "bo@acme.example"],
      administrator: [],
    });
    expect(narrower.projects["shop"]?.environments["staging"]?.roles).toEqual({});
    expect(String(applied).match(/#.*/g)).toEqual(EXAMPLE.match(/#.*/g));

    writeFileSync(file, String(applied));
    const again = await policyIn(folder)("check", STORY, "--json");
    const kinds = linesOf(again.stdout).map(({ kind }) => kind);
    expect(kinds).not.toContain("unneeded-role");
    expect(linesOf(again.stdout).at(-1)).toEqual({
      ...{ kind: "narrower", outcome: "tested", patch: "", accesses: 5, denied: 0, deniedToday: 0 },
    });
    expect((await policyIn(folder)("check", STORY, "--patch")).stdout).toBe("");
  });

  test("takes as used only what was used in the window", async () => {
    const policy = policyIn(await userFolder());
    const unusedSince = async (...window: string[]) => {
      const { stdout } = await policy("check", STORY, "--json", ...window);
      return linesOf(stdout).filter(({ kind }) => kind === "unused");
    };
    const approval = { principal: "bo@acme.example", action: "pipeline.approve", place: "shop/production" };
    const wanted = expect.objectContaining(approval);
    expect(await unusedSince()).not.toContainEqual(wanted);
    expect(await unusedSince("--since", "2026-11-24")).not.toContainEqual(wanted);
    expect(await unusedSince("--since", "2026-11-25")).toContainEqual(wanted);
  });

  test("as JSON says the past and each result, a line each", async () => {
    const { stdout } = await policyIn(await userFolder())("check", STORY, "--json");
    const lines = linesOf(stdout);
    expect(lines[0]).toEqual({
      ...{ kind: "past", first: expect.stringMatching(/^2026-11-24T/), last: expect.stringMatching(/^2026-11-26T/) },
      ...{ allow: 5, deny: 2, "not-applicable": expect.any(Number) },
    });
    expect(new Set(lines.map(({ kind }) => kind))).toEqual(
      new Set(["past", "unused", "unused-by-role", "unneeded-role", "narrower"]),
    );
    expect(lines).toContainEqual({
      kind: "unneeded-role",
      project: "shop",
      role: "developer",
      person: "dee@acme.example",
    });
    expect(lines).toContainEqual({
      ...{ kind: "unneeded-role", project: "shop", environment: "staging" },
      ...{ role: "developer", person: "tess@acme.example" },
    });
  });

  test("says where the file cannot be patched, and all the rest of it", async () => {
    // The anchor goes with the first list, which the second is.
    const anchored = EXAMPLE.replace(
      /reviewer: \[.*\]\n.*release-manager: \[.*\]/,
      "reviewer: &both [ana@acme.example, bo@acme.example]\n      release-manager: *both",
    );
    const policy = policyIn(await userFolder(anchored));
    const { code, stdout } = await policy("check", STORY);
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^gatebook\.yml: no patch can be made of it: write its roles/m),
    ]);
    expect(stdout).toMatch(/^ {2}ana@acme\.example as reviewer of shop$/m);
    const patch = await policy("check", STORY, "--patch");
    expect([patch.code, patch.stdout, patch.stderr]).toEqual([2, "", expect.stringContaining("no patch can be made")]);
  });
});

describe("policy explain", () => {
  const explain = async (event: string, ...more: string[]) =>
    policyIn(await userFolder())("explain", event, STORY, ...more);

  test("an access that was denied, by which policy, and what would have allowed it", async () => {
    const { code, stdout } = await explain("6d49c9d8-a620-4e8e-acba-2b799e3b3748");
    expect(code).toBe(0);
    expect(stdout.split("\n")).toEqual([
      "recorded: deny: ana@acme.example may not do pipeline.approve in shop/production: nobody approves what they wrote or started",
      "asked:    may ana@acme.example do pipeline.approve in shop/production?",
      expect.stringMatching(/^given: {4}in business hours, .*, started the delivery$/),
      "roles:    developer of shop, reviewer of shop, release-manager of shop",
      "today:    deny: ana@acme.example may not do pipeline.approve in shop/production: nobody approves what they wrote or started",
      expect.stringMatching(/^by: {7}nobody-approves-their-own \(rules\/access\/four-eyes\.cedar:\d+\)$/),
      "allowed:  had somebody else written and started it, and edited the pipeline",
      "allowed:  with the identity for emergencies",
      "",
    ]);
  });

  test("one that was allowed, and one that no policy decides about", async () => {
    const idIn = (name: string): string => JSON.parse(readFileSync(join(STORY, name), "utf8")).detail.eventID;
    const { stdout } = await explain(idIn("09-release-approved-by-bo.json"), "--json");
    expect(linesOf(stdout)).toMatchObject([
      {
        recorded: { outcome: "allow", policies: ["release-managers-release"] },
        today: [
          {
            ...{ outcome: "allow", policies: [{ id: "release-managers-release" }], remedies: [] },
            roles: expect.arrayContaining(["release-manager of shop"]),
          },
        ],
      },
    ]);
    const neither = await explain(idIn("14-release-deploy-role-assumed.json"));
    expect([neither.code, neither.stdout]).toEqual([0, expect.stringMatching(/^recorded: not-applicable: .+\n$/)]);
  });

  test("one that is not among the recorded events is said, with where it was looked for", async () => {
    const { code, stdout, stderr } = await explain("no-such-event");
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(`${STORY}: hold no event no-such-event`);
  });
});

describe("policy diff", () => {
  test("of equal sides says so and ends with 0", async () => {
    const { code, stdout, stderr } = await policyIn(await userFolder())("diff", "gatebook.yml", "gatebook.yml");
    expect([code, stdout, stderr]).toEqual([0, "", "nobody may do more or less\n"]);
  });

  test("of two files says who may do more and less in a line each, and as JSON in one for each change", async () => {
    const folder = await userFolder();
    writeFileSync(join(folder, "next.yml"), EXAMPLE.replace(", rae@acme.example]", ", gil@acme.example]"));
    const { code, stdout, stderr } = await policyIn(folder)("diff", "gatebook.yml", "next.yml");
    expect([code, stdout.split("\n")]).toEqual([
      1,
      [
        "- rae@acme.example may no longer do source.merge, source.review in shop, shop/production, shop/staging",
        "+ gil@acme.example may now do source.merge, source.review in shop, shop/production, shop/staging",
        "",
      ],
    ]);
    expect(stderr).toBe("6 permissions more or wider, 6 fewer or narrower, 0 otherwise\n");
    const lines = linesOf((await policyIn(folder)("diff", "gatebook.yml", "next.yml", "--json")).stdout);
    expect(lines).toHaveLength(12);
    expect(lines[0]).toEqual({
      ...{ change: "lost", principal: "rae@acme.example", action: "source.merge", place: "shop" },
      says: "rae@acme.example may no longer do source.merge in shop",
    });
  });

  test("of a release manager who moves from the project to one environment says what they lose and another gains", async () => {
    const folder = await userFolder();
    const moved = EXAMPLE.replace(", remy@acme.example]", "]").replace(
      "      production:\n",
      "      production:\n        roles: { release-manager: [remy@acme.example, gil@acme.example] }\n",
    );
    writeFileSync(join(folder, "next.yml"), moved);
    const { code, stdout } = await policyIn(folder)("diff", "gatebook.yml", "next.yml");
    const operate = "pipeline.start, pipeline.stop, pipeline.retry, pipeline.reject, deploy.rollback";
    const others = "of others' work, of what others started, and through pipelines that others edited";
    expect([code, stdout.split("\n").toSorted()]).toEqual([
      1,
      [
        "",
        "+ gil@acme.example may now do artifact.publish, deploy.start, deploy.change, access.assume in shop/production, only in business hours and with MFA",
        `+ gil@acme.example may now do pipeline.approve in shop/production, only in business hours, with MFA, ${others}`,
        `+ gil@acme.example may now do ${operate} in shop/production`,
        "- remy@acme.example may no longer do pipeline.start, pipeline.stop, pipeline.retry, pipeline.approve, pipeline.reject, artifact.publish, deploy.start, deploy.rollback, deploy.change, access.assume in shop, shop/staging",
      ],
    ]);
  });

  test("of two folders, of policies or of everything, compares what each holds", async () => {
    const folder = await userFolder();
    const other = await userFolder();
    const file = join(other, "rules/access/administrators.cedar");
    writeFileSync(
      file,
      readFileSync(file, "utf8")
        .replace(/when \{ context\.mfa.*/, ";")
        .replace("}\n;", "};"),
    );
    for (const [before, after] of [
      [folder, other],
      ["rules/access", join(other, "rules/access")],
    ] as const) {
      const { code, stdout } = await policyIn(folder)("diff", before, after);
      expect([code, stdout]).toEqual([1, expect.stringMatching(/^\+ ada@\S+ may do .* not only with MFA any more\n$/)]);
    }
  });
});
