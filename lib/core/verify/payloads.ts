/** The payloads that entries name: each has to be there, with the length and the SHA-256 that its entry says. */
import { hash } from "node:crypto";
import * as z from "zod";
import type { LogReader } from "./log-reader.ts";
import { CHANGED, MISSING, notVerified, short } from "./not-verified.ts";

/** Each may have tens of megabytes. */
const MAX_PAYLOADS_AT_ONCE = 2;

/** For telling which payloads nobody names: 48 bits of each name, some 40 MB of memory. */
const MAX_REMEMBERED_PAYLOADS = 1_000_000;
const REMEMBERED_HEX_DIGITS = 12;

/** What `encodeRecord` writes into an entry whose raw data lies beside the log. */
export const PayloadReference = z.looseObject({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().nonnegative(),
});

export type PayloadReference = z.infer<typeof PayloadReference>;

interface NamedPayload extends PayloadReference {
  /** How an error calls the entry that names it. */
  readonly entry: string;
}

export interface Payloads {
  /** Fetches and checks in the background; resolves as soon as there is room for one more. */
  check(payload: NamedPayload): Promise<void>;
  /** Resolves when all are checked. */
  finish(): Promise<void>;
  readonly count: () => number;
  readonly bytes: () => number;
  /** Undefined when there were too many to remember. */
  isNamed(path: string): boolean | undefined;
}

export function checkPayloads(log: LogReader): Payloads {
  const named = new Set<number>();
  const underWay = new Set<Promise<unknown>>();
  let failure: { cause: unknown } | undefined;
  let count = 0;
  let bytes = 0;

  const throwFailure = (): void => {
    if (failure !== undefined) throw failure.cause;
  };
  return {
    async check(payload) {
      count += 1;
      if (named.size <= MAX_REMEMBERED_PAYLOADS) named.add(rememberedName(payload.sha256));
      while (underWay.size >= MAX_PAYLOADS_AT_ONCE) await Promise.race(underWay);
      throwFailure();
      const checking: Promise<unknown> = checkPayload(log, payload)
        .then((length) => {
          bytes += length;
        })
        .catch((cause: unknown) => {
          failure ??= { cause };
        })
        .finally(() => underWay.delete(checking));
      underWay.add(checking);
    },
    async finish() {
      await Promise.all(underWay);
      throwFailure();
    },
    count: () => count,
    bytes: () => bytes,
    isNamed: (path) =>
      named.size > MAX_REMEMBERED_PAYLOADS ? undefined : named.has(rememberedName(path.slice("payload/".length))),
  };
}

/** Two of one name only make a payload that nobody names look like one that somebody does, which is no error either way. */
function rememberedName(sha256: string): number {
  return Number.parseInt(sha256.slice(0, REMEMBERED_HEX_DIGITS), 16);
}

async function checkPayload(log: LogReader, { entry, sha256, bytes: length }: NamedPayload): Promise<number> {
  const path = `payload/${sha256}`;
  const bytes = await log.read(path);
  if (bytes === undefined)
    throw notVerified(path, `is missing, and ${entry} says that its raw data lies there`, MISSING);
  if (bytes.byteLength !== length) {
    throw notVerified(path, `has ${bytes.byteLength} bytes, and ${entry} says ${length}`, CHANGED);
  }
  const found = hash("sha256", bytes, "hex");
  if (found !== sha256)
    throw notVerified(path, `has the SHA-256 ${short(found)}, and ${entry} names it by another`, CHANGED);
  return length;
}
