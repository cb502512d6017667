/** AWS::Lambda::Function: the bundled handler out of the assembly, run in processes of its own. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import * as z from "zod";
import { LOCAL_ACCOUNT, LOCAL_REGION } from "../aws-service.ts";
import { placeAsset, placeInlineCode } from "../lambda/code.ts";
import { requireValidVariables, runtimeVariables } from "../lambda/variables.ts";
import { LocalCloudError } from "../local-cloud-error.ts";
import { physicalName } from "./physical-name.ts";
import { Count, notServed, resourceType } from "./resource-type.ts";
import { sendToTarget } from "./targets.ts";
import type { World } from "./world.ts";

const MAX_NAME = 64;
const ACCESS_KEY_DIGITS = 16;
const DEFAULT_MEMORY_MB = 128;
const DEFAULT_TIMEOUT_SECONDS = 3;
const MAX_TIMEOUT_SECONDS = 900;
const MS_PER_SECOND = 1_000;

const Code = z.union([z.object({ ZipFile: z.string() }), z.object({ S3Key: z.string() })]);

const properties = z.object({
  FunctionName: z.string().optional(),
  Code,
  Role: z.string(),
  Handler: z.string().regex(/^[^.]+\.[^.]+$/, "a handler reads FILE.EXPORT"),
  Runtime: z.enum(["nodejs22.x", "nodejs24.x"]),
  Timeout: Count.max(MAX_TIMEOUT_SECONDS).default(DEFAULT_TIMEOUT_SECONDS),
  MemorySize: Count.default(DEFAULT_MEMORY_MB),
  Environment: z.object({ Variables: z.record(z.string(), z.coerce.string()).default({}) }).optional(),
  ReservedConcurrentExecutions: Count.optional(),
  DeadLetterConfig: z.object({ TargetArn: z.string() }).optional(),
  LoggingConfig: z.looseObject({ LogGroup: z.string().optional() }).optional(),
  Layers: notServed("a bundle holds all that it needs"),
  VpcConfig: notServed("there is no network to be in"),
  FileSystemConfigs: notServed("there is no file system to mount"),
});

export const lambdaFunction = resourceType({
  properties,
  withoutMeaning: ["Architectures", "Description", "EphemeralStorage", "KmsKeyArn", "TracingConfig", "RecursiveLoop"],
  async make(wanted, { stackName, logicalId }, world) {
    world.roles.requireTrust(wanted.Role, "lambda.amazonaws.com");
    const variables = wanted.Environment?.Variables ?? {};
    requireValidVariables(variables);
    const name = wanted.FunctionName ?? physicalName(stackName, logicalId, MAX_NAME);
    const functionArn = `arn:aws:lambda:${LOCAL_REGION}:${LOCAL_ACCOUNT}:function:${name}`;
    const accessKeyId = accessKeyOf(name);
    world.policies.registerAccessKey(accessKeyId, wanted.Role);
    const codeDirectory = await place(wanted.Code, world);
    const logGroup = wanted.LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`;
    const runtime = { name, handler: wanted.Handler, runtime: wanted.Runtime, memoryMb: wanted.MemorySize };
    world.functions.add({
      name,
      functionArn,
      roleArn: wanted.Role,
      accessKeyId,
      codeDirectory,
      variables: {
        ...world.httpApis.localise(variables),
        ...runtimeVariables({ ...runtime, codeDirectory, logGroup, accessKeyId, endpoint: world.url }),
      },
      memoryMb: wanted.MemorySize,
      timeoutMs: wanted.Timeout * MS_PER_SECOND,
      ...(wanted.ReservedConcurrentExecutions !== undefined && {
        reservedConcurrency: wanted.ReservedConcurrentExecutions,
      }),
      onLine: (line) => world.onLog(name, line),
    });
    const deadLetters = wanted.DeadLetterConfig?.TargetArn;
    if (deadLetters !== undefined) {
      const onFailure = (event: Buffer) =>
        sendToTarget(world, { caller: wanted.Role, targetArn: deadLetters }, event.toString("utf8"));
      world.functions.configureAsynchronous(name, { onFailure });
    }
    return { ref: name, attributes: { Arn: functionArn } };
  },
});

/** Stays the same from start to start, as a message's sender does in the queue's policy. */
function accessKeyOf(name: string): string {
  return `ASIA${createHash("sha256").update(name).digest("hex").toUpperCase().slice(0, ACCESS_KEY_DIGITS)}`;
}

async function place(code: z.infer<typeof Code>, world: World): Promise<string> {
  const codeDirectory = join(world.directory, "code");
  if ("ZipFile" in code) return placeInlineCode(codeDirectory, code.ZipFile);
  const asset = world.assets.get(code.S3Key);
  if (asset === undefined) {
    throw new LocalCloudError("TEMPLATE_INVALID", `the assembly has no asset ${code.S3Key}`);
  }
  return placeAsset(codeDirectory, asset);
}
