/** The minute's look at grants: what is over is recorded, once, and nothing of it is left in AWS. */
import { GatebookError } from "../errors.ts";
import type { IntakeQueue } from "../receive/intake-queue.ts";
import { addTrust, type Enforcement, removeTrust, trustFor } from "./enforce-grants.ts";
import { ANSWER_MS, type Grant, MAX_LIFE_MS, overAt, stateOf } from "./grant.ts";
import { closedEvent, trustEvent } from "./grant-events.ts";
import type { GrantStore } from "./grant-store.ts";

/** However long this did not run, what was over meanwhile is ended. */
const MISSED_MS = 7 * 24 * 60 * 60 * 1000;

export interface ClosingWorld {
  readonly grants: GrantStore;
  readonly intake: IntakeQueue;
  /** With `grants.enforce: trust-policy` alone. */
  readonly enforcement?: Enforcement;
}

/**
 * A grant that cannot be closed does not keep the others open: it is tried again a minute later.
 *
 * @returns the ids of what was closed
 * @throws AggregateError with what failed, after all others are closed
 */
export async function closeGrants(world: ClosingWorld, now: number): Promise<string[]> {
  const closed: string[] = [];
  const failures: unknown[] = [];
  for (const grant of await world.grants.requestedBetween(now - MAX_LIFE_MS - MISSED_MS, now + MISSED_MS)) {
    if (grant.isClosed === true) continue;
    const state = stateOf(grant, now);
    try {
      if (state === "active" && world.enforcement !== undefined) await enforce(grant, world.enforcement, world);
      if (state === "requested" || state === "active") continue;
      await close(grant, world, now);
      closed.push(grant.id);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} grants could not be closed`);
  return closed;
}

/**
 * Recorded, then noted with the grant, then done: whatever it stops at, no role trusts anybody of whom the log does not know, and what was done
 * is known to be taken back.
 */
async function enforce(grant: Grant, enforcement: Enforcement, { grants, intake }: ClosingWorld): Promise<void> {
  if (grant.trustedBy !== undefined) return addTrust(grant, enforcement);
  const { roles } = trustFor(grant, enforcement.configuration);
  if (roles.length === 0) return;
  await intake.send([trustEvent(grant, "added", roles, grant.approved?.time ?? grant.requested.time)]);
  const noted = { ...grant, version: grant.version + 1, trustedBy: roles };
  if ((await grants.replace(noted)) === "stored") await addTrust(noted, enforcement);
}

/** What is told and could not be marked is told again, and known by its id. */
async function close(grant: Grant, { grants, intake, enforcement }: ClosingWorld, now: number): Promise<void> {
  const { approved, revoked, requested, trustedBy } = grant;
  if (trustedBy !== undefined) {
    if (enforcement === undefined) throw stillTrusted(grant);
    await removeTrust(grant, enforcement.trust);
    await intake.send([trustEvent(grant, "removed", trustedBy, overAt(grant) ?? now)]);
  }
  // Whoever took it back has said so.
  if (revoked === undefined) {
    const event =
      approved === undefined
        ? closedEvent(grant, "lapsed", requested.time + ANSWER_MS)
        : closedEvent(grant, "ended", overAt(grant) ?? approved.time);
    await intake.send([event]);
  }
  // Changed meanwhile: the next minute sees it as it is then.
  await grants.replace({ ...grant, version: grant.version + 1, isClosed: true });
}

function stillTrusted({ id, trustedBy = [] }: Grant): GatebookError {
  return new GatebookError(
    "UNAVAILABLE",
    `${id} is over, and ${trustedBy.join(", ")} may still name it: set grants.enforce to trust-policy again until it is closed`,
  );
}
