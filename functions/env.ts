/** One schema per function's environment: the stack fills it by its type, the function parses it by its value. */
import * as z from "zod";

const name = z.string().min(1);

/** Of every function, for Powertools. */
export const PowertoolsEnv = z.object({ POWERTOOLS_SERVICE_NAME: name, POWERTOOLS_METRICS_NAMESPACE: name });

/** Of every function that sends to the intake queue. */
export const IntakeEnv = z.object({
  INTAKE_QUEUE_URL: name,
  /** Where messages go that are too large for the queue. */
  MESSAGE_BUCKET: name,
});

export const ReceiveEnv = IntakeEnv.extend({
  /** JSON object: a webhook source's name → the ARN of its secret. */
  WEBHOOK_SECRET_ARNS: name,
});

const lockMode = z.enum(["COMPLIANCE", "GOVERNANCE"]);

/** Of every function that appends to the log, or finishes what another began to append. */
export const AppendEnv = z.object({
  LOG_ORIGIN: name,
  HEAD_TABLE: name,
  INDEX_TABLE: name,
  EVIDENCE_BUCKET: name,
  STAGING_BUCKET: name,
  FINDINGS_QUEUE_URL: name,
  /** Object Lock's mode for partial tiles, which the bucket's default does not lock. */
  LOCK_MODE: lockMode,
});

export const RecordEnv = AppendEnv.extend({
  REJECTED_QUEUE_URL: name,
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

export const NotifyEnv = z.object({ NOTICE_TABLE: name, ALERT_TOPIC_ARN: name });

export const ReviewEnv = IntakeEnv.extend({});

export const EventsEnv = IntakeEnv.extend({});

export const ImportEnv = IntakeEnv.extend({
  /** Where log files lie that could not be imported. */
  REJECTED_QUEUE_URL: name,
  /** The only bucket that log files are read from. */
  LOG_BUCKET: name,
  /** JSON list: what Gatebook's own functions act as. */
  OWN_ROLE_ARNS: name,
});
