#!/usr/bin/env node
/** The command line: one verb a file in commands/. */
import { Command, CommanderError } from "commander";
import { GatebookError } from "../lib/core/errors.ts";

/** Exit codes: 0 fine, 1 found something wrong, 2 bad usage or input. */
const FOUND_WRONG = 1;
const BAD_INPUT = 2;

/** Only the verb that is run is loaded: all of them together take 100 MB of memory and a second. Without a verb, help lists them all. */
const VERBS: Readonly<Record<string, () => Promise<Command>>> = {
  start: async () => (await import("./commands/start.ts")).startCommand(),
  components: async () => (await import("./commands/components.ts")).componentsCommand(),
  normalise: async () => (await import("./commands/normalise.ts")).normaliseCommand(),
  backtest: async () => (await import("./commands/backtest.ts")).backtestCommand(),
  replay: async () => (await import("./commands/replay.ts")).replayCommand(),
  rules: async () => (await import("./commands/rules.ts")).rulesCommand(),
  policy: async () => (await import("./commands/policy.ts")).policyCommand(),
  search: async () => (await import("./commands/search.ts")).searchCommand(),
  key: async () => (await import("./commands/key.ts")).keyCommand(),
  pull: async () => (await import("./commands/pull.ts")).pullCommand(),
  verify: async () => (await import("./commands/verify.ts")).verifyCommand(),
  index: async () => (await import("./commands/index-rebuild.ts")).indexCommand(),
  prove: async () => (await import("./commands/prove.ts")).proveCommand(),
  grant: async () => (await import("./commands/grant.ts")).grantCommand(),
  "break-glass": async () => (await import("./commands/break-glass.ts")).breakGlassCommand(),
  review: async () => (await import("./commands/review.ts")).reviewCommand(),
  hold: async () => (await import("./commands/hold.ts")).holdCommand(),
};

const program = new Command("gatebook")
  .description("Access audit for software delivery pipelines.")
  .showHelpAfterError("(--help says more)")
  .configureHelp({ showGlobalOptions: true });
const verb = process.argv[2] ?? "";
const chosen = Object.hasOwn(VERBS, verb) ? [VERBS[verb]] : Object.values(VERBS);
for (const load of chosen) if (load !== undefined) program.addCommand(await load());
for (const command of program.commands.filter(({ commands }) => commands.length > 0)) {
  const names = command.commands.map((each) => each.name()).join("|");
  command.addHelpText("after", `\nEach has examples: npm run -s gatebook -- ${command.name()} ${names} --help`);
}
for (const command of [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)]) {
  command.exitOverride();
}

// `gatebook … | head` closes our output early, which is its right.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : BAD_INPUT;
  } else if (error instanceof GatebookError) {
    console.error(`gatebook: ${error.message}`);
    process.exitCode = error.code === "NOT_VERIFIED" ? FOUND_WRONG : BAD_INPUT;
  } else {
    throw error;
  }
}
