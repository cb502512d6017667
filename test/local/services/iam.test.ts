/** The credential report through AWS's own SDK. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  GenerateCredentialReportCommand,
  GetCredentialReportCommand,
  IAMClient,
  ListUsersCommand,
} from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { REPORT_COLUMNS, REPORT_FILE } from "../../../lib/local/services/iam/credential-report.ts";
import { iamService } from "../../../lib/local/services/iam/iam-service.ts";
import { grant, ROLE_KEY, startWorld, temporaryDirectory, type World } from "../gateway/world.ts";

const NOW = Date.parse("2026-11-22T16:00:00Z");

async function startIam(directory: string): Promise<World & { readonly iam: IAMClient }> {
  const world = await startWorld({ iam: await iamService({ directory, now: () => NOW }) });
  return { ...world, iam: new IAMClient(world.client()) };
}

async function readReport(iam: IAMClient): Promise<string> {
  const { Content = new Uint8Array(), GeneratedTime } = await iam.send(new GetCredentialReportCommand({}));
  expect(GeneratedTime).toEqual(new Date(NOW));
  return Buffer.from(Content).toString();
}

test("there is no report before one was generated", async () => {
  const { iam } = await startIam(await temporaryDirectory());
  await expect(iam.send(new GetCredentialReportCommand({}))).rejects.toMatchObject({
    name: "CredentialReportNotPresentException",
    $metadata: { httpStatusCode: 410 },
  });
});

test("an account without a file has a root and nobody else", async () => {
  const { iam } = await startIam(await temporaryDirectory());
  expect(await iam.send(new GenerateCredentialReportCommand({}))).toMatchObject({ State: "STARTED" });
  expect(await iam.send(new GenerateCredentialReportCommand({}))).toMatchObject({ State: "COMPLETE" });
  const [header, root, ...others] = (await readReport(iam)).split("\n");
  expect(header?.split(",")).toEqual(REPORT_COLUMNS);
  expect(root?.split(",").slice(0, 4)).toEqual([
    "<root_account>",
    "arn:aws:iam::000000000000:root",
    "2026-11-22T16:00:00+00:00",
    "not_supported",
  ]);
  expect(root?.split(",")).toHaveLength(REPORT_COLUMNS.length);
  expect(others).toEqual([]);
});

test("the file is the report, newest at each generation, and stays over a restart", async () => {
  const directory = await temporaryDirectory();
  const first = await startIam(directory);
  const report = (user: string): string =>
    `${REPORT_COLUMNS.join(",")}\n${user}${",N/A".repeat(REPORT_COLUMNS.length - 1)}\n`;
  await writeFile(join(directory, REPORT_FILE), report("ana"));
  await first.iam.send(new GenerateCredentialReportCommand({}));
  expect(await readReport(first.iam)).toBe(report("ana"));
  await writeFile(join(directory, REPORT_FILE), report("bo"));
  expect(await readReport(first.iam)).toBe(report("ana"));
  await first.iam.send(new GenerateCredentialReportCommand({}));
  const second = await startIam(directory);
  expect(await readReport(second.iam)).toBe(report("bo"));
});

test("a file that is no credential report is not passed off as one", async () => {
  const directory = await temporaryDirectory();
  const { iam, faults } = await startIam(directory);
  await writeFile(join(directory, REPORT_FILE), "user,arn\nana,x\n");
  await expect(iam.send(new GenerateCredentialReportCommand({}))).rejects.toMatchObject({ name: "InternalFailure" });
  expect(String(faults[0])).toContain("user_creation_time");
});

test("roles need permission, and the rest of IAM is not there", async () => {
  const { iam, policies, client } = await startIam(await temporaryDirectory());
  await expect(iam.send(new ListUsersCommand({}))).rejects.toMatchObject({ name: "NotImplemented" });
  grant(policies, { Effect: "Allow", Action: "iam:Generate*", Resource: "*" });
  const role = new IAMClient(client(ROLE_KEY));
  await role.send(new GenerateCredentialReportCommand({}));
  await expect(role.send(new GetCredentialReportCommand({}))).rejects.toMatchObject({
    $metadata: { httpStatusCode: 403 },
  });
});
