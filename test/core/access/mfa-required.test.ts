/** Of whom, for what and where a second factor is asked for. */
import { describe, expect, test } from "vitest";
import { mfaRequirement } from "../../../lib/core/access/mfa-required.ts";
import { parseConfiguration } from "../../../lib/core/configuration/parse-configuration.ts";
import type { RecordView } from "../../../lib/core/detections/record-view.ts";
import { exampleAccess } from "./example-access.ts";
import { recordView } from "./record-views.ts";

const { configuration } = exampleAccess();
const byDefault = mfaRequirement(configuration);

function requirement(who: string, actions = "deploy.change", where = "all"): (view: RecordView) => boolean {
  const text = `organisation: acme
alerts: { email: [security@acme.example] }
mfa: { requiredFor: [{ who: "${who}", actions: [${actions}], where: ${where} }] }\n`;
  const { mfa } = parseConfiguration(text, "gatebook.yml");
  return mfaRequirement({ mfa, projects: configuration.projects });
}

function deployment(different: Partial<RecordView> = {}): RecordView {
  return recordView({ action: "deploy.change", ...different });
}

const WORKLOAD = {
  actor: {
    user: { uid: "arn:aws:sts::111122223333:assumed-role/shop-deploy/AWSCodeBuild-1" },
    session: { issuer: "arn:aws:iam::111122223333:role/shop-deploy" },
  },
  granted: { by: "assumed-role" },
} as const;

/** As of a view without the person. */
function nobodys(different: Partial<RecordView> = {}): RecordView {
  const { person: _, ...view } = deployment(different);
  return view;
}

describe("by default", () => {
  test("whoever approves, wherever it is, and whoever deploys to production", () => {
    expect(byDefault(recordView({ production: false }))).toBe(true);
    expect(byDefault(deployment())).toBe(true);
    expect(byDefault(deployment({ production: false }))).toBe(false);
    expect(byDefault(recordView({ action: "secret.read" }))).toBe(true);
    expect(byDefault(recordView({ action: "source.push" }))).toBe(false);
  });

  test("no workload, no cloud service, and nothing that was refused", () => {
    expect(byDefault(nobodys(WORKLOAD))).toBe(false);
    expect(byDefault(deployment({ by_service: true }))).toBe(false);
    expect(byDefault(deployment({ status_id: 2 }))).toBe(false);
  });

  test("people who are not in gatebook.yml too, by how only people come in", () => {
    for (const by of ["console", "root", "identity-center"] as const) {
      expect(byDefault(nobodys({ granted: { by } }))).toBe(true);
    }
    expect(byDefault(nobodys({ granted: { by: "access-key" } }))).toBe(false);
  });
});

describe("of", () => {
  test("workloads, by the role whose session acts, and of no person as it", () => {
    const ofWorkloads = requirement("workloads");
    expect(ofWorkloads(nobodys(WORKLOAD))).toBe(true);
    expect(ofWorkloads(deployment(WORKLOAD))).toBe(false);
    expect(ofWorkloads(nobodys({ granted: { by: "access-key" } }))).toBe(false);
  });

  test("everybody", () => {
    expect(requirement("everybody")(nobodys(WORKLOAD))).toBe(true);
    expect(requirement("everybody")(deployment())).toBe(true);
  });

  test("a pattern: of the principal, its role's sessions, or the person", () => {
    expect(requirement("arn:aws:iam::*:user/re*")(deployment())).toBe(true);
    expect(requirement("arn:aws:iam::*:user/ana")(deployment())).toBe(false);
    expect(requirement("arn:aws:iam::*:role/shop-deploy")(nobodys(WORKLOAD))).toBe(true);
    expect(requirement("*@acme.example")(deployment())).toBe(true);
    expect(requirement("*@acme.example")(nobodys())).toBe(false);
  });

  test("an action or a kind of them, in production alone where it says so", () => {
    const inProduction = requirement("everybody", "deploy.*", "production");
    expect(inProduction(deployment())).toBe(true);
    expect(inProduction(recordView({ action: "deploy.rollback" }))).toBe(true);
    expect(inProduction(recordView({ action: "pipeline.approve" }))).toBe(false);
    const { production: _, ...somewhere } = deployment();
    expect(inProduction(somewhere)).toBe(false);
  });
});
