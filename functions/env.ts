/** One schema per function's environment: the stack fills it by its type, the function parses it by its value. */
import * as z from "zod";

const name = z.string().min(1);

/** Of every function, for Powertools. */
export const PowertoolsEnv = z.object({ POWERTOOLS_SERVICE_NAME: name, POWERTOOLS_METRICS_NAMESPACE: name });

export const ReceiveEnv = z.object({
  INTAKE_QUEUE_URL: name,
  /** JSON object: a webhook source's name → the ARN of its secret. */
  WEBHOOK_SECRET_ARNS: name,
});

export const RecordEnv = z.object({
  LOG_ORIGIN: name,
  HEAD_TABLE: name,
  INDEX_TABLE: name,
  EVIDENCE_BUCKET: name,
  STAGING_BUCKET: name,
  FINDINGS_QUEUE_URL: name,
  REJECTED_QUEUE_URL: name,
});

export const NotifyEnv = z.object({ NOTICE_TABLE: name, ALERT_TOPIC_ARN: name });

export const ReviewEnv = z.object({ INTAKE_QUEUE_URL: name });
