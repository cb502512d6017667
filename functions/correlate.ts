/** Each minute: correlations whose time is over are judged, and what they found goes on record. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamoDbDetectionMemory } from "../lib/adapters/dynamodb-detection-memory.ts";
import { dynamoDbOpenBuckets } from "../lib/adapters/dynamodb-open-buckets.ts";
import { closeBuckets } from "../lib/core/detections/correlation/close-buckets.ts";
import { CorrelateEnv } from "./env.ts";
import { intakeQueue } from "./intake.ts";
import { logger, metrics, observed } from "./observed.ts";
import { readSettings } from "./settings.ts";

const env = CorrelateEnv.parse(process.env);
const table = { client: new DynamoDBClient(), tableName: env.DETECTION_TABLE, now: Date.now };
const world = {
  rules: readSettings().rules,
  memory: dynamoDbDetectionMemory(table),
  open: dynamoDbOpenBuckets(table),
  intake: intakeQueue(env),
  now: Date.now,
};
/** For a slice of the largest buckets there are. */
const MIN_SLICE_MS = 15_000;

export const handler = observed(async (_: unknown, context): Promise<void> => {
  const hasTime = (): boolean => context.getRemainingTimeInMillis() > MIN_SLICE_MS;
  const { cut, ...closed } = await closeBuckets({ ...world, hasTime });
  for (const rule of cut) logger.warn("more events than can be kept: what was found may be wrong", { rule });
  if (closed.judged + closed.forgotten === 0) return;
  logger.info("what was due", { ...closed, cut: cut.size });
  metrics.addMetric("CorrelationFound", "Count", closed.findings);
});
