/** The rules of Object Lock (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html): what may be done to a locked version. */
import type { DefaultRetention } from "./bucket-state.ts";
import { s3Error } from "./s3-error.ts";
import { LOCK_MODES, type Retention, type Version } from "./version.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const ISO_8601 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)$/;

/** Throws AccessDenied where the version is locked at this moment. Nothing bypasses COMPLIANCE or a legal hold. */
export function assertDeletable(version: Version, now: number, bypassGovernance: boolean): void {
  if (isLocked(version, now, bypassGovernance)) {
    throw s3Error("AccessDenied", "Access Denied because object protected by object lock.");
  }
}

export function isLocked(version: Version, now: number, bypassGovernance: boolean): boolean {
  const { retention, legalHold } = version;
  const isRetained = isActive(retention, now) && !(retention.mode === "GOVERNANCE" && bypassGovernance);
  return isRetained || legalHold === "ON";
}

/** Throws AccessDenied where the change would weaken a retention that still runs. `next` is undefined to take the retention away. */
export function assertRetentionChange(
  current: Retention | undefined,
  next: Retention | undefined,
  now: number,
  bypassGovernance: boolean,
): void {
  if (next !== undefined) {
    assertFuture(next, now);
  }
  if (!isActive(current, now) || (current.mode === "GOVERNANCE" && bypassGovernance)) {
    return;
  }
  if (next === undefined || next.mode !== current.mode || next.until < current.until) {
    throw s3Error("AccessDenied", "Access Denied because object protected by object lock.");
  }
}

export function assertFuture(retention: Retention, now: number): void {
  if (retention.until <= now) {
    throw s3Error("InvalidArgument", "The retain until date must be in the future!");
  }
}

/** The retention that a bucket's configuration gives to a version written now. */
export function retentionByDefault(rule: DefaultRetention | undefined, now: number): Retention | undefined {
  if (rule === undefined) {
    return undefined;
  }
  const until = new Date(now + (rule.unit === "Days" ? rule.period * DAY_MS : 0));
  if (rule.unit === "Years") {
    until.setUTCFullYear(until.getUTCFullYear() + rule.period);
  }
  return { mode: rule.mode, until: until.getTime() };
}

/** A retention as clients write it: a mode and an ISO 8601 date, both or neither. */
export function parseRetention(mode: string | undefined, until: string | undefined): Retention | undefined {
  if (mode === undefined && until === undefined) {
    return undefined;
  }
  if (mode === undefined || until === undefined) {
    throw s3Error(
      "InvalidArgument",
      "x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied",
    );
  }
  const known = LOCK_MODES.find((each) => each === mode);
  if (known === undefined) {
    throw s3Error("InvalidArgument", "Unknown wormMode directive.");
  }
  const time = ISO_8601.test(until) ? Date.parse(until) : Number.NaN;
  if (Number.isNaN(time)) {
    throw s3Error("InvalidArgument", "The retain until date must be provided in ISO 8601 format");
  }
  return { mode: known, until: time };
}

export function parseLegalHold(status: string | undefined): "ON" | "OFF" | undefined {
  if (status !== undefined && status !== "ON" && status !== "OFF") {
    throw s3Error("InvalidArgument", "Legal Hold must be either of 'ON' or 'OFF'");
  }
  return status;
}

function isActive(retention: Retention | undefined, now: number): retention is Retention {
  return retention !== undefined && retention.until > now;
}
