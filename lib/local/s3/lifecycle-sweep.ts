/** Applies the buckets' lifecycle rules, as S3 does once a day. A lock is stronger than any rule. */
import type { Bucket } from "./bucket.ts";
import { type Due, type LifecycleRule, parseLifecycle, TRANSITION_CLASSES } from "./lifecycle-rules.ts";
import { isLocked } from "./object-lock.ts";
import type { World } from "./operation.ts";
import { newRequestId } from "./s3-error.ts";
import { deleteMarkerOf, type Version } from "./version.ts";

/** How many versions were hidden by a delete marker, taken away for good, and moved to another storage class. */
export interface Swept {
  readonly expired: number;
  readonly removed: number;
  readonly transitioned: number;
}

type Step =
  | { readonly kind: "expired"; readonly version: Version }
  | { readonly kind: "removed"; readonly version: Version }
  | { readonly kind: "transitioned"; readonly version: Version; readonly storageClass: string };

const DAY_MS = 24 * 60 * 60 * 1000;
const NO_BODY = Buffer.alloc(0);

/** Ages are taken at the given time; locks always at the clock's, so that no caller can sweep a lock away by asking for the future. */
export async function sweepLifecycles({ store, now, notify }: World, at: number): Promise<Swept> {
  const swept = { expired: 0, removed: 0, transitioned: 0 };
  for (const bucket of store.buckets.values()) {
    const document = bucket.state.documents.lifecycle;
    const rules = document === undefined ? [] : parseLifecycle(Buffer.from(document));
    for (const key of rules.length === 0 ? [] : [...bucket.index.keys]) {
      for (const step of await sweepKey(bucket, key, rules, at, now)) {
        swept[step.kind]++;
        await tell(notify, bucket, step);
      }
    }
  }
  return swept;
}

async function sweepKey(
  bucket: Bucket,
  key: string,
  rules: readonly LifecycleRule[],
  at: number,
  now: () => number,
): Promise<readonly Step[]> {
  if (stepsFor(bucket, key, rules, at).length === 0) {
    return [];
  }
  return bucket.turns.take(key, async () => {
    const steps = stepsFor(bucket, key, rules, at).filter(
      ({ kind, version }) => kind !== "removed" || !isLocked(version, now(), false),
    );
    const applied: Step[] = [];
    for (const step of steps) {
      applied.push({ ...step, version: await apply(bucket, step, now()) });
    }
    return applied;
  });
}

async function tell(notify: World["notify"], bucket: Bucket, { kind, version }: Step): Promise<void> {
  if (kind === "transitioned") {
    return;
  }
  const deletion = kind === "expired" ? "Delete Marker Created" : "Permanently Deleted";
  await notify(bucket, { reason: "Lifecycle Expiration", version, deletion, requestId: newRequestId() });
}

/** What is due for a key, at most one step a version, the strongest. */
function stepsFor(bucket: Bucket, key: string, rules: readonly LifecycleRule[], at: number): readonly Step[] {
  const versions = bucket.index.versionsOf(key);
  return versions.flatMap((version, age) => {
    const matching = rules.filter((rule) => rule.matches(version));
    const newer = versions[age - 1];
    return newer === undefined
      ? currentStep(bucket, version, versions.length === 1, matching, at)
      : noncurrentStep(version, age - 1, newer.lastModified, matching, at);
  });
}

function currentStep(
  bucket: Bucket,
  version: Version,
  isAlone: boolean,
  rules: readonly LifecycleRule[],
  at: number,
): Step[] {
  if (version.isDeleteMarker) {
    return isAlone && rules.some((rule) => rule.removesLoneMarkers) ? [{ kind: "removed", version }] : [];
  }
  if (rules.some(({ expires }) => expires !== undefined && isDue(expires, version.lastModified, at))) {
    return [bucket.state.versioning === undefined ? { kind: "removed", version } : { kind: "expired", version }];
  }
  const moves = rules.flatMap(({ transitions }) => transitions.filter((each) => isDue(each, version.lastModified, at)));
  return transition(version, moves);
}

/** `rank` counts from 0 for the newest of the noncurrent versions. */
function noncurrentStep(
  version: Version,
  rank: number,
  since: number,
  rules: readonly LifecycleRule[],
  at: number,
): Step[] {
  if (rules.some(({ noncurrentExpires: rule }) => rule && rank >= rule.keep && isDue(rule, since, at))) {
    return [{ kind: "removed", version }];
  }
  const moves = rules.flatMap(({ noncurrentTransitions }) =>
    noncurrentTransitions.filter((each) => rank >= each.keep && isDue(each, since, at)),
  );
  return version.isDeleteMarker ? [] : transition(version, moves);
}

function transition(version: Version, moves: readonly { readonly storageClass: string }[]): Step[] {
  const depth = Math.max(-1, ...moves.map((move) => TRANSITION_CLASSES.indexOf(move.storageClass)));
  const storageClass = TRANSITION_CLASSES[depth];
  return storageClass === undefined || depth <= TRANSITION_CLASSES.indexOf(version.storageClass)
    ? []
    : [{ kind: "transitioned", version, storageClass }];
}

// S3 counts from the midnight (UTC) that follows.
function isDue(due: Due, since: number, at: number): boolean {
  return at >= ("date" in due ? due.date : Math.ceil((since + due.days * DAY_MS) / DAY_MS) * DAY_MS);
}

/** Returns the version that is gone, the marker that was made, or the version that moved. */
async function apply(bucket: Bucket, step: Step, now: number): Promise<Version> {
  if (step.kind === "removed") {
    await bucket.remove(step.version);
    return step.version;
  }
  return step.kind === "expired"
    ? bucket.add(deleteMarkerOf(step.version.key), NO_BODY, now)
    : bucket.change(step.version, { storageClass: step.storageClass });
}
