#!/usr/bin/env node
/** The command line: one verb a file in commands/. */
import { Command, CommanderError } from "commander";
import { GatebookError } from "../lib/core/errors.ts";
import { backtestCommand } from "./commands/backtest.ts";
import { normaliseCommand } from "./commands/normalise.ts";
import { replayCommand } from "./commands/replay.ts";
import { rulesCommand } from "./commands/rules.ts";
import { startCommand } from "./commands/start.ts";

/** Exit codes: 0 fine, 1 found something wrong, 2 bad usage or input. */
const BAD_INPUT = 2;

const program = new Command("gatebook")
  .description("Access audit for software delivery pipelines.")
  .showHelpAfterError("(--help says more)")
  .configureHelp({ showGlobalOptions: true });
for (const command of [startCommand, normaliseCommand, backtestCommand, replayCommand, rulesCommand]) {
  program.addCommand(command());
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
    process.exitCode = BAD_INPUT;
  } else {
    throw error;
  }
}
