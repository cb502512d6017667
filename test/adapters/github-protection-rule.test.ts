/** Answers to GitHub go out as the app's installation, and what GitHub refuses is told apart from what it did not hear. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { gitHubProtectionRule } from "../../lib/adapters/github-protection-rule.ts";
import { type LocalGitHub, startGitHub } from "../end-to-end/local-github.ts";

const ANSWER = { state: "rejected", environment: "production", comment: "Gatebook: no" } as const;
const PATH = "/repos/acme/shop/actions/runs/9001/deployment_protection_rule";

let gitHub: LocalGitHub;
const servers: Server[] = [];
beforeEach(async () => {
  gitHub = await startGitHub("4711", 77);
});
afterEach(async () => {
  await gitHub.close();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const answerWith = (change: { readonly appId?: string; readonly key?: string; readonly apiUrl?: string } = {}) =>
  gitHubProtectionRule({
    appId: change.appId ?? "4711",
    apiUrl: change.apiUrl ?? gitHub.apiUrl,
    privateKey: async () => change.key ?? gitHub.privateKey,
    now: Date.now,
  });

test("an answer is given with the installation's token", async () => {
  expect(await answerWith()(`${gitHub.apiUrl}${PATH}`, 77, ANSWER)).toBe("answered");
  expect(gitHub.answers).toEqual([
    { path: PATH, body: { state: "rejected", environment_name: "production", comment: "Gatebook: no" } },
  ]);
});

test("another app's key or another installation gets no token, and is told so", async () => {
  for (const [change, installation] of [
    [{ appId: "4712" }, 77],
    [{}, 78],
  ] as const) {
    await expect(answerWith(change)(`${gitHub.apiUrl}${PATH}`, installation, ANSWER)).rejects.toMatchObject({
      code: "UNAVAILABLE",
      message: expect.stringMatching(/no token for installation \d+ \(status 40\d\): check gate\.github\.appId/),
    });
  }
  expect(gitHub.answers).toEqual([]);
});

test.each(["", "not a key", "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n"])(
  "a secret that is no key is told without quoting it: %j",
  async (key) => {
    const answered = answerWith({ key })(`${gitHub.apiUrl}${PATH}`, 77, ANSWER);
    await expect(answered).rejects.toMatchObject({ message: expect.stringMatching(/holds no private key in PEM/) });
    if (key !== "") await expect(answered).rejects.toMatchObject({ message: expect.not.stringContaining(key) });
    expect(await answered.catch((error: unknown) => error)).not.toHaveProperty("cause");
  },
);

/** Gives a token, and then answers as told. */
async function answering(status: number, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const server = createServer((request, response) => {
    if (request.url?.startsWith("/app/") === true) response.writeHead(201).end('{"token":"t"}');
    else response.writeHead(status, headers).end();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test.each([404, 410, 422])("a deployment that waits for no answer any more is too late (status %i)", async (status) => {
  const apiUrl = await answering(status);
  expect(await answerWith({ apiUrl })(`${apiUrl}${PATH}`, 77, ANSWER)).toBe("too late");
});

test.each([401, 403, 429, 500, 503])(
  "an answer that GitHub did not take is worth another try (status %i)",
  async (status) => {
    const apiUrl = await answering(status);
    await expect(answerWith({ apiUrl })(`${apiUrl}${PATH}`, 77, ANSWER)).rejects.toMatchObject({ code: "UNAVAILABLE" });
  },
);

test("a redirect is not followed: the token stays here", async () => {
  const apiUrl = await answering(307, { location: `${gitHub.apiUrl}${PATH}` });
  await expect(answerWith({ apiUrl })(`${apiUrl}${PATH}`, 77, ANSWER)).rejects.toThrow();
  expect(gitHub.answers).toEqual([]);
});
