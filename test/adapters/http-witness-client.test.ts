/** A witness over HTTP: its answer, or in bounded time and memory none. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { httpWitnessClient, MAX_ANSWER_BYTES } from "../../lib/adapters/http-witness-client.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => unknown): Promise<string> {
  const server = createServer((request, response) => void answer(request, response));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const REQUEST = Buffer.from("old 0\n\nexample.com/log\n— \u0000");
const unavailable = expect.objectContaining({ code: "UNAVAILABLE" });
const hurried = httpWitnessClient({ timeoutMs: 300 });

test.each(["", "/", "/below", "/below/"])(
  "the request goes to add-checkpoint below %j, byte for byte",
  async (prefix) => {
    const seen: unknown[] = [];
    const url = await serve(async (request, response) => {
      const body = Buffer.concat(await request.toArray());
      seen.push([request.method, request.url, body.equals(REQUEST)]);
      response.writeHead(200, { "content-type": "text/plain" }).end("— w AAAA\n");
    });
    const answer = await httpWitnessClient().addCheckpoint(url + prefix, REQUEST);
    expect(seen).toEqual([["POST", `${prefix.replace(/\/$/, "")}/add-checkpoint`, true]]);
    expect({ ...answer, body: Buffer.from(answer.body).toString() }).toEqual({
      status: 200,
      type: "text/plain",
      body: "— w AAAA\n",
    });
  },
);

test("a refusal is an answer, with its type in lower case and without parameters", async () => {
  const url = await serve((_, response) => {
    response.writeHead(409, { "content-type": "Text/X.tlog.size ; charset=utf-8" }).end("7\n");
  });
  expect(await hurried.addCheckpoint(url, REQUEST)).toMatchObject({ status: 409, type: "text/x.tlog.size" });
});

test("an answer may be as long as can be, and not a byte longer", async () => {
  const url = await serve((request, response) => {
    response.end("x".repeat(MAX_ANSWER_BYTES + (request.url?.startsWith("/more/") ? 1 : 0)));
  });
  expect((await httpWitnessClient().addCheckpoint(url, REQUEST)).body).toHaveLength(MAX_ANSWER_BYTES);
  await expect(httpWitnessClient().addCheckpoint(`${url}/more`, REQUEST)).rejects.toEqual(unavailable);
});

test.each([
  ["that never answers", () => undefined],
  ["that never ends its answer", (_: IncomingMessage, response: ServerResponse) => response.write("— w ")],
  ["that ends in the middle", (_: IncomingMessage, response: ServerResponse) => response.destroy()],
  [
    "that sends us elsewhere",
    (_: IncomingMessage, response: ServerResponse) =>
      response.writeHead(307, { location: "http://127.0.0.1:1/" }).end(),
  ],
  [
    "that answers for ever",
    (_: IncomingMessage, response: ServerResponse) => {
      const flood = (): void => {
        while (!response.destroyed && response.write("x".repeat(65_536)));
        if (!response.destroyed) response.once("drain", flood);
      };
      flood();
    },
  ],
])("a witness %s has not answered", async (_, answer) => {
  const url = await serve(answer);
  await expect(hurried.addCheckpoint(url, REQUEST)).rejects.toEqual(unavailable);
});

test("a witness that is not there has not answered, and why is said", async () => {
  const url = await serve(() => undefined);
  await new Promise((resolve) => servers.pop()?.close(resolve));
  await expect(hurried.addCheckpoint(url, REQUEST)).rejects.toThrow(/add-checkpoint did not answer: .*ECONNREFUSED/);
});
