/** Each minute: the head of every shard of the log, signed, becomes its public checkpoint. */
import { createShardedPublisher } from "../lib/core/evidence/publish-shards.ts";
import { PublishEnv } from "./env.ts";
import { logger, observed } from "./observed.ts";
import { shardPublishers } from "./shard-publishers.ts";

const env = PublishEnv.parse(process.env);
const publishAll = createShardedPublisher({ ...shardPublishers(env), configured: env.LOG_SHARDS });

export const handler = observed(async (_: unknown, context): Promise<void> => {
  await publishAll({
    remainingMs: () => context.getRemainingTimeInMillis(),
    onPublished: ({ origin, ...published }) => logger.info("checkpoint", { ...published, origin }),
  });
});
