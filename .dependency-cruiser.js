/** Who may import whom. Each rule's comment is its reason; `npm run check` enforces them. */
const AWS = "(^|/)node_modules/(@aws-sdk|@smithy|@aws-lambda-powertools|@middy|aws-cdk-lib|constructs)/";

export default {
  forbidden: [
    {
      name: "core-is-pure",
      severity: "error",
      comment:
        "The product runs the same in a Lambda, on a laptop and in a test: lib/core reads no clock, no disk, no environment and no AWS, so it may import nothing outside itself but libraries that compute.",
      from: { path: "^lib/core/" },
      to: { path: "^(bin|functions|lib/(adapters|infra|local)|test)/" },
    },
    {
      name: "core-has-no-aws",
      severity: "error",
      comment:
        "AWS is behind the core's ports, in lib/adapters: a core that knows the SDK cannot be tested with a memory adapter.",
      from: { path: "^lib/core/" },
      to: { path: AWS },
    },
    {
      name: "core-has-no-io",
      severity: "error",
      comment:
        "A core module that opens files, sockets or processes has effects that its caller cannot see; node:crypto, node:buffer and node:zlib only compute.",
      from: { path: "^lib/core/" },
      to: { dependencyTypes: ["core"], pathNot: "^(node:)?(crypto|buffer|zlib|util|net)$" },
    },
    {
      name: "adapters-know-the-core-only",
      severity: "error",
      comment: "An adapter carries out a port of the core on one service; what it is used for is not its business.",
      from: { path: "^lib/adapters/" },
      to: { path: "^(bin|functions|lib/(infra|local)|test)/" },
    },
    {
      name: "functions-are-wiring",
      severity: "error",
      comment:
        "A function's file joins core and adapters. Were it to import infrastructure or the local cloud, deploy-time code would be bundled into the Lambda.",
      from: { path: "^functions/" },
      to: { path: "^(bin|lib/(infra|local)|test)/" },
    },
    {
      name: "infra-takes-types-of-functions",
      severity: "error",
      comment:
        "lib/infra may import functions/env.ts, for its types and nothing else: one schema binds both ends of the environment, and no run-time code is loaded at synth.",
      from: { path: "^lib/infra/" },
      to: { path: "^functions/", pathNot: "^functions/env\\.ts$" },
    },
    {
      name: "infra-takes-types-only",
      severity: "error",
      comment: "See infra-takes-types-of-functions: import type.",
      from: { path: "^lib/infra/" },
      to: { path: "^functions/env\\.ts$", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "infra-is-deploy-time",
      severity: "error",
      comment:
        "Deploy-time code in a run-time bundle is megabytes of CDK on every cold start: only bin/app.ts and tests build the stack.",
      from: { pathNot: "^(lib/infra/|bin/app\\.ts$|test/)" },
      to: { path: "^lib/infra/" },
    },
    {
      name: "infra-knows-no-adapters",
      severity: "error",
      comment:
        "The stack describes resources; adapters call them. Deploy time and run time meet in functions/env.ts alone.",
      from: { path: "^lib/infra/" },
      to: { path: "^(lib/(adapters|local)|bin|test)/" },
    },
    {
      name: "local-is-for-the-command-line",
      severity: "error",
      comment:
        "The local cloud stands in for AWS. Product code that knew of it would behave differently there, which defeats its purpose.",
      from: { pathNot: "^(lib/local/|bin/commands/|test/|bench/)" },
      to: { path: "^lib/local/" },
    },
    {
      name: "local-knows-the-template-only",
      severity: "error",
      comment:
        "The local cloud runs the synthesised template. If it imported the stack or the product, it could work where the deployed template does not.",
      from: { path: "^lib/local/" },
      to: { path: "^(bin|functions|lib/(core|adapters|infra)|test)/" },
    },
    {
      name: "no-cycles",
      severity: "error",
      comment: "Two modules that need each other are one module, or hide a third.",
      from: {},
      to: { circular: true },
    },
    {
      name: "tests-stay-outside",
      severity: "error",
      comment: "Fixtures and test helpers are not part of the product.",
      from: { path: "^(bin|functions|lib)/" },
      to: { path: "^test/", pathNot: "^test/events/" },
    },
    {
      name: "nothing-unresolved",
      severity: "error",
      comment: "An import that does not resolve works by accident or not at all.",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "types", "default"] },
  },
};
