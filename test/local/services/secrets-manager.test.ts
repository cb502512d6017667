/** The local Secrets Manager through AWS's own SDK. */
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetRandomPasswordCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { generateSecretString } from "../../../lib/local/services/secrets-manager/generate-secret.ts";
import { secretsManagerService } from "../../../lib/local/services/secrets-manager/secrets-manager-service.ts";
import { grant, ROLE_KEY, startWorld, temporaryDirectory, type World } from "../gateway/world.ts";

const NOW = Date.parse("2026-11-22T16:00:00Z");

async function startSecrets(existing?: string): Promise<World & { secrets: SecretsManagerClient; directory: string }> {
  const directory = existing ?? (await temporaryDirectory());
  const world = await startWorld({ secretsmanager: await secretsManagerService({ directory, now: () => NOW }) });
  return { ...world, secrets: new SecretsManagerClient(world.client()), directory };
}

describe("a secret", () => {
  test("is read by name and by ARN, also after a restart", async () => {
    const first = await startSecrets();
    const { ARN } = await first.secrets.send(new CreateSecretCommand({ Name: "shop/prod", SecretString: "one" }));
    expect(ARN).toMatch(/^arn:aws:secretsmanager:eu-west-1:000000000000:secret:shop\/prod-[0-9a-f]{6}$/);
    const second = await startSecrets(first.directory);
    for (const SecretId of ["shop/prod", ARN]) {
      const value = await second.secrets.send(new GetSecretValueCommand({ SecretId }));
      expect(value).toMatchObject({ SecretString: "one", VersionStages: ["AWSCURRENT"], CreatedDate: new Date(NOW) });
    }
  });

  test("keeps the last value as AWSPREVIOUS and forgets the one before", async () => {
    const { secrets } = await startSecrets();
    await secrets.send(new CreateSecretCommand({ Name: "s", SecretString: "one" }));
    await secrets.send(new PutSecretValueCommand({ SecretId: "s", SecretString: "two" }));
    await secrets.send(new PutSecretValueCommand({ SecretId: "s", SecretString: "three" }));
    const read = async (VersionStage?: string) => {
      const value = await secrets.send(
        new GetSecretValueCommand({ SecretId: "s", ...(VersionStage && { VersionStage }) }),
      );
      return value.SecretString;
    };
    expect(await read()).toBe("three");
    expect(await read("AWSPREVIOUS")).toBe("two");
    await expect(read("AWSPENDING")).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    const { VersionIdsToStages = {} } = await secrets.send(new DescribeSecretCommand({ SecretId: "s" }));
    expect(Object.values(VersionIdsToStages)).toEqual([["AWSPREVIOUS"], ["AWSCURRENT"]]);
  });

  test("takes a pending value without touching the current one", async () => {
    const { secrets } = await startSecrets();
    await secrets.send(new CreateSecretCommand({ Name: "s", SecretString: "one" }));
    await secrets.send(
      new PutSecretValueCommand({ SecretId: "s", SecretString: "two", VersionStages: ["AWSPENDING"] }),
    );
    expect(await secrets.send(new GetSecretValueCommand({ SecretId: "s" }))).toMatchObject({ SecretString: "one" });
  });

  test("is put once by a token that comes twice, and never changed by it", async () => {
    const { secrets } = await startSecrets();
    await secrets.send(new CreateSecretCommand({ Name: "s", SecretString: "one" }));
    const put = { SecretId: "s", SecretString: "two", ClientRequestToken: "0123456789abcdef0123456789abcdef" };
    await secrets.send(new PutSecretValueCommand(put));
    await secrets.send(new PutSecretValueCommand(put));
    const value = await secrets.send(new GetSecretValueCommand({ SecretId: "s", VersionStage: "AWSPREVIOUS" }));
    expect(value.SecretString).toBe("one");
    const other = secrets.send(new PutSecretValueCommand({ ...put, SecretString: "three" }));
    await expect(other).rejects.toMatchObject({ name: "ResourceExistsException" });
  });

  test("holds bytes as well", async () => {
    const { secrets } = await startSecrets();
    const SecretBinary = Buffer.of(0, 255, 10);
    await secrets.send(new CreateSecretCommand({ Name: "s", SecretBinary }));
    const value = await secrets.send(new GetSecretValueCommand({ SecretId: "s" }));
    expect(Buffer.from(value.SecretBinary ?? [])).toEqual(SecretBinary);
  });

  test("may be called what every object has a member of", async () => {
    const { secrets } = await startSecrets();
    const missing = secrets.send(new GetSecretValueCommand({ SecretId: "__proto__" }));
    await expect(missing).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    await secrets.send(new CreateSecretCommand({ Name: "__proto__", SecretString: "one" }));
    const value = await secrets.send(new GetSecretValueCommand({ SecretId: "__proto__" }));
    expect(value.SecretString).toBe("one");
  });

  test("is not created twice, nor deleted by an answer that did nothing", async () => {
    const { secrets } = await startSecrets();
    await secrets.send(new CreateSecretCommand({ Name: "s", SecretString: "one" }));
    const again = secrets.send(new CreateSecretCommand({ Name: "s", SecretString: "two" }));
    await expect(again).rejects.toMatchObject({ name: "ResourceExistsException" });
    const deleted = secrets.send(new DeleteSecretCommand({ SecretId: "s" }));
    await expect(deleted).rejects.toMatchObject({ name: "NotImplemented" });
  });

  test("is read by a role whose policy has its ARN, whichever way it is asked for", async () => {
    const { secrets, policies, client } = await startSecrets();
    await secrets.send(new CreateSecretCommand({ Name: "shop/a", SecretString: "a" }));
    await secrets.send(new CreateSecretCommand({ Name: "shop/b", SecretString: "b" }));
    const Resource = "arn:aws:secretsmanager:eu-west-1:000000000000:secret:shop/a-??????";
    grant(policies, { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource });
    const role = new SecretsManagerClient(client(ROLE_KEY));
    expect(await role.send(new GetSecretValueCommand({ SecretId: "shop/a" }))).toMatchObject({ SecretString: "a" });
    const other = role.send(new GetSecretValueCommand({ SecretId: "shop/b" }));
    await expect(other).rejects.toMatchObject({ name: "AccessDeniedException" });
  });
});

describe("a generated secret", () => {
  test("stands in the template under its key", () => {
    const secret = generateSecretString({
      SecretStringTemplate: '{"username":"hook"}',
      GenerateStringKey: "password",
      ExcludePunctuation: true,
      PasswordLength: 40,
    });
    expect(JSON.parse(secret)).toEqual({ username: "hook", password: expect.stringMatching(/^[A-Za-z0-9]{40}$/) });
  });

  test("has 32 characters of every kind by default, and is another each time", () => {
    const secret = generateSecretString({});
    expect(secret).toHaveLength(32);
    for (const kind of [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9 ]/]) expect(secret).toMatch(kind);
    expect(generateSecretString({})).not.toBe(secret);
  });

  test("keeps to whatever it is told to exclude", () => {
    const settings = fc.record({
      PasswordLength: fc.integer({ min: 5, max: 60 }),
      ExcludeCharacters: fc.string({ maxLength: 10 }),
      ExcludeLowercase: fc.boolean(),
      ExcludeNumbers: fc.boolean(),
      ExcludePunctuation: fc.boolean(),
      IncludeSpace: fc.boolean(),
    });
    fc.assert(
      fc.property(settings, (each) => {
        const secret = generateSecretString(each);
        expect(secret).toHaveLength(each.PasswordLength);
        expect([...secret].filter((character) => each.ExcludeCharacters.includes(character))).toEqual([]);
        if (each.ExcludeLowercase) expect(secret).not.toMatch(/[a-z]/);
        if (each.ExcludeNumbers) expect(secret).not.toMatch(/[0-9]/);
        if (each.ExcludePunctuation) expect(secret).toMatch(/^[A-Za-z0-9 ]*$/);
        if (!each.IncludeSpace) expect(secret).not.toContain(" ");
      }),
    );
  });

  test.each([
    [{ SecretStringTemplate: "{}" }],
    [{ GenerateStringKey: "password" }],
    [{ SecretStringTemplate: "[1]", GenerateStringKey: "password" }],
    [{ PasswordLength: 3 }],
    [{ PasswordLength: "many" }],
    [{ ExcludeLowercase: true, ExcludeUppercase: true, ExcludeNumbers: true, ExcludePunctuation: true }],
    [{ Unknown: true }],
  ])("%j is refused", (settings) => {
    expect(() => generateSecretString(settings)).toThrow(expect.objectContaining({ name: "AwsError" }));
  });

  test("is to be had as a password alone", async () => {
    const { secrets } = await startSecrets();
    const { RandomPassword } = await secrets.send(
      new GetRandomPasswordCommand({ PasswordLength: 12, ExcludePunctuation: true }),
    );
    expect(RandomPassword).toMatch(/^[A-Za-z0-9]{12}$/);
  });
});
