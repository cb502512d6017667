/** The commands that lead from a mail to the evidence, ready to be copied into a shell. */
import { Temporal } from "temporal-polyfill";
import { isDenial } from "../access/denial-rule.ts";
import type { Finding, Level } from "../record/finding.ts";
import { oneLine } from "./mail-text.ts";

const GATEBOOK = "npx gatebook";
const HOUR_MS = 60 * 60 * 1000;
const SECOND_MS = 1000;

/** Against a deployed stack, each takes the file of its outputs besides. */
export const OUTPUTS_HINT = "(of a deployed stack: add --outputs outputs.json)";

/** The proof of the event; why the policies say no, where they do; what the same person did in the hours around it; the delivery that it belongs to. */
export function commandsFor({ event, rule, person, principal, time, trace }: Finding): string[] {
  const who = person === undefined ? ["--principal", principal] : ["--person", person];
  const around = ["--since", isoOf(time - HOUR_MS), "--until", isoOf(time + HOUR_MS)];
  // An id that looks like an option is none behind "--".
  const named = [...(oneLine(event).startsWith("-") ? ["--"] : []), event];
  return [
    command(["prove", ...named]),
    ...(isDenial(rule.id) ? [command(["policy", "explain", ...named])] : []),
    command(["search", ...who, ...around]),
    ...(trace === undefined ? [] : [command(["search", "--trace", trace])]),
  ];
}

/** Everything of at least this level that happened in the time. */
export function searchFindings(level: Level, since: number, until: number): string {
  return command(["search", "--finding", level, "--since", isoOf(since), "--until", isoOf(until + SECOND_MS)]);
}

/** Why emergency access was used, put on record. */
export function explainBreakGlass(session: string): string {
  return command(["break-glass", "explain", session, "--reason", "<why>"]);
}

function command(words: readonly string[]): string {
  return [GATEBOOK, ...words.map(quoted)].join(" ");
}

/** Whatever it holds, a shell takes it as one word. */
function quoted(word: string): string {
  const line = oneLine(word);
  return /^[\w@%+=:,./-]+$/.test(line) ? line : `'${line.replaceAll("'", `'\\''`)}'`;
}

/** The second that it was in. */
function isoOf(time: number): string {
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(time / SECOND_MS) * SECOND_MS).toString();
}
