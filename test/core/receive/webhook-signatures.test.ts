/** Each vendor's signature scheme: the vendor's own example, and everything that must not pass for it. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { receiveWebhook } from "../../../lib/core/receive/receive-webhook.ts";
import { WEBHOOK_SOURCES, type WebhookSourceName } from "../../../lib/core/sources/webhooks/webhook-source.ts";
import { webhookSources } from "../../../lib/core/sources/webhooks/webhook-sources.ts";
import {
  BODY,
  digest,
  GENERATED,
  type Headers,
  NOW,
  SCHEMES,
  type Scheme,
  SECONDS,
  SECRET,
  SIGNING_TOKEN,
  signStandard,
} from "./signature-schemes.ts";

const REFUSED = { outcome: "refused", status: 401 };

function send(scheme: Scheme, headers: Headers, { body = BODY, secret = scheme.secret } = {}) {
  const request = { source: scheme.source, headers, body: Buffer.from(body), receivedAt: NOW };
  return receiveWebhook(request, async () => [secret]);
}

test("every source has a scheme here", () => {
  expect([...new Set(Object.values(SCHEMES).map(({ source }) => source))].sort()).toEqual([...WEBHOOK_SOURCES].sort());
});

describe.each(Object.entries(SCHEMES))("%s", (_, scheme) => {
  const signed = (seconds = SECONDS, secret = scheme.secret) => scheme.sign(BODY, secret, seconds);

  test("is accepted under its secret, with the body as it was", async () => {
    const reception = await send(scheme, signed());
    expect(reception.outcome).toBe("accepted");
    const message = JSON.parse(reception.outcome === "accepted" ? reception.message : "");
    expect(message).toMatchObject({ v: 1, kind: "webhook", source: scheme.source });
    expect(Buffer.from(message.body, "base64").toString()).toBe(BODY);
  });

  test("is refused under another secret", async () => {
    expect(await send(scheme, signed(SECONDS, scheme.otherSecret))).toMatchObject(REFUSED);
    expect(await send(scheme, signed(), { secret: scheme.otherSecret })).toMatchObject(REFUSED);
  });

  test("is refused with any header of its proof missing or empty", async () => {
    for (const name of scheme.proof) {
      const { [name]: _value, ...others } = signed();
      expect(await send(scheme, others)).toMatchObject(REFUSED);
      expect(await send(scheme, { ...others, [name]: "" })).toMatchObject(REFUSED);
    }
  });

  test("is refused in another spelling or encoding", async () => {
    const spellings = scheme.misspelt(signed());
    expect(spellings.length).toBeGreaterThan(1);
    for (const headers of spellings) expect(await send(scheme, headers)).toMatchObject(REFUSED);
  });

  test("is refused for whatever else stands in its headers", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string(), { minLength: 3, maxLength: 3 }), async (values) => {
        const headers = Object.fromEntries(scheme.proof.map((name, i) => [name, values[i] ?? ""]));
        expect(await send(scheme, headers)).toMatchObject(REFUSED);
      }),
    );
  });

  test("says why it refuses without a word of the secret, and never keeps it", async () => {
    const reception = await send(scheme, { ...signed(SECONDS, scheme.otherSecret), cookie: "x" });
    expect(JSON.stringify(reception)).not.toContain(scheme.secret);
    const accepted = await send(scheme, { ...signed(), cookie: "x" });
    const message = JSON.parse(accepted.outcome === "accepted" ? accepted.message : "{}");
    expect(JSON.stringify(message.headers)).not.toContain(scheme.secret);
    expect(JSON.stringify(message.headers)).not.toContain(Buffer.from(`gatebook:${scheme.secret}`).toString("base64"));
    expect(Object.keys(message.headers)).not.toContain("cookie");
  });
});

describe.each(Object.entries(SCHEMES).filter(([, { isBodySigned }]) => isBodySigned))("%s", (_, scheme) => {
  test("is refused with any byte of its body changed", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(BODY.length - 1), fc.constantFrom("x", " ", "0"), async (at, by) => {
        const changed = BODY.slice(0, at) + by + BODY.slice(at + 1);
        const { outcome } = await send(scheme, scheme.sign(BODY, scheme.secret, SECONDS), { body: changed });
        expect(outcome).toBe(changed === BODY ? "accepted" : "refused");
      }),
    );
    expect(await send(scheme, scheme.sign(BODY, scheme.secret, SECONDS), { body: `${BODY} ` })).toMatchObject(REFUSED);
  });
});

describe.each(Object.entries(SCHEMES).filter(([, { isBodySigned }]) => !isBodySigned))("%s", (_, scheme) => {
  test("says who sends and nothing of the body: another body under the same headers is accepted", async () => {
    const headers = scheme.sign(BODY, scheme.secret, SECONDS);
    expect((await send(scheme, headers, { body: '{"another":"body"}' })).outcome).toBe("accepted");
  });
});

describe.each(Object.entries(SCHEMES).filter(([, { isTimeSigned }]) => isTimeSigned))("%s", (_, scheme) => {
  const signed = (seconds: number) => scheme.sign(BODY, scheme.secret, seconds);

  test("is refused more than five minutes from its time, either way", async () => {
    for (const seconds of [SECONDS - 300, SECONDS + 300]) {
      expect((await send(scheme, signed(seconds))).outcome).toBe("accepted");
    }
    for (const seconds of [0, SECONDS - 301, SECONDS + 301, NOW]) {
      expect(await send(scheme, signed(seconds))).toMatchObject(REFUSED);
    }
  });

  test("is refused when an old delivery is given a new time", async () => {
    const replayed = Object.entries(signed(SECONDS - 3600)).map(([name, value]) => [
      name,
      value.replace(String(SECONDS - 3600), String(SECONDS)),
    ]);
    expect(await send(scheme, Object.fromEntries(replayed))).toMatchObject(REFUSED);
  });
});

describe("the vendor's own example", () => {
  const verify = (source: WebhookSourceName, headers: Headers, body: string, secret: string) =>
    webhookSources[source].verify({ headers, body: Buffer.from(body), receivedAt: NOW }, secret);

  test("of Bitbucket has the signature that Bitbucket says", async () => {
    const signature = "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9";
    const outcome = await verify(
      "bitbucket",
      { "x-hub-signature": signature },
      "Hello World!",
      "It's a Secret to Everybody",
    );
    expect(outcome).toEqual({ outcome: "authentic" });
  });

  test.each([
    ["hello world", "secret", "734cc62f32841568f45715aeb9f4d7891324e6d948e4c6c60c0621cdac48623a"],
    ["lalala", "another-secret", "daa220016c8f29a8b214fbfc3671aeec2145cfb1e6790184ffb38b6d0425fa00"],
    ["an-important-request-payload", "hunter123", "9be2242094a9a8c00c64306f382a7f9d691de910b4a266f67bd314ef18ac49fa"],
  ])("of CircleCI, %s, has the signature that CircleCI says", async (body, secret, digits) => {
    for (const signatures of [`v1=${digits}`, `v1=${digits},v2=later,v3=later`]) {
      expect(await verify("circleci", { "circleci-signature": signatures }, body, secret)).toEqual({
        outcome: "authentic",
      });
    }
  });
});

describe("Standard Webhooks", () => {
  const scheme = SCHEMES["Standard Webhooks with a key in base64"] as Scheme;
  const plain = { ...scheme, secret: GENERATED };

  test("of the reference library's own test has the signature that it says", async () => {
    const headers = {
      "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
      "webhook-timestamp": "1614265330",
      "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    };
    const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const body = Buffer.from('{"test": 2432232314}');
    for (const source of ["standard", "gitlab"] as const) {
      const verify = (receivedAt: number) => webhookSources[source].verify({ headers, body, receivedAt }, secret);
      expect(await verify(1_614_265_330_000)).toEqual({ outcome: "authentic" });
      expect(await verify(NOW)).toMatchObject({ outcome: "refused" });
    }
  });

  test("a secret that the stack made is good as text and as base64, as the sender's library has it", async () => {
    for (const key of [Buffer.from(GENERATED), Buffer.from(GENERATED, "base64")]) {
      expect((await send(plain, signStandard(BODY, key, SECONDS))).outcome).toBe("accepted");
    }
    const asHex = signStandard(BODY, Buffer.from(GENERATED, "hex"), SECONDS);
    expect(await send(plain, asHex)).toMatchObject(REFUSED);
  });

  test("a key with the prefix is base64 and nothing else", async () => {
    const asText = signStandard(BODY, Buffer.from(SIGNING_TOKEN), SECONDS);
    const afterPrefix = signStandard(BODY, Buffer.from(SIGNING_TOKEN.slice("whsec_".length)), SECONDS);
    for (const headers of [asText, afterPrefix]) expect(await send(scheme, headers)).toMatchObject(REFUSED);
  });

  test("one signature of several is enough, and other versions are passed over", async () => {
    const headers = scheme.sign(BODY, scheme.secret, SECONDS);
    const signature = headers["webhook-signature"] ?? "";
    const list = (value: string) => send(scheme, { ...headers, "webhook-signature": value });
    expect((await list(`v1a,${"A".repeat(86)}== v1,AAAA ${signature} v2,later`)).outcome).toBe("accepted");
    for (const value of [`v1a,AAAA v1,AAAA`, signature.replace("v1,", "v1a,"), `${signature},v1`, ` , v1, v1`]) {
      expect(await list(value)).toMatchObject(REFUSED);
    }
  });

  test("an id with a full stop is refused: the signed text could be cut elsewhere", async () => {
    const cut = `{"note":"a"}`;
    // Signed as id "msg-1", its time and a body that begins with another time.
    const signed = signStandard(`${SECONDS}.${cut}`, Buffer.from(GENERATED), SECONDS - 3600);
    const moved = { ...signed, "webhook-id": `msg-1.${SECONDS - 3600}`, "webhook-timestamp": String(SECONDS) };
    expect(await send(plain, moved, { body: cut })).toMatchObject({
      ...REFUSED,
      detail: expect.stringContaining("full stop"),
    });
  });

  test("a secret that holds no key lets nobody in", async () => {
    for (const secret of ["whsec_", "whsec_not base64!"]) {
      const headers = signStandard(BODY, Buffer.alloc(0), SECONDS);
      expect(await send(scheme, headers, { secret })).toMatchObject({
        ...REFUSED,
        detail: expect.stringContaining("holds no key"),
      });
    }
  });
});

describe("GitLab's two tokens", () => {
  const signing = SCHEMES["GitLab with a signing token"] as Scheme;

  test("are not taken for each other: a signing token asks for a signature", async () => {
    expect(await send(signing, { "x-gitlab-token": SIGNING_TOKEN })).toMatchObject(REFUSED);
    expect(await send(signing, signing.sign(BODY, SIGNING_TOKEN, SECONDS), { secret: SECRET })).toMatchObject(REFUSED);
  });

  test("one signature of several is enough while GitLab changes its token", async () => {
    const headers = signing.sign(BODY, SIGNING_TOKEN, SECONDS);
    const both = { ...headers, "webhook-signature": `v1,AAAA ${headers["webhook-signature"]}` };
    expect((await send(signing, both)).outcome).toBe("accepted");
  });

  test("a signing token without a key lets nobody in", async () => {
    const signature = `v1,${digest("sha256", "", `msg-1.${SECONDS}.${BODY}`, "base64")}`;
    const headers = { ...signing.sign(BODY, SIGNING_TOKEN, SECONDS), "webhook-signature": signature };
    expect(await send(signing, headers, { secret: "whsec_" })).toMatchObject(REFUSED);
  });
});
