/** Secrets that free text names: in shells, JSON, YAML, headers, URLs and command lines. */
import { describe, expect, test } from "vitest";
import { redact, redactText } from "../../../lib/core/record/redact.ts";
import { base64, mixed, privateKey } from "./redact-planted.ts";

const SECRET = `x${mixed(20)}`;

describe("a secret named in free text", () => {
  test.each([
    ["a URL's user", `git clone https://ana:${SECRET}@git.example.com/shop.git`, "url-password", SECRET],
    ["a password with an at sign", `mongodb://ana:p@${SECRET}@db.example.com/shop`, "url-password", `p@${SECRET}`],
    ["a shell variable", `export DB_PASSWORD=${SECRET} && npm start`, "password", SECRET],
    ["a quoted shell variable", `DB_PASSWORD='${SECRET} with spaces' npm start`, "password", `${SECRET} with spaces`],
    ["a value with separators", `PASSWORD=a,b;c&${SECRET} next`, "password", `a,b;c&${SECRET}`],
    ["an AWS secret key", `aws_secret_access_key=${mixed(40)}\n`, "aws-secret-access-key", mixed(40)],
    ["an AWS key behind its id", `AKIAEXAMPLEEXAMPLE12,${mixed(40)}`, "aws-secret-access-key", mixed(40)],
    ["JSON", `{"user":"ana","password":"${SECRET}"}`, "password", SECRET],
    ["JSON in JSON", `{\\"user\\":\\"ana\\",\\"password\\":\\"${SECRET}\\"}`, "password", SECRET],
    ["JSON with escaped quotes", `{"password":"a\\"${SECRET}","user":"ana"}`, "password", `a\\"${SECRET}`],
    ["JSON that is cut short", `{"user":"ana","password":"${SECRET}`, "password", SECRET],
    ["a query in a query", `/login?next=%2Fapi%3Ftoken%3D${SECRET}%26page%3D2`, "token", SECRET],
    ["percent-encoded JSON", `%7B%22password%22%3A%22${SECRET}%22%7D`, "password", SECRET],
    ["an escaped equals sign", `{"run":"db --password\\u003d${SECRET} -v"}`, "password", SECRET],
    ["YAML", `user: ana\npassword: ${SECRET}\nhost: db`, "password", SECRET],
    ["TOML", `api_key = "${SECRET}"`, "api-key", SECRET],
    ["a query", `https://api.example.com/v1?token=${SECRET}&page=2`, "token", SECRET],
    ["a signed URL", `https://b.s3.amazonaws.com/k?X-Amz-Signature=${SECRET}&x=1`, "url-signature", SECRET],
    ["an Azure storage key", `AccountName=shop;AccountKey=${SECRET}==;Suffix=x`, "account-key", `${SECRET}==`],
    ["an Azure bus key", `Endpoint=sb://x/;SharedAccessKey=${SECRET}=`, "shared-access-key", `${SECRET}=`],
    ["a bearer header", `curl -H 'Authorization: Bearer ${SECRET}' https://x.example`, "authorization", SECRET],
    ["a basic header", `Authorization: Basic ${base64("ana:hunter2")}`, "authorization", base64("ana:hunter2")],
    ["a header of another scheme", `Authorization: token ${SECRET}\nAccept: */*`, "authorization", SECRET],
    ["a header without a scheme", `Authorization: ${SECRET} behind\nAccept: */*`, "authorization", `${SECRET} behind`],
    ["a bearer token in a sentence", `sent Bearer ${SECRET} to it`, "authorization", SECRET],
    ["a cookie header", `curl -H "Cookie: a=${SECRET}; b=2" https://x.example`, "cookie", `a=${SECRET}; b=2`],
    ["a flag", `login --user ana --password ${SECRET} --verbose`, "password", SECRET],
    ["a flag with an equals sign", `login --token=${SECRET} --verbose`, "token", SECRET],
    ["a PowerShell flag", `Connect -User ana -Password "${SECRET}"`, "password", SECRET],
    ["a short flag behind a user", `tool -u ana -p ${SECRET}`, "password", SECRET],
    ["mysql", `mysql -uana -p${SECRET} shop`, "password", SECRET],
    ["docker login", `docker login -u ana -p ${SECRET} registry.example.com`, "password", SECRET],
    ["curl", `curl -s -u ana:${SECRET} https://x.example`, "password", SECRET],
    ["a list of arguments", `["--password", "${SECRET}"]`, "password", SECRET],
    ["a pair", `{"name":"DB_PASSWORD","value":"${SECRET}"}`, "password", SECRET],
    ["a CloudFormation pair", `ParameterKey=DbPassword,ParameterValue=${SECRET}`, "password", SECRET],
    ["XML", `<user>ana</user><password>${SECRET}</password>`, "password", SECRET],
    ["an npm configuration", `//npm.acme.example/:_authToken=${SECRET}`, "token", SECRET],
    [
      "a GCP key",
      `{"private_key_id":"ab12","private_key":"${privateKey("PRIVATE KEY", "\\n")}\\n","client":"x"}`,
      "private-key",
      `${privateKey("PRIVATE KEY", "\\n")}\\n`,
    ],
  ])("%s: only the secret goes", async (_, text, kind, secret) => {
    expect(text).toContain(secret);
    const { value, redactions } = await redact({ text });
    expect(value).toEqual({ text: text.replace(secret, `[redacted:${kind}]`) });
    expect(redactions).toEqual([{ path: "/text", kind }]);
  });

  test("is found in base64, and the rest of the script stays readable", async () => {
    const script = `#!/bin/sh\nexport DB_PASSWORD=${SECRET}\nnpm start # läuft\n`;
    const { value, redactions } = await redact({ userData: base64(script) });
    const { userData } = value as { userData: string };
    expect(Buffer.from(userData, "base64").toString()).toBe(script.replace(SECRET, "[redacted:password]"));
    expect(redactions).toEqual([{ path: "/userData", kind: "password" }]);
  });

  test("is found in a PowerShell command that is encoded in UTF-16", async () => {
    const command = Buffer.from(`Connect -Password ${SECRET}`, "utf16le").toString("base64");
    const { text } = await redactText(`powershell -EncodedCommand ${command}`);
    const [, , encoded = ""] = text.split(" ");
    expect(Buffer.from(encoded, "base64").toString("utf16le")).toBe("Connect -Password [redacted:password]");
  });
});
