/** The parts of a delivery that were seen used are counted, named as wholes, and proposed where nothing names them. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { componentOf } from "../../../lib/core/components/component-kind.ts";
import { proposeComponents } from "../../../lib/core/components/propose-components.ts";
import { createCensus } from "../../../lib/core/components/seen-components.ts";
import { parseConfiguration } from "../../../lib/core/configuration/parse-configuration.ts";
import type { AuditRecord } from "../../../lib/core/record/audit-record.ts";
import type { DeliveryAction } from "../../../lib/core/record/delivery-action.ts";

const HEADER = "organisation: acme\nalerts: { email: [security@acme.example] }\n";
const BARE = parseConfiguration(HEADER, "gatebook.yml");
const SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/prod/db";
const ROLE = "arn:aws:iam::111122223333:role/shop-deploy";

interface Use {
  readonly who?: string;
  readonly second?: number;
  readonly action?: DeliveryAction;
  readonly by?: "service" | "federation" | "access-key";
  readonly isFailed?: boolean;
}

function recordOf(uid: string, { who = "ana", second = 0, action = "other", by, isFailed }: Use = {}): AuditRecord {
  return {
    v: 1,
    event: {
      class_uid: 6003,
      category_uid: 6,
      activity_id: 2,
      type_uid: 600302,
      severity_id: 1,
      time: second * 1000,
      status_id: isFailed === true ? 2 : 1,
      metadata: { version: "1.8.0", uid: "u", product: { name: "p", vendor_name: "v" }, event_code: "e", profiles: [] },
      actor: { user: { uid: who } },
      resources: [{ uid }],
    },
    action,
    granted: { by: by ?? "access-key" },
    components: [],
    access: { outcome: "not-applicable", reason: "no policy is in force" },
    findings: [],
  };
}

test.each([
  [`${SECRET}-AbCdEf`, "secret", SECRET],
  [SECRET, "secret", SECRET],
  [
    "arn:aws:codepipeline:eu-west-1:111122223333:shop/Approve/Release",
    "pipeline",
    "arn:aws:codepipeline:eu-west-1:111122223333:shop",
  ],
  ["arn:aws:s3:::acme-infra/network/terraform.tfstate", "state bucket", "arn:aws:s3:::acme-infra"],
  ["arn:aws:s3:::acme-tfstate", "state bucket", "arn:aws:s3:::acme-tfstate"],
  [
    "arn:aws:s3:::codepipeline-eu-west-1-1234/shop/Source/a.zip",
    "artifact bucket",
    "arn:aws:s3:::codepipeline-eu-west-1-1234",
  ],
  [
    "arn:aws:ecr:eu-west-1:111122223333:repository/shop/web",
    "registry",
    "arn:aws:ecr:eu-west-1:111122223333:repository/shop/web",
  ],
  ["github:acme/shop/pull/7", "repository", "github:acme/shop"],
  ["github:acme/shop@refs/heads/main", "repository", "github:acme/shop"],
  ["gitlab:acme/platform/shop!12", "repository", "gitlab:acme/platform/shop"],
  ["gitlab:acme/shop/merge_requests/12", "repository", "gitlab:acme/shop"],
  [ROLE, "role", ROLE],
])("%s is a %s", (uid, kind, name) => {
  expect(componentOf(uid)).toEqual({ kind, name });
});

test.each(["", "arn:aws:s3:::photos/cat.png", "github:acme", "arn:aws:sns:eu-west-1:111122223333:topic", "__proto__"])(
  "%j is no part of a delivery by its name",
  (uid) => {
    expect(componentOf(uid)).toBeUndefined();
  },
);

test("any text is judged in time, and whatever it is named by stands in it", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ maxLength: 3_000 }), fc.constant(`gitlab:${"a/".repeat(2_000)}`)), (uid) => {
      const component = componentOf(uid);
      expect(component === undefined || uid.startsWith(component.name)).toBe(true);
    }),
  );
});

describe("the census", () => {
  test("counts uses by whom, and leaves out what was refused", () => {
    const census = createCensus(BARE);
    census.add(recordOf(`${SECRET}-AbCdEf`, { who: "ana", second: 5 }));
    census.add(recordOf(SECRET, { who: "bo", second: 1 }));
    census.add(recordOf(SECRET, { who: "ana", second: 3 }));
    census.add(recordOf(SECRET, { who: "mallory", isFailed: true }));
    const users = [
      { who: "ana", uses: 2 },
      { who: "bo", uses: 1 },
    ];
    expect(census.result()).toEqual([{ kind: "secret", name: SECRET, uses: 3, first: 1000, last: 5000, users }]);
  });

  test("knows a deploy role by who takes it on, or by what its sessions do", () => {
    const other = "arn:aws:iam::111122223333:role/path/shop-release";
    const census = createCensus(BARE);
    census.add(recordOf(ROLE, { who: "codepipeline.amazonaws.com", action: "access.assume", by: "service" }));
    census.add(recordOf(other, { who: "ana", action: "access.assume" }));
    census.add(recordOf("arn:aws:iam::111122223333:role/reader", { who: "ana", action: "access.assume" }));
    const session = "arn:aws:sts::111122223333:assumed-role/shop-release/ana";
    census.add(
      recordOf("arn:aws:lambda:eu-west-1:111122223333:function:shop", { who: session, action: "deploy.change" }),
    );
    const kinds = Object.fromEntries(census.result().map(({ kind, name }) => [name, kind]));
    expect(kinds).toMatchObject({ [ROLE]: "deploy role", [other]: "deploy role" });
    expect(kinds["arn:aws:iam::111122223333:role/reader"]).toBe("role");
  });

  test("says what gatebook.yml names, and lists what it does not first", () => {
    const configuration = parseConfiguration(
      `${HEADER}projects: { shop: { pipelines: ["arn:aws:codepipeline:*:shop-*"] } }
components: [{ name: production secrets, match: ["*:secret:*/prod/*"], sensitivity: critical }]`,
      "gatebook.yml",
    );
    const census = createCensus(configuration);
    census.add(recordOf(SECRET));
    census.add(recordOf("arn:aws:codepipeline:eu-west-1:111122223333:shop-release"));
    census.add(recordOf(ROLE));
    expect(census.result().map(({ name, classified }) => [name, classified])).toEqual([
      [ROLE, undefined],
      ["arn:aws:codepipeline:eu-west-1:111122223333:shop-release", "project shop"],
      [SECRET, "production secrets"],
    ]);
  });

  test("stays bounded whoever uses a component", () => {
    const census = createCensus(BARE);
    for (let i = 0; i < 1_000; i += 1) census.add(recordOf(SECRET, { who: `user-${i}` }));
    const [{ uses, users } = { uses: 0, users: [] }] = census.result();
    expect(uses).toBe(1_000);
    expect(users.length).toBeLessThanOrEqual(201);
    expect(users[0]).toEqual({ who: "others", uses: 800 });
  });
});

test("what is proposed is a block of gatebook.yml, and classifies what it was proposed for", () => {
  const census = createCensus(BARE);
  for (const uid of [SECRET, "arn:aws:s3:::acme-tfstate", "arn:aws:iam::111122223333:role/reader"])
    census.add(recordOf(uid));
  const proposal = proposeComponents(census.result()) ?? "";
  const again = createCensus(parseConfiguration(`${HEADER}${proposal}`, "gatebook.yml"));
  for (const uid of [SECRET, "arn:aws:s3:::acme-tfstate", "arn:aws:iam::111122223333:role/reader"])
    again.add(recordOf(uid));
  expect(again.result().map(({ classified }) => classified)).toEqual([undefined, "state buckets seen", "secrets seen"]);
  expect(proposeComponents(again.result())).toBeUndefined();
});
