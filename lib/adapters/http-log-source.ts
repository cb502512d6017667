/** A log on a web server: its objects by their path below a URL (https://c2sp.org/tlog-tiles#apis). */
import { setTimeout as wait } from "node:timers/promises";
import { GatebookError } from "../core/errors.ts";
import type { LogSource } from "../core/evidence/log-source.ts";
import type { SignRequest } from "./iam-signed-fetch.ts";

const MAX_TRIES = 4;
const FIRST_DELAY_MS = 200;
const TIMEOUT_MS = 60_000;
const TEMPORARY_REDIRECT = 307;

/** Far over the largest bundle; a payload can be as large as what API Gateway and CloudTrail let in. */
const MAX_OBJECT_BYTES = 64 * 1024 * 1024;

/**
 * @param url with or without a trailing slash
 * @param sign headers for a server that lets in whom IAM does; never sent along to where it redirects
 */
export function httpLogSource(url: URL, sign?: SignRequest): LogSource {
  const base = url.href.endsWith("/") ? url.href : `${url.href}/`;

  /** What is too large for its server to answer is fetched from where it points, once: a URL of S3 that lets in its bearer. */
  async function fetchOnce(address: string): Promise<Response> {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const headers = (await sign?.(new URL(address))) ?? {};
    const response = await fetch(address, { signal, redirect: "manual", headers });
    const location = response.status === TEMPORARY_REDIRECT ? response.headers.get("location") : null;
    if (location === null) return response;
    return fetch(new URL(location, address), { signal, redirect: "error" });
  }

  async function request(address: string): Promise<Uint8Array | undefined | "try again"> {
    const response = await fetchOnce(address).catch((cause: unknown) => cause as Error);
    if (response instanceof Error || response.status >= 500 || response.status === 429) return "try again";
    if (response.status === 404 || response.status === 410) return undefined;
    if (response.ok) return readBounded(address, response);
    throw new GatebookError(
      "UNAVAILABLE",
      `${address} answers ${response.status}: see whether it is the log's address`,
    );
  }

  return {
    async read(path) {
      const address = base + path;
      for (let tries = 0; tries < MAX_TRIES; tries += 1) {
        if (tries > 0) await wait(FIRST_DELAY_MS * 2 ** tries);
        const answer = await request(address);
        if (answer !== "try again") return answer;
      }
      throw new GatebookError("UNAVAILABLE", `${address} did not answer ${MAX_TRIES} times: try again later`);
    },
  };
}

/** Whoever serves the log is who it is checked against: it must not fill our memory. */
async function readBounded(address: string, { body }: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.byteLength;
    if (length > MAX_OBJECT_BYTES) {
      throw new GatebookError(
        "UNAVAILABLE",
        `${address} has more than ${MAX_OBJECT_BYTES} bytes, which no object of a log has`,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
