/** One schema per function's environment: the stack fills it by its type, the function parses it by its value. */
import * as z from "zod";
import { MAX_SHARDS } from "../lib/core/evidence/shard.ts";

const name = z.string().min(1);

/** Of every function, for Powertools. */
export const PowertoolsEnv = z.object({ POWERTOOLS_SERVICE_NAME: name, POWERTOOLS_METRICS_NAMESPACE: name });

/** Of every function that sends to the intake queue. */
export const IntakeEnv = z.object({
  INTAKE_QUEUE_URL: name,
  /** Where messages go that are too large for the queue. */
  MESSAGE_BUCKET: name,
});

/** Where events are found again: the index, and the log. */
const whereRecorded = {
  INDEX_TABLE: name,
  HEAD_TABLE: name,
  EVIDENCE_BUCKET: name,
  /** The log's name, or that of its first shard. */
  LOG_ORIGIN: name,
};

export const ReceiveEnv = IntakeEnv.extend({
  /** JSON object: a webhook source's name → the ARN of its secret. */
  WEBHOOK_SECRET_ARNS: name,
  /** Where GitHub's deployments wait for the gate; empty without `gate.github`. */
  GATE_QUEUE_URL: z.string(),
});

const lockMode = z.enum(["COMPLIANCE", "GOVERNANCE"]);

/** Of every function that appends to the log, or finishes what another began to append. */
export const AppendEnv = z.object({
  /** The log's name, or that of its first shard. */
  LOG_ORIGIN: name,
  /** How many shards new events are spread over. */
  LOG_SHARDS: z.coerce.number().int().min(1).max(MAX_SHARDS),
  HEAD_TABLE: name,
  INDEX_TABLE: name,
  EVIDENCE_BUCKET: name,
  STAGING_BUCKET: name,
  FINDINGS_QUEUE_URL: name,
  /** Where it is noted what is looked at again. */
  LOOK_TABLE: name,
  /** Object Lock's mode for partial tiles, which the bucket's default does not lock. */
  LOCK_MODE: lockMode,
});

export const RecordEnv = AppendEnv.extend({
  /** What rules remember from event to event. */
  DETECTION_TABLE: name,
  REJECTED_QUEUE_URL: name,
  /** The roles that people have for a while. */
  GRANT_TABLE: name,
  /** The secret that is the key for fingerprints of secrets. */
  FINGERPRINT_KEY_ARN: name,
});

export const PublishEnv = AppendEnv.extend({
  /** ARN of the key in KMS that signs checkpoints. */
  SIGNING_KEY_ARN: name,
  /** JSON list of `{ url, key }`: who is asked to cosign them. */
  WITNESSES: name,
});

export const WitnessEnv = z.object({
  WITNESS_TABLE: name,
  /** That it cosigns under. */
  WITNESS_NAME: name,
  /** ARN of the key in KMS that cosigns. */
  SIGNING_KEY_ARN: name,
  /** JSON list of `{ origin, key }`: whose checkpoints it cosigns. */
  WITNESSED_LOGS: name,
});

export const SealEnv = z.object({
  LOG_ORIGIN: name,
  HEAD_TABLE: name,
  EVIDENCE_BUCKET: name,
  LOCK_MODE: lockMode,
  RETENTION_DAYS: z.coerce.number().int().positive(),
});

export const LogEnv = z.object({ EVIDENCE_BUCKET: name });

export const DigestEnv = z.object({
  NOTICE_TABLE: name,
  /** Where findings wait to be told together. */
  OUTBOX_TABLE: name,
  ALERT_TOPIC_ARN: name,
});

export const NotifyEnv = DigestEnv.extend({
  INDEX_TABLE: name,
  FINDINGS_BUS_ARN: name,
  /** Security Hub's default product of this account, used where gatebook.yml says so. */
  SECURITY_HUB_PRODUCT_ARN: name,
});

export const CorrelateEnv = IntakeEnv.extend({
  /** What rules remember from event to event. */
  DETECTION_TABLE: name,
});

export const SecondLookEnv = IntakeEnv.extend({
  ...whereRecorded,
  /** What waits to be looked at again. */
  LOOK_TABLE: name,
  /** The roles that people have for a while. */
  GRANT_TABLE: name,
});

export const ReviewEnv = IntakeEnv.extend({});

/** Of every function that looks at access reviews: it reads what was recorded of them. */
export const CampaignEnv = IntakeEnv.extend(whereRecorded);

export const ReviewsEnv = CampaignEnv.extend({});

/** Of every function of the gate. */
export const GateEnv = IntakeEnv.extend({
  ...whereRecorded,
  /** ARN of the key in KMS that signs checkpoints; its public half is read. */
  SIGNING_KEY_ARN: name,
  /** The roles that people have for a while. */
  GRANT_TABLE: name,
});

export const GateApiEnv = GateEnv.extend({});

export const GateCodePipelineEnv = GateEnv.extend({});

export const GateGitHubEnv = GateEnv.extend({
  GATE_QUEUE_URL: name,
  GITHUB_API_URL: name,
  GITHUB_APP_ID: name,
  /** The secret that is the app's private key. */
  GITHUB_KEY_ARN: name,
});

export const GrantsEnv = IntakeEnv.extend({ GRANT_TABLE: name });

export const CloseGrantsEnv = IntakeEnv.extend({ GRANT_TABLE: name });

/** Of every function that asks what was done with emergency access, and records what is said of it. */
export const EmergencyEnv = IntakeEnv.extend(whereRecorded);

export const BreakGlassEnv = EmergencyEnv.extend({});

export const OverdueBreakGlassEnv = EmergencyEnv.extend({});

export const EventsEnv = IntakeEnv.extend({});

export const ImportEnv = IntakeEnv.extend({
  /** Where log files lie that could not be imported. */
  REJECTED_QUEUE_URL: name,
  /** The only bucket that log files are read from. */
  LOG_BUCKET: name,
  /** JSON list: what Gatebook's own functions act as. */
  OWN_ROLE_ARNS: name,
});
