/** Access policies as they lie on disk, in Cedar: https://docs.cedarpolicy.com/policies/syntax-policy.html */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  checkParseSchema,
  type DetailedError,
  policySetTextToParts,
  policyToJson,
  validate,
} from "@cedar-policy/cedar-wasm/nodejs";
import type { AccessPolicies, AccessPolicy } from "../core/access/policy-engine.ts";
import { GatebookError } from "../core/errors.ts";

const SCHEMA_FILE = "schema.cedarschema";
const POLICY_FILE = /\.cedar$/;
/** Policies are read by people: a file of this size is none. */
const MAX_CHARACTERS = 256 * 1024;

/** @throws GatebookError `POLICY_INVALID`, a line for each problem: `rules/access/developers.cedar:12: …` */
export function readPolicies(folder: string): AccessPolicies {
  const schema = readText(join(folder, SCHEMA_FILE));
  const problems: string[] = [];
  const parsedSchema = checkParseSchema(schema);
  if (parsedSchema.type === "failure") {
    throw invalid(parsedSchema.errors.map((error) => problemAt(join(folder, SCHEMA_FILE), schema, 0, error)));
  }
  const policies: AccessPolicy[] = [];
  for (const name of policyFiles(folder)) {
    const read = readPolicyFile(join(folder, name));
    problems.push(...read.problems);
    policies.push(...read.policies);
  }
  if (problems.length > 0) throw invalid(problems);
  const wrong = [...findTwice(policies), ...validationProblems({ schema, policies })];
  if (wrong.length > 0) throw invalid(wrong);
  return { schema, policies };
}

function policyFiles(folder: string): string[] {
  const files = readdirSync(folder)
    .filter((name) => POLICY_FILE.test(name))
    .sort();
  if (files.length === 0) throw invalid([`${folder}: holds no policy (*.cedar)`]);
  return files;
}

function readText(file: string): string {
  if (!existsSync(file)) throw invalid([`${file}: is missing`]);
  const text = readFileSync(file, "utf8");
  if (text.length > MAX_CHARACTERS) throw invalid([`${file}: is larger than ${MAX_CHARACTERS} characters`]);
  return text;
}

interface ReadFile {
  readonly policies: readonly AccessPolicy[];
  readonly problems: readonly string[];
}

function readPolicyFile(file: string): ReadFile {
  const text = readText(file);
  const parts = policySetTextToParts(text);
  if (parts.type === "failure") {
    return { policies: [], problems: parts.errors.map((error) => problemAt(file, text, 0, error)) };
  }
  const problems = parts.policy_templates.map(
    (template) =>
      `${file}:${linesIn(text.slice(0, text.indexOf(template)))}: is a template; write a policy for each link`,
  );
  const policies: AccessPolicy[] = [];
  let from = 0;
  for (const part of parts.policies) {
    const start = Math.max(0, text.indexOf(part, from));
    from = start + part.length;
    const at = `${file}:${linesIn(text.slice(0, start))}`;
    const read = readPolicy(part, at);
    if (typeof read === "string") problems.push(`${at}: ${read}`);
    else policies.push(read);
  }
  return { policies, problems };
}

/** @returns what is wrong, in words, or the policy */
function readPolicy(text: string, at: string): AccessPolicy | string {
  const answer = policyToJson(text);
  if (answer.type === "failure") return answer.errors.map(({ message }) => message).join("; ");
  const { effect, annotations = {} } = answer.json;
  const { id, reason } = annotations;
  if (!id) return 'has no name: write @id("what-it-is-called") above it';
  if (!reason) return `${id} does not say why: write @reason("…") above it, a clause that decisions repeat`;
  return { id, reason, effect, text, at };
}

function findTwice(policies: readonly AccessPolicy[]): string[] {
  const places = new Map<string, string>();
  return policies.flatMap(({ id, at }) => {
    const first = places.get(id);
    places.set(id, first ?? at);
    return first === undefined ? [] : [`${at}: ${id} is the name of the policy at ${first} already`];
  });
}

function validationProblems({ schema, policies }: AccessPolicies): string[] {
  const staticPolicies = Object.fromEntries(policies.map(({ id, text }) => [id, text]));
  const answer = validate({ schema, policies: { staticPolicies } });
  if (answer.type === "failure") return answer.errors.map(({ message }) => message);
  return [...answer.validationErrors, ...answer.validationWarnings].map(({ policyId, error }) => {
    const policy = policies.find(({ id }) => id === policyId);
    const [file = "", line = "1"] = policy?.at.split(/:(?=\d+$)/) ?? [];
    return problemAt(file, policy?.text ?? "", Number(line) - 1, error);
  });
}

/** @param above lines of the file before the text */
function problemAt(
  file: string,
  text: string,
  above: number,
  { message, help, sourceLocations }: DetailedError,
): string {
  // Cedar counts bytes.
  const before = Buffer.from(text).subarray(0, sourceLocations?.[0]?.start ?? 0);
  return `${file}:${above + linesIn(before.toString())}: ${message}${help ? ` (${help})` : ""}`;
}

function linesIn(text: string): number {
  return text.split("\n").length;
}

function invalid(problems: readonly string[]): GatebookError {
  return new GatebookError("POLICY_INVALID", problems.join("\n"));
}
