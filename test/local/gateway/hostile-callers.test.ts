/** What the gateway withstands. */
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { LOCAL_OWNER_KEY } from "../../../lib/local/aws-service.ts";
import { MAX_BODY_BYTES } from "../../../lib/local/gateway/http-message.ts";
import { authorization, echo, startWorld } from "./world.ts";

describe("hostile callers", () => {
  test("cannot reach it under a name of their own (DNS rebinding)", async () => {
    const { gateway } = await startWorld({ s3: echo() }, { fallback: () => Promise.reject(new Error("reached")) });
    const status = await new Promise((resolve, reject) => {
      const headers = { host: `attacker.example:${gateway.port}`, authorization: authorization("s3") };
      httpRequest({ host: "127.0.0.1", port: gateway.port, headers }, (reply) => resolve(reply.resume().statusCode))
        .once("error", reject)
        .end();
    });
    expect(status).toBe(403);
  });

  test("cannot sign from a web page of another origin", async () => {
    const { gateway, calls } = await startWorld({ s3: echo() });
    const path = `/?X-Amz-Credential=${encodeURIComponent(`${LOCAL_OWNER_KEY}/20261122/eu-west-1/s3/aws4_request`)}`;
    const foreign = await fetch(gateway.url + path, {
      method: "POST",
      headers: { origin: "https://attacker.example" },
    });
    expect(foreign.status).toBe(403);
    expect(calls).toEqual([]);
    expect((await fetch(gateway.url + path, { method: "POST", headers: { origin: gateway.url } })).status).toBe(200);
  });

  test("are told when a body is over the limit, announced or not, and it goes on serving", async () => {
    const { gateway, send } = await startWorld({ s3: echo() });
    const announced = await new Promise((resolve, reject) => {
      const headers = { authorization: authorization("s3"), "content-length": String(MAX_BODY_BYTES + 1) };
      const outgoing = httpRequest({ host: "127.0.0.1", port: gateway.port, method: "PUT", headers }, (reply) => {
        resolve(reply.resume().statusCode);
        outgoing.destroy();
      });
      outgoing.once("error", reject).flushHeaders();
    });
    expect(announced).toBe(413);
    const chunked = await new Promise((resolve, reject) => {
      const headers = { authorization: authorization("s3"), "transfer-encoding": "chunked" };
      const outgoing = httpRequest({ host: "127.0.0.1", port: gateway.port, method: "PUT", headers }, (reply) => {
        resolve(reply.resume().statusCode);
        outgoing.destroy();
      });
      outgoing.once("error", reject);
      outgoing.write(Buffer.alloc(MAX_BODY_BYTES));
      outgoing.write(Buffer.alloc(2));
    });
    expect(chunked).toBe(413);
    expect((await send("s3", { method: "PUT", body: "small" })).status).toBe(200);
  });

  test("that hang up in the middle of a body do no harm", async () => {
    const { gateway, send, faults } = await startWorld({ s3: echo() });
    await new Promise<void>((resolve) => {
      const socket = connect(gateway.port, "127.0.0.1", () => {
        const head = `PUT / HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: ${authorization("s3")}\r\nContent-Length: 10\r\n\r\nabc`;
        socket.write(head, () => socket.destroy());
      });
      socket.once("close", () => resolve());
    });
    expect((await send("s3")).status).toBe(200);
    expect(faults).toEqual([]);
  });
});
