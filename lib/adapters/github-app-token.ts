/** A GitHub App's token for one of its installations (https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app). */
import { createPrivateKey, type KeyObject, sign } from "node:crypto";
import * as z from "zod";
import { GatebookError } from "../core/errors.ts";

/** GitHub takes ten minutes at most, and its clock may be behind ours. */
const LIFETIME_S = 9 * 60;
const BACKDATED_S = 60;
const TIMEOUT_MS = 5_000;

const Answer = z.object({ token: z.string().min(1) });

export interface GitHubApp {
  readonly appId: string;
  /** Without a slash at its end. */
  readonly apiUrl: string;
  /** In PEM, as GitHub hands it out. */
  readonly privateKey: () => Promise<string>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Each answer gets a token of its own: they are few, and a token that is kept can be stolen. */
export async function gitHubAppToken(installation: number, app: GitHubApp): Promise<string> {
  const jwt = signJwt(app.appId, readKey(await app.privateKey()), app.now());
  const response = await fetch(`${app.apiUrl}/app/installations/${installation}/access_tokens`, {
    method: "POST",
    headers: gitHubHeaders(jwt),
    signal: AbortSignal.timeout(TIMEOUT_MS),
    redirect: "error",
  });
  if (!response.ok) {
    throw new GatebookError(
      "UNAVAILABLE",
      `GitHub gave no token for installation ${installation} (status ${response.status}): check gate.github.appId and the app's private key`,
    );
  }
  return Answer.parse(await response.json()).token;
}

export function gitHubHeaders(token: string): Record<string, string> {
  return {
    accept: "application/vnd.github+json",
    authorization: `Bearer ${token}`,
    "content-type": "application/json",
    "user-agent": "gatebook",
    "x-github-api-version": "2022-11-28",
  };
}

function readKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    // Without the cause: it could quote the secret.
    throw new GatebookError(
      "UNAVAILABLE",
      "the secret of the gate's GitHub App holds no private key in PEM: put the app's there (docs/operations.md#a-github-environment)",
    );
  }
}

/** https://www.rfc-editor.org/rfc/rfc7519, with RS256. */
function signJwt(issuer: string, key: KeyObject, now: number): string {
  const seconds = Math.floor(now / 1000);
  const claims = { iat: seconds - BACKDATED_S, exp: seconds + LIFETIME_S, iss: issuer };
  const text = [{ alg: "RS256", typ: "JWT" }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  return `${text}.${sign("sha256", Buffer.from(text), key).toString("base64url")}`;
}
