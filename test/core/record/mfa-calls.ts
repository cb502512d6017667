/** Calls, sign-ins and audit records that tell something of a second factor, and a recorder with the policies of rules/access. */
import { readFileSync } from "node:fs";
import { cedarEngine } from "../../../lib/adapters/cedar-engine.ts";
import { memoryEventIndex } from "../../../lib/adapters/memory-event-index.ts";
import { accessEntities } from "../../../lib/core/access/access-entities.ts";
import { createDecider } from "../../../lib/core/access/decide-access.ts";
import { accessControl } from "../../../lib/core/access/judge-access.ts";
import type { MfaIndex } from "../../../lib/core/access/mfa-index.ts";
import { parseConfiguration } from "../../../lib/core/configuration/parse-configuration.ts";
import { NO_RULES } from "../../../lib/core/detections/rule-set.ts";
import type { AuditRecord } from "../../../lib/core/record/audit-record.ts";
import { createRecorder } from "../../../lib/core/record/recorder.ts";
import { exampleAccess } from "../access/example-access.ts";

const ACCOUNT = "111122223333";
/** What Identity Center calls Ana in her sign-ins; she is `ana@acme.example` in her sessions. */
const ANA_ID = "94d00cd8-e9e6-4810-b177-b08e84775435";
const { schema, policies } = exampleAccess();
const text = readFileSync("rules/example-organisation.yml", "utf8").replaceAll(
  '"sso:ana@acme.example"',
  `"sso:ana@acme.example", "sso:${ANA_ID}"`,
);

/** A Tuesday, at so many minutes past ten. */
export function at(minute: number): number {
  return Date.parse("2026-11-24T10:00:00Z") + minute * 60_000;
}

type Message = Readonly<Record<string, unknown>>;
type Identity = Readonly<Record<string, unknown>>;

function attributes(mfa: boolean | undefined) {
  return mfa === undefined ? {} : { attributes: { mfaAuthenticated: String(mfa) } };
}

export function user(name: string, accessKeyId: string, mfa?: boolean): Identity {
  return {
    type: "IAMUser",
    arn: `arn:aws:iam::${ACCOUNT}:user/${name}`,
    accountId: ACCOUNT,
    userName: name,
    accessKeyId,
    ...(mfa !== undefined && { sessionContext: attributes(mfa) }),
  };
}

export function session(role: string, name: string, accessKeyId: string, path = "", mfa = false): Identity {
  return {
    type: "AssumedRole",
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/${name}`,
    accountId: ACCOUNT,
    accessKeyId,
    sessionContext: {
      ...attributes(mfa),
      sessionIssuer: { type: "Role", arn: `arn:aws:iam::${ACCOUNT}:role/${path}${role}`, accountId: ACCOUNT },
    },
  };
}

/** Of Identity Center: it alone makes roles below this path. */
export function ssoSession(name: string): Identity {
  const path = "aws-reserved/sso.amazonaws.com/eu-west-1/";
  return session("AWSReservedSSO_Release_0123456789abcdef", name, "ASIAEXAMPLESSO000001", path);
}

export function call(eventName: string, minute: number, userIdentity: Identity, more: Message = {}): Message {
  const services = new Map([
    ["AssumeRole", "sts"],
    ["AssumeRoleWithSAML", "sts"],
    ["StartPipelineExecution", "codepipeline"],
    ["PutApprovalResult", "codepipeline"],
  ]);
  return {
    eventVersion: "1.11",
    eventID: crypto.randomUUID(),
    eventTime: new Date(at(minute)).toISOString(),
    eventSource: `${services.get(eventName) ?? "signin"}.amazonaws.com`,
    eventName,
    awsRegion: "eu-west-1",
    recipientAccountId: ACCOUNT,
    userIdentity,
    ...more,
  };
}

export function approves(minute: number, userIdentity: Identity): Message {
  return call("PutApprovalResult", minute, userIdentity, {
    requestParameters: {
      pipelineName: "shop-release",
      stageName: "Approve",
      actionName: "ReleaseApproval",
      result: { status: "Approved", summary: "ok" },
    },
  });
}

export function assumes(role: string, minute: number, by: Identity, accessKeyId: string, more: Message = {}): Message {
  return call("AssumeRole", minute, by, {
    requestParameters: { roleArn: `arn:aws:iam::${ACCOUNT}:role/${role}`, roleSessionName: "x" },
    responseElements: { credentials: { accessKeyId, expiration: "Nov 24, 2026, 11:00:00 AM" } },
    ...more,
  });
}

export function consoleSignIn(minute: number, name: string, mfa: "Yes" | "No", outcome = "Success"): Message {
  const userIdentity = { ...user(name, ""), accessKeyId: undefined };
  return call("ConsoleLogin", minute, userIdentity, {
    eventType: "AwsConsoleSignIn",
    responseElements: { ConsoleLogin: outcome },
    additionalEventData: { MFAUsed: mfa },
  });
}

export function ssoSignIn(minute: number, CredentialType: string, userId = ANA_ID, outcome = "Success"): Message {
  const onBehalfOf = { userId, identityStoreArn: `arn:aws:identitystore::${ACCOUNT}:identitystore/d-1234567890` };
  return call(
    "UserAuthentication",
    minute,
    { type: "IdentityCenterUser", accountId: ACCOUNT, onBehalfOf },
    {
      eventType: "AwsServiceEvent",
      additionalEventData: { CredentialType },
      serviceEventDetails: { UserAuthentication: outcome },
    },
  );
}

/** One factor of a sign-in, checked alone. */
export function ssoFactor(minute: number, CredentialType: string, outcome = "Success"): Message {
  const checked = ssoSignIn(minute, CredentialType);
  return { ...checked, eventName: "CredentialVerification", serviceEventDetails: { CredentialVerification: outcome } };
}

export function gitHub(action: string, minute: number, actor: string, more: Message = {}): Message {
  const time = at(minute);
  const own = { org: "acme", operation_type: "modify", actor, _document_id: crypto.randomUUID() };
  return { "@timestamp": time, created_at: time, action, ...own, ...more };
}

export function approvesJob(minute: number, actor: string): Message {
  const more = { repo: "acme/shop", environment_name: "production", workflow_run_id: 9001 };
  return gitHub("workflows.approve_workflow_job", minute, actor, more);
}

interface Recorded {
  readonly records: readonly AuditRecord[];
  /** How often the index was asked about an account. */
  readonly questions: number;
}

/** Batch after batch, as functions/record does. */
export async function record(batches: readonly (readonly Message[])[], more = ""): Promise<Recorded> {
  const configuration = parseConfiguration(`${text}\n${more}`, "gatebook.yml");
  const decide = createDecider(policies, cedarEngine({ schema, policies }, accessEntities(configuration)));
  const index = memoryEventIndex();
  let questions = 0;
  const mfa: MfaIndex = {
    tellingsOf: (account, range) => {
      questions += 1;
      return index.tellingsOf(account, range);
    },
  };
  const recordBatch = createRecorder({
    settings: { configuration, rules: NO_RULES },
    access: accessControl(configuration, async () => decide, policies),
    index,
    mfa,
  });
  const records: AuditRecord[] = [];
  for (const [i, batch] of batches.entries()) {
    const { recorded, rejected } = await recordBatch(
      batch.map((message, n) => ({ id: String(n), body: JSON.stringify(message) })),
    );
    if (rejected.length > 0) throw new Error(rejected.map(({ reason }) => reason).join("; "));
    records.push(...recorded.map((each) => each.record));
    const entries = recorded.map(({ append }) => append.index);
    await index.write({ origin: "mfa", time: i, from: records.length - entries.length, size: records.length, entries });
  }
  return { records, questions };
}

/** The last of them, in one batch and in a batch for each message: both have to know the same. */
export async function lastOf(...messages: readonly Message[]): Promise<AuditRecord> {
  const together = (await record([messages])).records.at(-1);
  const apart = (await record(messages.map((message) => [message]))).records.at(-1);
  if (together === undefined || apart === undefined) throw new Error("nothing was recorded");
  if (JSON.stringify(together) !== JSON.stringify(apart)) throw new Error("it depends on the batch what is known");
  return apart;
}
