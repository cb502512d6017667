/** How partial tiles and bundles are locked: shortly, and marked for the bucket's lifecycle, until a seal says otherwise. */

export type LockMode = "COMPLIANCE" | "GOVERNANCE";

const HOUR_MS = 60 * 60 * 1000;

/** Two days, and an hour so that nobody's clock or rounding makes one of them. */
export const PARTIAL_LOCK_MS = 49 * HOUR_MS;

const TAG = "gatebook";

/** What the lifecycle rule removes. */
export const PARTIAL_TAG = { Key: TAG, Value: "partial" } as const;

/** What it leaves. */
export const SEALED_TAG = { Key: TAG, Value: "sealed" } as const;
