/** Twenty-five sorts of what looks like a secret, is evidence and has to stay as it is, made from a seed. */
import { createHash } from "node:crypto";
import { POLICIES } from "./policy-documents.ts";
import { alphanumeric, base64, bytes, DIGITS, hex, letters, pick, type Random, seeded, UPPER, uuid } from "./seeded.ts";

interface LookAlikeSort {
  readonly title: string;
  /** `copy` counts from 0 to 7. */
  make(random: Random, copy: number): unknown;
}

export interface LookAlike {
  readonly title: string;
  readonly number: number;
  readonly event: unknown;
}

const ACCOUNT = "111122223333";
const dollar = "\x24";

function digest(random: Random, algorithm: string, encoding: "hex" | "base64"): string {
  return createHash(algorithm).update(bytes(random, 8)).digest(encoding);
}

function keyId(random: Random): string {
  return pick(random, ["AKIA", "ASIA", "AROA", "AIDA"]) + letters(random, UPPER + DIGITS, 16);
}

function secretArn(random: Random): string {
  return `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:shop/prod/db-password-${alphanumeric(random, 6)}`;
}

const PROSE = [
  "Rotate the database password every 90 days",
  "fix: token refresh was off by one, closes #12",
  "The password must have 12 characters and a digit",
  "docs: where to find your API key: see the settings page",
  "Remove secret from the pipeline; it is in Secrets Manager now",
  "auth: reject expired tokens (was: accept them for a minute)",
  "Password: must not be empty",
  "bearer of the pager this week: Bo",
];

const CODE = [
  "password = var.db_password",
  "password: process.env.DB_PASSWORD",
  'token = os.environ["GITHUB_TOKEN"]',
  "const secret = await getSecret(secretId);",
  "db_password = data.aws_secretsmanager_secret_version.db.secret_string",
  `DB_PASSWORD=${dollar}(aws ssm get-parameter --name /shop/db --with-decryption)`,
  `export TOKEN="${dollar}GITHUB_TOKEN"`,
  "password = local.settings.password",
];

const CONFIGURATION = [
  "PASSWORD_MIN_LENGTH=12",
  "TOKEN_TTL_SECONDS=3600",
  "SECRET_NAME=shop/prod/db-credentials",
  "TOKEN_ENDPOINT=https://login.example.com/oauth2/v2.0/token",
  "PASSWORD_FILE=/run/secrets/db-password",
  "AUTH_TYPE=bearer",
  "API_KEY_ID=k-20261122-prod-7731",
  "CREDENTIALS_PROVIDER=instance-profile",
];

const MANIFESTS = [
  "env:\n  - name: DB_PASSWORD\n    valueFrom:\n      secretKeyRef:\n        name: shop-database\n        key: password\n",
  "apiVersion: v1\nkind: ConfigMap\ndata:\n  region: eu-west-1\n  endpoint: https://shop.example.com\n",
  "env:\n  parameter-store:\n    DB_PASSWORD: /shop/prod/db-password\nphases:\n  build:\n    commands:\n      - npm test\n",
  "env:\n  secrets-manager:\n    DB_PASSWORD: shop/prod/db:password\n",
  "volumes:\n  - name: token\n    secret:\n      secretName: shop-token\n      optional: false\n",
  `steps:\n  - run: npm publish\n    env:\n      NODE_AUTH_TOKEN: ${dollar}{{ secrets.NPM_TOKEN }}\n`,
  "permissions:\n  id-token: write\n  contents: read\n  packages: write\n",
  "description: |\n  Takes the password from the vault\n  and the token from nowhere.\n",
];

const COMMANDS = [
  "docker run -d -p 8080:80 -u node registry.example.com/shop:1.4.2",
  "mkdir -p /var/lib/shop/passwords",
  "ssh -p 2222 deploy@bastion.example.com",
  "docker login --username AWS --password-stdin 111122223333.dkr.ecr.eu-west-1.amazonaws.com",
  "aws secretsmanager get-secret-value --secret-id shop/prod/db --query SecretString",
  "psql -h db.example.com -p 5432 -U shop -w",
  "mvn -P production,secure verify -pl shop-core",
  "pytest -p no:cacheprovider -k password_reset",
];

const SORTS: readonly LookAlikeSort[] = [
  {
    title: "commit id",
    make: (r) => ({ commitId: hex(r, 40), message: `Merge ${hex(r, 40)} into main`, before: hex(r, 40) }),
  },
  {
    title: "SHA-256 in hexadecimal",
    make: (r) => ({ checksum: digest(r, "sha256", "hex"), note: `sha256 ${digest(r, "sha256", "hex")}` }),
  },
  {
    title: "SHA-512 in base64",
    make: (r) => ({
      integrity: `sha512-${digest(r, "sha512", "base64")}`,
      resolved: "https://npm.acme.example/x/-/x-1.0.0.tgz",
    }),
  },
  {
    title: "hash in base64",
    make: (r) => ({ codeSha256: digest(r, "sha256", "base64"), contentMD5: digest(r, "md5", "base64") }),
  },
  {
    title: "UUID",
    make: (r) => ({
      eventID: uuid(r),
      clientRequestToken: uuid(r),
      pipelineExecutionId: uuid(r),
      note: `started by ${uuid(r)}`,
    }),
  },
  {
    title: "ARN of a secret",
    make: (r) => ({ requestParameters: { secretId: secretArn(r) }, valueFrom: `${secretArn(r)}:password::` }),
  },
  {
    title: "ARN of a role",
    make: (r) => ({
      roleArn: `arn:aws:iam::${ACCOUNT}:role/password-rotator-${hex(r, 8)}`,
      kmsKeyId: `arn:aws:kms:eu-west-1:${ACCOUNT}:key/${uuid(r)}`,
    }),
  },
  {
    title: "image digest",
    make: (r) => ({
      image: `${ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/auth-token@sha256:${hex(r, 64)}`,
      imageDigest: `sha256:${hex(r, 64)}`,
    }),
  },
  {
    title: "access key id",
    make: (r) => ({
      accessKeyId: keyId(r),
      principalId: `${keyId(r)}:deploy`,
      note: `the key ${keyId(r)} is 120 days old`,
    }),
  },
  {
    title: "request id",
    make: (r) => ({
      "x-amz-id-2": `${bytes(r, 56).toString("base64")}`,
      "x-amz-request-id": letters(r, UPPER + DIGITS, 16),
    }),
  },
  {
    title: "trace header",
    make: (r) => ({
      "X-Amzn-Trace-Id": `Root=1-${hex(r, 8)}-${hex(r, 24)};Parent=${hex(r, 16)};Sampled=1`,
      traceparent: `00-${hex(r, 32)}-${hex(r, 16)}-01`,
    }),
  },
  {
    title: "URL of an object",
    make: (r) => ({
      url: `https://shop.s3.eu-west-1.amazonaws.com/build/${uuid(r)}.zip?versionId=${alphanumeric(r, 32)}&X-Amz-Date=20261122T101500Z&X-Amz-Expires=300&X-Amz-SignedHeaders=host`,
    }),
  },
  {
    title: "URL of a log stream",
    make: (r) => ({
      deepLink: `https://console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logEvent:group=/aws/codebuild/auth;stream=${uuid(r)}`,
      compare_url: `https://github.com/acme/shop/compare/${hex(r, 12)}...${hex(r, 12)}`,
    }),
  },
  {
    title: "policy document",
    make: (r) => ({
      requestParameters: {
        policyDocument: JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Sid: `S${hex(r, 6)}`, ...pick(r, POLICIES) }],
        }),
      },
    }),
  },
  {
    title: "dotted words",
    make: (r) => ({
      type: `com.acme.token.${letters(r, "abcdefgh", 8)}.Service`,
      class: `eyJ.${alphanumeric(r, 8)}.${alphanumeric(r, 8)}`,
      host: `SG.${letters(r, "abc", 5)}.example.com`,
    }),
  },
  {
    title: "base64 of a hash",
    make: (r) => ({ data: base64(digest(r, "sha256", "hex")), cursor: base64(`cursor:v2:${hex(r, 16)}`) }),
  },
  {
    title: "node id",
    make: (r) => ({
      node_id: base64(`6:Commit${letters(r, DIGITS, 9)}:${hex(r, 40)}`),
      id: `U_kgDO${alphanumeric(r, 6)}`,
    }),
  },
  { title: "prose", make: (r, copy) => ({ head_commit: { message: PROSE[copy], id: hex(r, 40) } }) },
  { title: "code", make: (r, copy) => ({ patch: `@@ -1 +1 @@\n+${CODE[copy]}\n`, sha: hex(r, 40) }) },
  { title: "configuration", make: (r, copy) => ({ environment: `${CONFIGURATION[copy]}\nBUILD=${hex(r, 8)}\n` }) },
  { title: "manifest", make: (r, copy) => ({ manifest: `# ${hex(r, 8)}\n${MANIFESTS[copy]}` }) },
  { title: "command", make: (r, copy) => ({ commands: [COMMANDS[copy], `echo ${hex(r, 12)}`] }) },
  {
    title: "references",
    make: (r) => ({
      environmentVariables: [
        { name: "DB_PASSWORD", value: `/shop/prod/db-${hex(r, 4)}`, type: "PARAMETER_STORE" },
        { name: "API_TOKEN", value: `shop/prod:token:${hex(r, 4)}`, type: "SECRETS_MANAGER" },
      ],
    }),
  },
  {
    title: "public key",
    make: (r) => ({
      publicKey: `ssh-ed25519 ${bytes(r, 51).toString("base64")} ana@example.com`,
      certificate: `-----BEGIN CERTIFICATE-----\n${bytes(r, 45).toString("base64")}\n-----END CERTIFICATE-----`,
    }),
  },
  {
    title: "answer of CloudTrail",
    make: (r) => ({
      requestParameters: {
        secretString: "HIDDEN_DUE_TO_SECURITY_REASONS",
        masterUserPassword: "****",
        passwordResetRequired: true,
        nextToken: `page-${hex(r, 8)}`,
      },
      additionalEventData: { MFAUsed: "Yes", SignatureVersion: "SigV4", AuthenticationMethod: "AuthHeader" },
    }),
  },
];

const PER_SORT = 8;

export const LOOK_ALIKES: readonly LookAlike[] = SORTS.flatMap(({ title, make }, index) =>
  Array.from({ length: PER_SORT }, (_, copy) => {
    const number = index * PER_SORT + copy;
    return { title, number, event: make(seeded(1_000 + number), copy) };
  }),
);
