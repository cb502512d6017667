/** A Gatebook function: bundled TypeScript on Node 24, traced, with a log group of its own and a role that it alone has. */
import { join } from "node:path";
import { type Duration, RemovalPolicy, Validations } from "aws-cdk-lib";
import { Effect, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Architecture, Runtime, Tracing } from "aws-cdk-lib/aws-lambda";
import { NodejsFunction, OutputFormat } from "aws-cdk-lib/aws-lambda-nodejs";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";

const ROOT = join(import.meta.dirname, "..", "..");

// Some libraries still call require() for Node's own modules; a bundle in ESM has none unless it makes one.
const REQUIRE_BANNER = "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);";

// Cedar looks for its WebAssembly beside itself, which in a bundle is beside the bundle.
const DIRNAME_BANNER = "const __dirname=import.meta.dirname;";
const CEDAR_WASM = join(ROOT, "node_modules/@cedar-policy/cedar-wasm/nodejs/cedar_wasm_bg.wasm");

export interface NodeFunctionProps {
  /** File under functions/, without its ending. */
  readonly name: string;
  readonly description: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeout: Duration;
  readonly memoryMiB?: number;
  /** A file that the function finds beside its bundle, under the same name. */
  readonly companion?: string;
  /** It decides by Cedar's policies: the WebAssembly that does so lies beside its bundle. */
  readonly decidesAccess?: boolean;
}

export class NodeFunction extends NodejsFunction {
  /** Which no other function acts as. */
  readonly ownRole: Role;

  constructor(
    scope: Construct,
    id: string,
    { name, description, environment, timeout, memoryMiB, companion, decidesAccess = false }: NodeFunctionProps,
  ) {
    const logGroup = new LogGroup(scope, `${id}Logs`, {
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    // The managed basic execution role may write every log group of the account; this one may write its own.
    const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
    logGroup.grantWrite(role);

    super(scope, id, {
      entry: join(ROOT, "functions", `${name}.ts`),
      projectRoot: ROOT,
      depsLockFilePath: join(ROOT, "package-lock.json"),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      tracing: Tracing.ACTIVE,
      memorySize: memoryMiB ?? 512,
      description,
      timeout,
      role,
      logGroup,
      environment: { POWERTOOLS_SERVICE_NAME: name, POWERTOOLS_METRICS_NAMESPACE: "Gatebook", ...environment },
      bundling: {
        format: OutputFormat.ESM,
        target: "node24",
        minify: true,
        bundleAwsSDK: true,
        // Of packages that ship both, the form that can be tree-shaken.
        mainFields: ["module", "main"],
        banner: decidesAccess ? REQUIRE_BANNER + DIRNAME_BANNER : REQUIRE_BANNER,
        commandHooks: {
          beforeBundling: () => [],
          beforeInstall: () => [],
          afterBundling: (_, output) =>
            [...(companion === undefined ? [] : [companion]), ...(decidesAccess ? [CEDAR_WASM] : [])].map(
              (file) => `cp "${file}" "${output}"`,
            ),
        },
      },
    });

    this.ownRole = role;
    Validations.of(role).acknowledge({
      id: "AwsSolutions-IAM5[Resource::*]",
      reason: "X-Ray has no resources to name: PutTraceSegments and PutTelemetryRecords can be granted on * only.",
    });
  }

  /** For the few AWS actions that no construct grants. */
  allow(actions: readonly string[], resources: readonly string[]): void {
    this.addToRolePolicy(
      new PolicyStatement({ effect: Effect.ALLOW, actions: [...actions], resources: [...resources] }),
    );
  }
}
