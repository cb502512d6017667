/** Talking to a witness over the network. */
import type { VerifierKey } from "../evidence/verifier-key.ts";

/** A witness whose cosignatures are wanted. */
export interface Witness {
  /** Its submission prefix (https://c2sp.org/tlog-witness#http-interface), with or without a trailing slash. */
  readonly url: string;
  /** Of type cosignature/v1. */
  readonly key: VerifierKey;
}

export interface WitnessAnswer {
  readonly status: number;
  /** Lower case, without parameters; empty when the answer has none. */
  readonly type: string;
  /** Of whatever the witness likes to say, within a bound. */
  readonly body: Uint8Array;
}

/**
 * One request, one answer, in bounded time and of bounded size.
 *
 * Rejects with UNAVAILABLE when there is none: no connection, no answer in time, a redirection, more bytes than an answer can have. Nothing is
 * tried again, since the next checkpoint is a minute away.
 */
export interface WitnessClient {
  addCheckpoint(url: string, request: Uint8Array): Promise<WitnessAnswer>;
}
