/** Secrets in YAML and in Kubernetes' manifests: what stands around them stays. */
import { describe, expect, test } from "vitest";
import { redact } from "../../../lib/core/record/redact.ts";
import { base64 } from "./seeded.ts";

const SECRET = "quokka!tricorn-77";

describe("of a manifest only the secret goes", () => {
  test.each([
    [
      "a block scalar",
      `db:\n  password: |\n    ${SECRET}\n\n    more of it\n  port: 5432\n`,
      "db:\n  password: |\n    [redacted:password]\n  port: 5432\n",
    ],
    [
      "a folded one in a list",
      `- token: >-2\n    ${SECRET}\n- port: 1`,
      "- token: >-2\n    [redacted:token]\n- port: 1",
    ],
    [
      "one with a comment",
      `key:\n  secret: | # of the shop\n    ${SECRET}`,
      "key:\n  secret: | # of the shop\n    [redacted:secret]",
    ],
    [
      "one in a diff",
      `+  password: |\n+    ${SECRET}\n+  port: 1`,
      "+  password: |\n+    [redacted:password]\n+  port: 1",
    ],
    [
      "one with escaped lines",
      `a: 1\\npassword: |\\n  ${SECRET}\\nb: 2`,
      "a: 1\\npassword: |\\n  [redacted:password]\\nb: 2",
    ],
    ["an empty one", "password: |\nport: 1", "password: |\nport: 1"],
    [
      "a pair on two lines",
      `- name: DB_PASSWORD\n  value: ${SECRET}\n- name: PORT\n  value: 80`,
      "- name: DB_PASSWORD\n  value: [redacted:password]\n- name: PORT\n  value: 80",
    ],
    [
      "a Secret beside a ConfigMap",
      `kind: ConfigMap\ndata:\n  region: eu\n---\nkind: Secret\ndata:\n  a: ${base64(SECRET)}\n  b: "${base64(SECRET)}"\ntype: Opaque`,
      'kind: ConfigMap\ndata:\n  region: eu\n---\nkind: Secret\ndata:\n  a: [redacted:kubernetes-secret]\n  b: "[redacted:kubernetes-secret]"\ntype: Opaque',
    ],
    [
      "a Secret in JSON",
      `{"data":{"a":"${base64(SECRET)}","b":"${SECRET}"},"kind":"Secret"}`,
      '{"data":{"a":"[redacted:kubernetes-secret]","b":"[redacted:kubernetes-secret]"},"kind":"Secret"}',
    ],
    ["a sealed secret", "kind: SealedSecret\ndata:\n  region: eu", "kind: SealedSecret\ndata:\n  region: eu"],
    [
      "a reference in a buildspec",
      `env:\n  parameter-store:\n    DB_PASSWORD: /shop/db\n  variables:\n    DB_PASSWORD: ${SECRET}\n`,
      "env:\n  parameter-store:\n    DB_PASSWORD: /shop/db\n  variables:\n    DB_PASSWORD: [redacted:password]\n",
    ],
  ])("%s", async (_, text, expected) => {
    const { value } = await redact({ text });
    expect(value).toEqual({ text: expected });
    expect((await redact(value)).value).toEqual({ text: expected });
  });

  test("a Secret as an object", async () => {
    const event = {
      kind: "Secret",
      metadata: { name: "db" },
      data: { conf: base64(SECRET), user: "" },
      stringData: { a: SECRET },
    };
    expect((await redact([event, { ...event, kind: "ConfigMap", stringData: {} }])).value).toEqual([
      {
        ...event,
        data: { conf: "[redacted:kubernetes-secret]", user: "" },
        stringData: { a: "[redacted:kubernetes-secret]" },
      },
      { ...event, kind: "ConfigMap", stringData: {} },
    ]);
  });
});

test.each(["\n", "\r\n", "\n  "])(
  "base64 over several lines stays on lines of its own, %j between",
  async (lineEnd) => {
    const script = (password: string): string =>
      `#!/bin/sh\n# starts the shop, which stands in the window\nexport DB_PASSWORD='${password}'\n`;
    const wrap = (text: string): string => (base64(text).match(/.{1,64}/g) ?? []).join(lineEnd);
    const { value } = await redact({ text: `UserData:${lineEnd}${wrap(script(SECRET))}${lineEnd}next` });
    expect(value).toEqual({ text: `UserData:${lineEnd}${wrap(script("[redacted:password]"))}${lineEnd}next` });
  },
);
