/** Answers to GitHub's deployment protection rules, at the callback URL that each names. */
import { GatebookError } from "../core/errors.ts";
import type { AnswerGitHub } from "../core/gate/github-gate.ts";
import { type GitHubApp, gitHubAppToken, gitHubHeaders } from "./github-app-token.ts";

const TIMEOUT_MS = 5_000;
/** The run is gone, or what waited was decided otherwise. */
const TOO_LATE: ReadonlySet<number> = new Set([404, 410, 422]);

/** The caller has checked the URL; a redirect would lead past that check, and is an error. */
export function gitHubProtectionRule(app: GitHubApp): AnswerGitHub {
  return async (callbackUrl, installation, { state, environment, comment }) => {
    const token = await gitHubAppToken(installation, app);
    const response = await fetch(callbackUrl, {
      method: "POST",
      headers: gitHubHeaders(token),
      body: JSON.stringify({ environment_name: environment, state, comment }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: "error",
    });
    if (response.ok) return "answered";
    if (TOO_LATE.has(response.status)) return "too late";
    throw new GatebookError("UNAVAILABLE", `GitHub did not take the gate's answer (status ${response.status})`);
  };
}
