/** Passes a request on to an HTTP server on this machine, byte for byte. */
import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { AwsError, type AwsReply, type AwsRequest } from "../../aws-service.ts";

export interface HttpForward {
  send(request: Pick<AwsRequest, "method" | "path" | "query" | "headers" | "body">): Promise<AwsReply>;
  /** Ends what is under way: a long poll would hold the server up until it is answered. */
  close(): void;
}

/** They speak of one connection and not of the message (RFC 9110, section 7.6.1). */
const HOP_BY_HOP = new Set(["connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "expect"]);

export function httpForward(origin: string): HttpForward {
  const agent = new Agent({ keepAlive: true });
  const { hostname, port } = new URL(origin);
  return {
    send({ method, path, query, headers, body }) {
      const search = query.size > 0 ? `?${query}` : "";
      // The Host stays the gateway's: the servers behind it name themselves by it in their answers.
      const passed = { ...withoutHops(headers), "content-length": String(body.length) };
      return new Promise((resolve, reject) => {
        const outgoing = httpRequest({ agent, hostname, port, method, path: path + search, headers: passed });
        const fail = (cause: Error): void => reject(unavailable(origin, cause));
        outgoing.once("error", fail);
        outgoing.once("response", (incoming) => void readReply(incoming).then(resolve, fail));
        outgoing.end(body);
      });
    },
    close: () => agent.destroy(),
  };
}

async function readReply(incoming: IncomingMessage): Promise<AwsReply> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  const headers = Object.entries(incoming.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value] as const],
  );
  return {
    status: incoming.statusCode ?? 502,
    headers: withoutHops(Object.fromEntries(headers)),
    body: Buffer.concat(chunks),
  };
}

function withoutHops(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name)));
}

function unavailable(origin: string, cause: Error): AwsError {
  const error = new AwsError("ServiceUnavailable", 503, `${origin} does not answer: ${cause.message}`);
  return Object.assign(error, { cause });
}
