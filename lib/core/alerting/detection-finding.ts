/** A finding as OCSF 1.8 has it: class Detection Finding (https://schema.ocsf.io/1.8.0/classes/detection_finding). */
import { type Finding, LEVELS } from "../record/finding.ts";
import { OCSF_VERSION } from "../record/ocsf.ts";
import { awsEndpoint } from "../sources/aws/aws-endpoint.ts";

const DETECTION_FINDING = 2004;
const FINDINGS_CATEGORY = 2;
const CREATE = 1;
const NEW = 1;
/** `finding_info.analytic.type_id` */
const RULE = 1;
/** `resources[].role_id` */
const TARGET = 1;

/** Sigma's tag of a technique of MITRE ATT&CK, or of a part of one. */
const TECHNIQUE = /^attack\.(t\d{4})(\.\d{3})?$/i;
const EMAIL = /^[a-zA-Z0-9!#$%&'*+/=?^_`{|}~.-]+@[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)+$/;

/** JSON, as small as the finding. */
export function toDetectionFinding(finding: Finding) {
  const { uid, rule, level, time, resource, event, events = [], next, count, action, granted } = finding;
  return {
    class_uid: DETECTION_FINDING,
    category_uid: FINDINGS_CATEGORY,
    activity_id: CREATE,
    activity_name: "Create",
    type_uid: DETECTION_FINDING * 100 + CREATE,
    // OCSF counts from 1, informational, to 5, critical.
    severity_id: LEVELS.indexOf(level) + 1,
    severity: `${level.slice(0, 1).toUpperCase()}${level.slice(1)}`,
    status_id: NEW,
    status: "New",
    is_alert: true,
    time,
    message: rule.title,
    ...(count !== undefined && { count }),
    metadata: {
      version: OCSF_VERSION,
      uid,
      product: { name: "Gatebook", vendor_name: "Gatebook" },
      original_event_uid: event,
      profiles: [],
    },
    finding_info: {
      uid,
      title: rule.title,
      desc: finding.why,
      created_time: time,
      analytic: { uid: rule.id, name: rule.title, type: "Rule", type_id: RULE },
      related_events: [event, ...events].map((related) => ({ uid: related })),
      ...attacksOf(finding.tags),
    },
    evidences: [evidenceOf(finding)],
    ...(resource !== undefined && { resources: [{ uid: resource, role: "Target", role_id: TARGET }] }),
    ...(next.length > 0 && { remediation: { desc: next.join("\n") } }),
    unmapped: { action, granted, ...ownMembers(finding) },
  };
}

function evidenceOf({ principal, person, operation, granted }: Finding) {
  const { mfa, credential, sourceAddress } = granted;
  const session = {
    ...(mfa !== undefined && { is_mfa: mfa }),
    ...(credential !== undefined && { credential_uid: credential }),
  };
  return {
    actor: {
      user: { uid: principal, ...(person !== undefined && EMAIL.test(person) && { email_addr: person }) },
      ...(Object.keys(session).length > 0 && { session }),
    },
    api: { operation },
    ...(sourceAddress && { src_endpoint: awsEndpoint(sourceAddress) }),
  };
}

function attacksOf(tags: readonly string[] = []) {
  const attacks = tags.flatMap((tag) => {
    const [, technique, part] = TECHNIQUE.exec(tag) ?? [];
    if (technique === undefined) return [];
    const uid = technique.toUpperCase();
    return [{ technique: { uid }, ...(part !== undefined && { sub_technique: { uid: `${uid}${part}` } }) }];
  });
  return attacks.length === 0 ? {} : { attacks };
}

/** What OCSF has no place for. */
function ownMembers({ person, components, production, changes, tags, trace, falsePositives, raisedFrom }: Finding) {
  return {
    ...(person !== undefined && { person }),
    ...(components !== undefined && { components }),
    ...(production !== undefined && { production }),
    ...(changes !== undefined && { changes }),
    ...(tags !== undefined && { tags }),
    ...(trace !== undefined && { trace }),
    ...(falsePositives !== undefined && { false_positives: falsePositives }),
    ...(raisedFrom !== undefined && { raised_from: raisedFrom }),
  };
}
