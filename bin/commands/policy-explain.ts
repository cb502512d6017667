/** `gatebook policy explain`: why one access was allowed or denied, and what would have made it otherwise. */
import { Command } from "commander";
import type { AccessQuestion } from "../../lib/core/access/access-question.ts";
import { nameOfPlace } from "../../lib/core/access/access-question.ts";
import { remediesFor, rolesBehind } from "../../lib/core/access/explain-access.ts";
import { GatebookError } from "../../lib/core/errors.ts";
import type { AuditRecord } from "../../lib/core/record/audit-record.ts";
import { decodeRecord } from "../../lib/core/record/decode-record.ts";
import { findEvent } from "../../lib/core/verify/find-event.ts";
import { printable } from "./describe-found.ts";
import { POLICY_FOLDER, type PolicyChoice, type PolicyWorld, policyWorld } from "./policy-world.ts";
import { pastFromFiles } from "./recorded-past.ts";
import { findRunningStack, type StackChoice } from "./running-stack.ts";
import { stackShards } from "./stack-shards.ts";

const EXAMPLES = `
Examples:
  $ npm run -s gatebook -- policy explain '#1234'
  $ npm run -s gatebook -- policy explain 4f1c2ae2-8a54-4b53-93f5-3c2d1f6b7a01
  $ npm run -s gatebook -- policy explain 4f1c2ae2-8a54-4b53-93f5-3c2d1f6b7a01 trail/     from recorded events

Says what was recorded, what today's policies answer to the same question, and each single thing that would have allowed it.`;

interface Options extends PolicyChoice, StackChoice {
  readonly json?: boolean;
}

export function policyExplainCommand(): Command {
  return new Command("explain")
    .description("say why an access was allowed or denied")
    .argument("<event>", "#<place in the log>, or the source's own id of the event, as search prints them")
    .argument("[path...]", "recorded events; without any, the log of the running stack")
    .option("--policies <dir>", "folder of policies", POLICY_FOLDER)
    .option("--config <file>", "people, projects and roles", "gatebook.yml")
    .option("--to <url>", "the local cloud's address (default: the one that runs on this folder)")
    .option("--outputs <file>", "outputs of a deployed stack")
    .option("--json", "as one JSON line")
    .addHelpText("after", EXAMPLES)
    .action(run);
}

async function run(event: string, paths: string[], { json, config, policies, ...stack }: Options): Promise<void> {
  const world = policyWorld({ config, policies });
  const { access } = paths.length > 0 ? await fromFiles(event, paths, world) : await fromLog(event, stack);
  const questions = access.outcome === "not-applicable" ? [] : access.questions;
  const today = questions.map((question) => answerToday(question, world));
  if (json) console.log(JSON.stringify({ event, recorded: access, today }));
  else for (const line of describe(access, today)) console.log(printable(line));
}

async function fromFiles(event: string, paths: string[], world: PolicyWorld): Promise<AuditRecord> {
  for await (const record of pastFromFiles(paths, world.configuration, world.control)) {
    if (record.event.metadata.uid === event) return record;
  }
  throw new GatebookError("INPUT_INVALID", `${paths.join(", ")}: hold no event ${event}`);
}

async function fromLog(event: string, choice: StackChoice): Promise<AuditRecord> {
  const stack = await findRunningStack(choice);
  const { bytes } = await findEvent(await stackShards(stack), event);
  return decodeRecord(bytes);
}

interface Answer {
  readonly question: AccessQuestion;
  readonly outcome: "allow" | "deny";
  readonly reason: string;
  readonly policies: readonly { readonly id: string; readonly at: string; readonly text: string }[];
  readonly remedies: readonly string[];
  /** Those of gatebook.yml that they hold there, with where each is written. */
  readonly roles: readonly string[];
}

function answerToday(question: AccessQuestion, { configuration, decideFor, access }: PolicyWorld): Answer {
  const { outcome, reason, policies: ids } = decideFor(configuration)(question);
  const policies = access.policies.filter(({ id }) => ids.includes(id)).map(({ id, at, text }) => ({ id, at, text }));
  const remedies = remediesFor(question, configuration, decideFor);
  return { question, outcome, reason, policies, remedies, roles: rolesBehind(question, configuration) };
}

function* describe(recorded: AuditRecord["access"], today: readonly Answer[]): Generator<string> {
  yield `recorded: ${recorded.outcome}: ${recorded.reason}`;
  for (const { question, outcome, reason, policies, remedies, roles } of today) {
    const { principal, action, place, context } = question;
    yield `asked:    may ${principal.type === "Person" ? "" : "the workload "}${principal.id} do ${action} in ${nameOfPlace(place)}?`;
    yield `given:    ${circumstances(context).join(", ")}`;
    if (principal.type === "Person") yield `roles:    ${roles.join(", ") || "none there"}`;
    yield `today:    ${outcome}: ${reason}`;
    for (const { id, at } of policies) yield `by:       ${id} (${at})`;
    for (const remedy of remedies) yield `allowed:  ${remedy}`;
  }
}

function circumstances(context: AccessQuestion["context"]): string[] {
  const { businessHours, mfa, granted, address, breakGlass, byPipeline, isReader, wrote, started, editedPipeline } =
    context;
  return [
    businessHours ? "in business hours" : "outside business hours",
    mfa === "unknown" ? "MFA not told" : mfa === "yes" ? "with MFA" : "without MFA",
    `granted by ${granted}`,
    ...(address === undefined ? [] : [`from ${address}`]),
    ...(breakGlass ? ["with the identity for emergencies"] : []),
    ...(byPipeline ? ["by a pipeline"] : []),
    ...(isReader ? ["as a reader of its secrets"] : []),
    ...(wrote ? ["wrote what is delivered"] : []),
    ...(started ? ["started the delivery"] : []),
    ...(editedPipeline ? ["edited the pipeline last"] : []),
  ];
}
