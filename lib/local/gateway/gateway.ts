/** The local cloud's one address: an HTTP server on the loopback interface that stands for every AWS endpoint, and for the HTTP API's. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { AwsReply } from "../aws-service.ts";
import { refuseForeignHost, refuseForeignOrigin } from "./browser.ts";
import { type Credential, readCredential } from "./credential.ts";
import { type Dispatch, dispatch } from "./dispatch.ts";
import { type HttpRequest, type RequestHead, readBody, readHead, writeReply } from "./http-message.ts";
import { errorReply, protocolOf, toAwsError } from "./wire-error.ts";

export interface GatewayOptions extends Omit<Dispatch, "onFault"> {
  /** 0 takes any free port. */
  readonly port: number;
  /** Answers what is not signed for AWS, such as the HTTP API's routes; undefined is a 404. */
  readonly fallback?: (request: HttpRequest) => Promise<AwsReply | undefined>;
  /** Whether a request is for the fallback, whatever its signature. */
  readonly hasRoute?: (head: RequestHead) => boolean;
  /** Told of errors inside the local cloud. By default they go to standard error. */
  readonly onFault?: (error: unknown) => void;
}

export interface Gateway {
  /** `http://127.0.0.1:PORT`: an address and not a name, so that the S3 client uses path-style addresses by itself. */
  readonly url: string;
  readonly port: number;
  /** Stops accepting, lets requests under way finish for a while, ends all connections. The services stay open: they are their maker's. */
  close(): Promise<void>;
}

/** A long poll may be under way when the cloud stops; nobody waits for it. */
const CLOSE_GRACE_MS = 2_000;
/** Longer than any client keeps a connection that it may use again: one that closes under its hands is an error that AWS does not have. */
const KEEP_ALIVE_MS = 120_000;

/**
 * @example
 * const gateway = await startGateway({ port: 0, services: { kms }, policies: createPolicyStore() });
 * const client = new KMSClient({ endpoint: gateway.url, region: LOCAL_REGION, credentials });
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const onFault = options.onFault ?? ((error: unknown) => process.stderr.write(`${String(error)}\n`));
  let closed: Promise<void> | undefined;
  const server = createServer((message, response) => {
    respond({ ...options, onFault, isOpen: () => server.listening }, message, response).catch((error: unknown) => {
      // The client is gone, or the reply could not be written: there is nobody left to tell but the operator.
      if (!isGone(message)) onFault(error);
      response.destroy();
    });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await listen(server, options.port);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close() {
      closed ??= close(server);
      return closed;
    },
  };
}

type Answering = GatewayOptions & Dispatch & { readonly isOpen: () => boolean };

async function respond(options: Answering, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const head = readHead(message);
  let credential: Credential | undefined;
  let reply: AwsReply;
  try {
    refuseForeignHost(head);
    credential = readSigner(head, options);
    if (credential !== undefined) refuseForeignOrigin(head);
    const request = { ...head, body: await readBody(message) };
    reply =
      credential === undefined
        ? await fallBack(options, request)
        : await dispatch(options, request, credential, protocolOf(credential.service, head.headers));
  } catch (error) {
    if (isGone(message)) throw error;
    reply = refusal(error, head, credential, options);
  }
  // A body that was not read to its end would be taken for the next request on this connection; and a server that closes has no next one.
  if (!message.complete || !options.isOpen()) response.setHeader("connection", "close");
  writeReply(response, head.method, reply);
}

/** To API Gateway, a signature that cannot be read or is nobody's is none: routes that need one refuse it, and all others do not look at it. */
function readSigner(head: RequestHead, { hasRoute, policies }: Answering): Credential | undefined {
  try {
    const credential = readCredential(head.headers, head.query);
    const isForApi = credential?.service === "execute-api";
    return isForApi && policies.callerOf(credential.accessKeyId) === undefined ? undefined : credential;
  } catch (cause) {
    if (hasRoute?.(head)) return undefined;
    throw cause;
  }
}

/** The client hung up before it had sent everything. */
function isGone(message: IncomingMessage): boolean {
  return message.destroyed && !message.complete;
}

async function fallBack({ fallback }: Answering, request: HttpRequest): Promise<AwsReply> {
  const reply = await fallback?.(request);
  const headers = { "content-type": "application/json" };
  return reply ?? { status: 404, headers, body: JSON.stringify({ message: "Not Found" }) };
}

function refusal(
  cause: unknown,
  { headers }: RequestHead,
  credential: Credential | undefined,
  { onFault }: Answering,
): AwsReply {
  const error = toAwsError(cause);
  if (error !== cause) onFault(cause);
  return errorReply(error, protocolOf(credential?.service, headers));
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    const impatience = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
    server.close((error) => {
      clearTimeout(impatience);
      if (error === undefined) resolve();
      else reject(error);
    });
    server.closeIdleConnections();
  });
}
