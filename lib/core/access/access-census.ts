/** What the policy and the recorded past say of each other: what it does not speak about, and what nobody used. */
import { GatebookError } from "../errors.ts";
import type { AuditRecord } from "../record/audit-record.ts";
import { principalOf } from "../sources/principal.ts";
import type { AccessQuestion } from "./access-question.ts";
import { type Permission, permissionKey } from "./permissions.ts";
import type { AccessPolicy } from "./policy-engine.ts";

/** What is kept in memory, whatever the log holds: further ones are counted together. */
const MAX_UNCOVERED = 5_000;
/** Different accesses: leaving some out would make a test against the past mean nothing. */
const MAX_ASKED = 250_000;
const OTHERS = "others";

/** Accesses by one principal that no policy speaks about, all for one reason. */
export interface UncoveredAccess {
  readonly principal: string;
  readonly action: string;
  readonly reason: string;
  readonly times: number;
  /** Epoch milliseconds. */
  readonly last: number;
}

/** Accesses that put the same questions, and how often there was one. Where it touched several projects, to be allowed in one was enough. */
export interface AskedBefore {
  readonly questions: readonly AccessQuestion[];
  readonly times: number;
}

/** Epoch milliseconds of the first and the last event. */
export interface PastSpan {
  readonly first: number;
  readonly last: number;
}

export interface AccessCensus {
  /** @throws GatebookError `INPUT_INVALID` for a past of more different accesses than can be asked about */
  add(record: AuditRecord): void;
  /** The most frequent first. */
  uncovered(): readonly UncoveredAccess[];
  /** Of what was allowed, each kind once. */
  allowed(): readonly AskedBefore[];
  counts(): Readonly<Record<AuditRecord["access"]["outcome"], number>>;
  /** Undefined as long as there is no event. */
  span(): PastSpan | undefined;
}

interface Counted {
  times: number;
  last: number;
}

/** A call that was refused accessed nothing, what a service did its own event tells, and what is no delivery action is none of the policy's business. */
const BESIDE_THE_POINT = /^the call was refused|^a cloud service acted|^no policy speaks about other$/;

/** @param policies those in force: what none of them looks at does not make two accesses different */
export function createAccessCensus(policies: readonly AccessPolicy[], maxAsked = MAX_ASKED): AccessCensus {
  const isAddressAsked = policies.some(({ text }) => text.includes("address"));
  const uncovered = new Map<string, Counted & Pick<UncoveredAccess, "principal" | "action" | "reason">>();
  const asked = new Map<string, { readonly questions: readonly AccessQuestion[]; times: number }>();
  const counts = { allow: 0, deny: 0, "not-applicable": 0 };
  let span: PastSpan | undefined;
  return {
    add({ event, action, person, access }) {
      counts[access.outcome] += 1;
      const { first = event.time, last = event.time } = span ?? {};
      span = { first: Math.min(first, event.time), last: Math.max(last, event.time) };
      if (access.outcome === "allow") countAsked(access.questions);
      if (access.outcome !== "not-applicable" || BESIDE_THE_POINT.test(access.reason)) return;
      countUncovered({ principal: person ?? principalOf(event), action, reason: access.reason }, event.time);
    },
    uncovered: () => [...uncovered.values()].sort((a, b) => b.times - a.times),
    allowed: () => [...asked.values()],
    counts: () => counts,
    span: () => span,
  };

  function countAsked(all: readonly AccessQuestion[]): void {
    const questions = isAddressAsked ? all : all.map(withoutAddress);
    const key = JSON.stringify(questions);
    const known = asked.get(key);
    if (known !== undefined) known.times += 1;
    else if (asked.size < maxAsked) asked.set(key, { questions, times: 1 });
    else {
      const problem = `the past holds more than ${maxAsked} different accesses`;
      throw new GatebookError("INPUT_INVALID", `${problem}: look at less of it, with a later --since`);
    }
  }

  function countUncovered(access: Pick<UncoveredAccess, "principal" | "action" | "reason">, time: number): void {
    const own = `${access.principal}\n${access.action}\n${access.reason}`;
    const isKept = uncovered.has(own) || uncovered.size < MAX_UNCOVERED;
    const kept = isKept ? access : { ...access, principal: OTHERS };
    const key = isKept ? own : `${OTHERS}\n${access.action}\n${access.reason}`;
    const known = uncovered.get(key) ?? { ...kept, times: 0, last: time };
    uncovered.set(key, { ...known, times: known.times + 1, last: Math.max(known.last, time) });
  }
}

/** People's addresses are many, and each would be an access of its own. */
function withoutAddress(question: AccessQuestion): AccessQuestion {
  const { address: _, ...context } = question.context;
  return { ...question, context };
}

/** The permissions that none of the accesses needed. */
export function unusedPermissions(permissions: Iterable<Permission>, asked: readonly AskedBefore[]): Permission[] {
  const used = new Set(asked.flatMap(({ questions }) => questions.map(permissionKey)));
  return [...permissions].filter((permission) => !used.has(permissionKey(permission)));
}
