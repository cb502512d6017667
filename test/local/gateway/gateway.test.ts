/** The gateway: who calls, and what comes of a request. */
import { describe, expect, test } from "vitest";
import { type AwsRequest, type AwsService, LOCAL_OWNER, LOCAL_OWNER_KEY } from "../../../lib/local/aws-service.ts";
import { echo, grant, ROLE, ROLE_KEY, startWorld } from "./world.ts";

describe("a signed request", () => {
  test("reaches its service with caller, path, query, headers and bytes as they came", async () => {
    const seen: AwsRequest[] = [];
    const { send } = await startWorld({ s3: echo(seen) });
    const body = Uint8Array.from({ length: 256 }, (_, index) => index);
    const reply = await send("s3", { method: "PUT", path: "/bucket/a%2Fb?versions&x=%20y", body });
    expect(reply.status).toBe(200);
    expect(reply.headers.get("x-test")).toBe("1");
    expect(new Uint8Array(await reply.arrayBuffer())).toEqual(body);
    expect(seen[0]).toMatchObject({ service: "s3", method: "PUT", path: "/bucket/a%2Fb", caller: LOCAL_OWNER });
    expect([...(seen[0]?.query ?? [])]).toEqual([
      ["versions", ""],
      ["x", " y"],
    ]);
  });

  test("is known by its presigned query as well", async () => {
    const seen: AwsRequest[] = [];
    const { gateway } = await startWorld({ s3: echo(seen) });
    const credential = encodeURIComponent(`${LOCAL_OWNER_KEY}/20261122/eu-west-1/s3/aws4_request`);
    const reply = await fetch(`${gateway.url}/b/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${credential}`);
    expect(reply.status).toBe(200);
    expect(seen[0]?.caller).toBe(LOCAL_OWNER);
  });

  test("is the role's whose key it was signed with, and authorised as such", async () => {
    const seen: AwsRequest[] = [];
    const { send, policies, calls } = await startWorld({ s3: echo(seen) });
    grant(policies);
    expect((await send("s3", { accessKeyId: ROLE_KEY })).status).toBe(403);
    grant(policies, { Effect: "Allow", Action: "echo:Echo", Resource: "*" });
    expect((await send("s3", { accessKeyId: ROLE_KEY })).status).toBe(200);
    expect(seen.map(({ caller }) => caller)).toEqual([ROLE]);
    expect(calls).toEqual([
      { service: "s3", operation: "Echo", caller: ROLE, status: 403 },
      { service: "s3", operation: "Echo", caller: ROLE, status: 200 },
    ]);
  });

  test("without a scope that says for which service is refused", async () => {
    const { gateway } = await startWorld({ s3: echo() });
    for (const value of [
      "AWS4-HMAC-SHA256",
      "AWS4-HMAC-SHA256 Credential=x, y",
      "AWS4-HMAC-SHA256 Credential=a/b/c/d/e",
    ]) {
      const reply = await fetch(gateway.url, { headers: { authorization: value } });
      expect(reply.status).toBe(403);
      expect(reply.headers.get("x-amzn-errortype")).toBe("IncompleteSignature");
    }
  });

  test("for the name of something that every object has is for an unknown service", async () => {
    const { send } = await startWorld({ s3: echo() });
    for (const name of ["constructor", "__proto__", "toString"]) expect((await send(name)).status).toBe(501);
  });
});

describe("what is not signed for AWS", () => {
  test("goes to the fallback, raw bytes and all", async () => {
    const { gateway } = await startWorld(
      {},
      {
        fallback: async ({ path, body: sent, headers }) =>
          path === "/v1/webhooks/github"
            ? {
                status: 202,
                headers: {},
                body: Buffer.concat([Buffer.from(headers["authorization"] ?? "none:"), sent]),
              }
            : undefined,
      },
    );
    const body = Buffer.of(0, 255, 128);
    const accepted = await fetch(`${gateway.url}/v1/webhooks/github`, { method: "POST", body });
    expect(accepted.status).toBe(202);
    expect(Buffer.from(await accepted.arrayBuffer())).toEqual(Buffer.concat([Buffer.from("none:"), body]));
    const bearer = await fetch(`${gateway.url}/v1/webhooks/github`, { headers: { authorization: "Bearer x" } });
    expect(await bearer.text()).toBe("Bearer x");
    expect((await fetch(`${gateway.url}/nothing`)).status).toBe(404);
  });

  test("is not found where there is no fallback", async () => {
    const { gateway } = await startWorld({ s3: echo() });
    expect((await fetch(gateway.url)).status).toBe(404);
  });
});

describe("closing", () => {
  test("frees the port, and connections that are idle do not hold it up", async () => {
    const { gateway, send } = await startWorld({ s3: echo() });
    await send("s3");
    const second = await startWorld({}, { port: 0 });
    await gateway.close();
    await expect(send("s3")).rejects.toThrow();
    const again = await startWorld({ s3: echo() }, { port: gateway.port });
    expect(again.gateway.url).toBe(gateway.url);
    await second.gateway.close();
  });

  test("lets a request under way finish", async () => {
    let finish = (): void => undefined;
    const slow = new Promise<void>((resolve) => {
      finish = resolve;
    });
    let entered = (): void => undefined;
    const handling = new Promise<void>((resolve) => {
      entered = resolve;
    });
    const service: AwsService = {
      ...echo(),
      async handle() {
        entered();
        await slow;
        return { status: 200, headers: {}, body: "finished" };
      },
    };
    const { gateway, send } = await startWorld({ s3: service });
    const reply = send("s3");
    await handling;
    const closed = gateway.close();
    finish();
    expect(await (await reply).text()).toBe("finished");
    await closed;
  });

  test("a port that is taken is told to whoever starts it", async () => {
    const { gateway } = await startWorld({});
    await expect(startWorld({}, { port: gateway.port })).rejects.toMatchObject({ code: "EADDRINUSE" });
  });
});
