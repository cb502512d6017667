/** What goes on the bus is a valid OCSF Detection Finding, and says all that the mail says. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toDetectionFinding } from "../../../lib/core/alerting/detection-finding.ts";
import { LEVELS } from "../../../lib/core/record/finding.ts";
import { validateOcsf } from "../../ocsf-validator.ts";
import { hasOcsfSchema, ocsfSchema } from "../sources/shared-samples.ts";
import { FINDING, findingWith } from "./findings.ts";

const FULL = findingWith({
  components: ["production secrets"],
  production: true,
  changes: ["stage Approve was removed"],
  tags: ["attack.t1078.004", "attack.T1098", "attack.persistence", "cve.2026-1"],
  trace: "execution-1",
  falsePositives: ["A drill."],
  events: ["event-2"],
  count: 3,
  raisedFrom: "medium",
  granted: { by: "access-key", mfa: false, credential: "AKIAEXAMPLE", sourceAddress: "codebuild.amazonaws.com" },
});

describe("a detection finding", () => {
  test("says what was found, by which rule, who did it, where, and what to do", () => {
    expect(toDetectionFinding(FULL)).toMatchObject({
      class_uid: 2004,
      type_uid: 200_401,
      severity_id: 4,
      severity: "High",
      status_id: 1,
      is_alert: true,
      count: 3,
      time: FINDING.time,
      message: "Approved by the starter",
      finding_info: {
        uid: FINDING.uid,
        title: "Approved by the starter",
        desc: "Nobody else has looked at it.",
        analytic: { uid: FINDING.rule.id, type_id: 1 },
        related_events: [{ uid: FINDING.event }, { uid: "event-2" }],
        attacks: [
          { technique: { uid: "T1078" }, sub_technique: { uid: "T1078.004" } },
          { technique: { uid: "T1098" } },
        ],
      },
      evidences: [
        {
          actor: {
            user: { uid: FINDING.principal, email_addr: "ana@acme.example" },
            session: { is_mfa: false, credential_uid: "AKIAEXAMPLE" },
          },
          api: { operation: "PutApprovalResult" },
          src_endpoint: { svc_name: "codebuild.amazonaws.com" },
        },
      ],
      resources: [{ uid: FINDING.resource }],
      remediation: { desc: FINDING.next.join("\n") },
      unmapped: { action: "pipeline.approve", production: true, raised_from: "medium", false_positives: ["A drill."] },
    });
  });

  test("counts levels as OCSF does", () => {
    const severities = LEVELS.map((level) => toDetectionFinding({ ...FINDING, level }).severity_id);
    expect(severities).toEqual([1, 2, 3, 4, 5]);
  });
});

describe.skipIf(!hasOcsfSchema)("by the schema of OCSF 1.8", () => {
  const { person: _, resource: _resource, ...bare } = FINDING;
  test.each([
    ["a finding", FINDING],
    ["with all that it can say", FULL],
    ["with the least", { ...bare, next: [], granted: { by: "unknown" } as const }],
  ])("%s is valid", (_name, finding) => expect(validateOcsf(ocsfSchema(), toDetectionFinding(finding))).toEqual([]));

  test("it is valid whatever names hold", () => {
    const schema = ocsfSchema();
    const text = fc.oneof(fc.string(), fc.ipV4(), fc.ipV6(), fc.emailAddress(), fc.constant("attack.t1234"));
    fc.assert(
      fc.property(text, fc.integer(), fc.constantFrom(...LEVELS), (name, time, level) => {
        const finding = findingWith({
          ...{ uid: name, rule: { id: name, title: name }, level, time, principal: name, person: name, event: name },
          ...{ operation: name, resource: name, why: name, next: [name], tags: [name], events: [name], trace: name },
          granted: { by: "token", credential: name, sourceAddress: name },
        });
        expect(validateOcsf(schema, toDetectionFinding(finding))).toEqual([]);
      }),
    );
  });
});
