/** All services of the local cloud, each with its state in a folder of its own. */
import { join } from "node:path";
import type { PolicyStore } from "./authorisation/policy-store.ts";
import type { AwsService } from "./aws-service.ts";
import type { Functions } from "./lambda/functions.ts";
import { lambdaService } from "./lambda/lambda-service.ts";
import { withLiveBucketPolicies } from "./live-bucket-policies.ts";
import { s3Service } from "./s3/service.ts";
import { startDynalite, startFauxqs } from "./servers.ts";
import { codePipelineService } from "./services/codepipeline/codepipeline-service.ts";
import type { Deliver } from "./services/event-bridge/delivery.ts";
import { type EventBridge, eventBridgeService } from "./services/event-bridge/event-bridge-service.ts";
import { forwardTo } from "./services/forward/forward-to.ts";
import { iamService } from "./services/iam/iam-service.ts";
import { kmsService } from "./services/kms/kms-service.ts";
import { secretsManagerService } from "./services/secrets-manager/secrets-manager-service.ts";

export interface Services {
  /** By their names in a signature's scope. */
  readonly byName: Readonly<Record<string, AwsService>>;
  readonly events: EventBridge;
  /** Applies what is due of the buckets' lifecycle rules. */
  sweep(): Promise<unknown>;
  close(): Promise<void>;
}

export interface ServicesOptions {
  readonly directory: string;
  readonly now: () => number;
  readonly policies: PolicyStore;
  readonly functions: Functions;
  readonly deliver: Deliver;
  /** Told of an event that a service could not hand to EventBridge. */
  onFault(error: unknown): void;
}

export async function openServices(options: ServicesOptions): Promise<Services> {
  const { directory, now, policies, functions, deliver, onFault } = options;
  const at = (name: string) => ({ directory: join(directory, name), now });
  const dynalite = await startDynalite(join(directory, "dynamodb"));
  const fauxqs = await startFauxqs(join(directory, "queues"));
  const events = await eventBridgeService({ ...at("events"), deliver });
  const s3 = await s3Service({ ...at("s3"), events: { deliver: events.announce, onFault } });
  const byName = {
    codepipeline: await codePipelineService(at("codepipeline")),
    dynamodb: forwardTo("dynamodb", dynalite.url),
    events,
    iam: await iamService(at("iam")),
    kms: await kmsService({ ...at("kms"), policies }),
    lambda: lambdaService(functions),
    s3: withLiveBucketPolicies(s3, policies),
    secretsmanager: await secretsManagerService(at("secrets")),
    sns: forwardTo("sns", fauxqs.url),
    sqs: forwardTo("sqs", fauxqs.url),
  };
  return {
    byName,
    events,
    sweep: () => s3.sweep(),
    async close() {
      for (const service of Object.values<AwsService>(byName)) await service.close?.();
      await fauxqs.close();
      await dynalite.close();
    },
  };
}
