/** A webhook reaches the queue only from somebody who knows the secret, and byte for byte. */
import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_BODY_BYTES, receiveWebhook } from "../../../lib/core/receive/receive-webhook.ts";
import { MAX_STORED_BYTES } from "../../../lib/core/receive/stored-message.ts";

/** Lambda, synchronously: the whole event, with the body in base64. */
const MAX_INVOCATION_BYTES = 6 * 1024 * 1024;
const SECRET = "It's a Secret to Everybody";
const secretsOf = async (source: string) => (source === "github" ? [SECRET] : []);

function sign(body: Uint8Array | string, secret = SECRET): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}

function request(body: string | Uint8Array, headers: Record<string, string> = {}, source = "github") {
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  return receiveWebhook({ source, headers, body: bytes, receivedAt: 1_700_000_000_000 }, secretsOf);
}

describe("a webhook", () => {
  test("of GitHub's own documented example has the signature that GitHub says", () => {
    expect(sign("Hello, World!")).toBe("sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");
  });

  test("with the right signature becomes a message with the body as it was", async () => {
    const body = '{ "action":"opened",  "emoji":"😀" }\n';
    const reception = await request(body, { "x-hub-signature-256": sign(body), "x-github-event": "push", cookie: "x" });
    expect(reception.outcome).toBe("accepted");
    const message = JSON.parse(reception.outcome === "accepted" ? reception.message : "");
    expect(message).toMatchObject({ v: 1, kind: "webhook", source: "github", receivedAt: 1_700_000_000_000 });
    expect(message.headers).toEqual({ "x-hub-signature-256": sign(body), "x-github-event": "push" });
    expect(Buffer.from(message.body, "base64").toString()).toBe(body);
  });

  const BODY = '{"action":"opened"}';
  test.each<[string, number, string | Uint8Array, Record<string, string>, string]>([
    ["a wrong secret", 401, BODY, { "x-hub-signature-256": sign(BODY, "another") }, "github"],
    ["a changed body", 401, `${BODY} `, { "x-hub-signature-256": sign(BODY) }, "github"],
    ["no signature", 401, BODY, {}, "github"],
    ["an empty signature", 401, BODY, { "x-hub-signature-256": "" }, "github"],
    ["a signature without its scheme", 401, BODY, { "x-hub-signature-256": sign(BODY).slice(7) }, "github"],
    ["a signature in capitals", 401, BODY, { "x-hub-signature-256": sign(BODY).toUpperCase() }, "github"],
    ["the old SHA-1 signature alone", 401, BODY, { "x-hub-signature": "sha1=00" }, "github"],
    ["a body that is not JSON", 400, "a=b", { "x-hub-signature-256": sign("a=b") }, "github"],
    ["JSON that is no object", 400, "[]", { "x-hub-signature-256": sign("[]") }, "github"],
    ["no body", 400, "", { "x-hub-signature-256": sign("") }, "github"],
    ["a body that is not UTF-8", 400, Buffer.from([0xff, 0xfe]), { "x-hub-signature-256": "sha256=00" }, "github"],
    ["a source that is not configured", 404, BODY, { "x-hub-signature-256": sign(BODY) }, "gitlab"],
    ["a source called __proto__", 404, BODY, { "x-hub-signature-256": sign(BODY) }, "__proto__"],
    [
      "a body over the limit",
      413,
      Buffer.alloc(MAX_BODY_BYTES + 1, 32),
      { "x-hub-signature-256": "sha256=00" },
      "github",
    ],
  ])("with %s is refused with %i", async (_, status, body, headers, source) => {
    expect(await request(body, headers, source)).toMatchObject({ outcome: "refused", status });
  });

  test("is accepted under the secret before while the new one takes its place, and under no third", async () => {
    const both = async () => ["the new one", SECRET];
    const send = (secret: string) =>
      receiveWebhook(
        {
          source: "github",
          headers: { "x-hub-signature-256": sign(BODY, secret) },
          body: Buffer.from(BODY),
          receivedAt: 1,
        },
        both,
      );
    expect((await send("the new one")).outcome).toBe("accepted");
    expect((await send(SECRET)).outcome).toBe("accepted");
    expect(await send("the one before both")).toMatchObject({ outcome: "refused", status: 401 });
  });

  test("of the largest size fits what a function is given, and what is stored for recording", async () => {
    const body = `{"a":"${"x".repeat(MAX_BODY_BYTES - 8)}"}`;
    const reception = await request(body, { "x-hub-signature-256": sign(body) });
    const { length } = reception.outcome === "accepted" ? reception.message : "";
    expect(length).toBeGreaterThan(MAX_BODY_BYTES);
    expect(length).toBeLessThan(MAX_STORED_BYTES);
    expect(length).toBeLessThan(MAX_INVOCATION_BYTES);
  });

  test("is accepted only under the signature of exactly its bytes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), fc.nat(), fc.integer({ min: 1, max: 255 }), async (json, at, flip) => {
        const body = Buffer.from(`{"payload":${json}}`);
        const changed = Buffer.from(body);
        changed[at % body.length] = (changed[at % body.length] ?? 0) ^ flip;
        const headers = { "x-hub-signature-256": sign(body) };
        expect((await request(body, headers)).outcome).toBe("accepted");
        expect((await request(changed, headers)).outcome).toBe("refused");
      }),
    );
  });
});
