/** A GitHub that hands tokens to one app, and remembers what it was told of deployments. */
import { generateKeyPairSync, verify } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import * as z from "zod";

const TOKEN = "ghs_of-the-installation";

export interface LocalGitHub {
  /** `http://127.0.0.1:PORT` */
  readonly apiUrl: string;
  /** The app's private key, in PEM. */
  readonly privateKey: string;
  /** What was answered at callback URLs with the installation's token, by path. */
  readonly answers: readonly { readonly path: string; readonly body: unknown }[];
  close(): Promise<void>;
}

export async function startGitHub(appId: string, installation: number): Promise<LocalGitHub> {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const answers: { path: string; body: unknown }[] = [];
  const isApp = (token: string): boolean => {
    const [header = "", claims = "", signature = ""] = token.split(".");
    const isSigned = verify(
      "sha256",
      Buffer.from(`${header}.${claims}`),
      publicKey,
      Buffer.from(signature, "base64url"),
    );
    const { iss, iat, exp } = z
      .object({ iss: z.string(), iat: z.number(), exp: z.number() })
      .parse(JSON.parse(Buffer.from(claims, "base64url").toString("utf8")));
    const now = Date.now() / 1000;
    // GitHub refuses what is valid for more than ten minutes.
    return isSigned && iss === appId && iat <= now && exp > now && exp - now <= 600;
  };
  const handle = async (request: IncomingMessage): Promise<readonly [status: number, body?: object]> => {
    const token = (request.headers.authorization ?? "").replace(/^Bearer /, "");
    const path = request.url ?? "";
    if (path === `/app/installations/${installation}/access_tokens`)
      return isApp(token) ? [201, { token: TOKEN }] : [401];
    if (!path.endsWith("/deployment_protection_rule") || token !== TOKEN) return [404];
    answers.push({ path, body: JSON.parse(await textOf(request)) });
    return [204];
  };
  const server = createServer((request, response) => {
    handle(request).then(
      ([status, body]) => response.writeHead(status).end(body === undefined ? undefined : JSON.stringify(body)),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    answers,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
