/** `gatebook grant` on the running stack: a role is asked for, approved by another, used, and over; all of it is in one trace. */
import { randomUUID } from "node:crypto";
import { glob, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { expect, onTestFinished, test, vi } from "vitest";
import * as z from "zod";
import { dynamoDbGrantStore } from "../../lib/adapters/dynamodb-grant-store.ts";
import { iamTrustPolicies } from "../../lib/adapters/iam-trust-policies.ts";
import type { GrantStore } from "../../lib/core/grants/grant-store.ts";
import type { AuditRecord } from "../../lib/core/record/audit-record.ts";
import type { Settings } from "../../lib/core/settings.ts";
import { LOCAL_ACCOUNT, LOCAL_OWNER_KEY } from "../../lib/local/aws-service.ts";
import { settingsFor } from "../../lib/local/clients.ts";
import { putRecordedEvents } from "../../lib/local/put-recorded-events.ts";
import { gatebook, linesOf, temporaryFolder } from "../commands/gatebook.ts";
import { synthesisedAnew } from "./assembly.ts";
import { invoke } from "./invoke.ts";
import { readRecords } from "./recorded.ts";
import { outputOf, PATIENCE, type RunningCloud, run } from "./running-cloud.ts";

const ANA = "arn:aws:iam::111122223333:user/ana";
const BO = "arn:aws:iam::111122223333:user/bo";
const HOUR_MS = 60 * 60 * 1000;
/** Ten commands, each a process of its own. */
const PATIENT_MS = 240_000;

const DEPLOY_ROLE = `arn:aws:iam::${LOCAL_ACCOUNT}:role/shop-deploy`;
const TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: { Effect: "Allow", Principal: { Service: "codebuild.amazonaws.com" }, Action: "sts:AssumeRole" },
});
const Policy = z.looseObject({ PolicyDocument: z.looseObject({ Statement: z.array(z.unknown()) }) });

/** As the stack would be with `grants.enforce`. */
const enforcing: Parameters<typeof synthesisedAnew>[1] = ({ Resources }) => {
  const [, policy] = Object.entries(Resources).find(([id]) => id.startsWith("GrantsCloseRoleDefaultPolicy")) ?? [];
  const { PolicyDocument } = Policy.parse(policy?.Properties);
  const Action = ["iam:GetRole", "iam:UpdateAssumeRolePolicy"];
  PolicyDocument.Statement.push({ Effect: "Allow", Action, Resource: DEPLOY_ROLE });
  Object.assign(policy?.Properties ?? {}, { PolicyDocument });
};

/** Bo alone releases and develops; Ana is nobody in the shop. */
async function assemblyWithoutAna(folder: string): Promise<string> {
  const copy = await synthesisedAnew(folder, enforcing);
  for await (const file of glob(join(copy, "asset.*", "settings.json"))) {
    const { configuration, ...settings } = JSON.parse(await readFile(file, "utf8")) as Settings;
    const [bo] = ["bo@acme.example"];
    const { shop } = configuration.projects;
    const environments = { production: { ...shop?.environments["production"], deployRoles: [DEPLOY_ROLE] } };
    const projects = { shop: { ...shop, environments, roles: { developer: [bo], "release-manager": [bo] } } };
    const changed = { ...configuration, teams: {}, projects, grants: { enforce: "trust-policy" } };
    await writeFile(file, JSON.stringify({ ...settings, configuration: changed }));
  }
  return copy;
}

/** She stops the release, now; AWS lets her. */
async function anaStops(running: RunningCloud): Promise<string> {
  const eventID = randomUUID();
  const time = new Date().toISOString().replace(/\.\d+Z$/, "Z");
  const detail = {
    eventVersion: "1.11",
    userIdentity: {
      type: "IAMUser",
      arn: ANA,
      accountId: "111122223333",
      userName: "ana",
      accessKeyId: "AKIAEXAMPLEANA000001",
    },
    eventTime: time,
    eventSource: "codepipeline.amazonaws.com",
    eventName: "StopPipelineExecution",
    awsRegion: "eu-west-1",
    sourceIPAddress: "198.51.100.17",
    requestParameters: { pipelineName: "shop-release", pipelineExecutionId: randomUUID(), abandon: false },
    eventID,
    readOnly: false,
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: "111122223333",
    eventCategory: "Management",
  };
  const envelope = {
    version: "0",
    id: randomUUID(),
    "detail-type": "AWS API Call via CloudTrail",
    source: "aws.codepipeline",
  };
  const place = { account: "111122223333", region: "eu-west-1", resources: [] };
  await putRecordedEvents(running.cloud.url, [{ ...envelope, ...place, time, detail }]);
  return eventID;
}

async function recordOf(running: RunningCloud, isMeant: (record: AuditRecord) => boolean): Promise<AuditRecord> {
  const find = async () => (await readRecords(running)).find(isMeant);
  return vi.waitFor(async () => {
    const found = await find();
    if (found === undefined) throw new Error("it is not recorded");
    return found;
  }, PATIENCE);
}

const stoppedBy = (event: string) => (record: AuditRecord) => record.event.metadata.uid === event;
const told = (type: string) => (record: AuditRecord) => record.event.metadata.event_code === type;

async function moveBack(grants: GrantStore, id: string): Promise<void> {
  const grant = await grants.read(id);
  if (grant?.approved === undefined) throw new Error(`${id} is not approved`);
  const approved = { ...grant.approved, time: grant.approved.time - 2 * HOUR_MS };
  expect(await grants.replace({ ...grant, version: grant.version + 1, approved })).toBe("stored");
}

test(
  "a role for a while lets somebody in, is named in the evidence, and its end is checked",
  async () => {
    const folder = await temporaryFolder();
    const running = await run(join(folder, ".gatebook"), await assemblyWithoutAna(folder));
    onTestFinished(() => running.close());
    const grant = (...args: string[]) => gatebook(["grant", ...args], folder);

    const iam = new IAMClient(settingsFor(running.cloud.url, LOCAL_OWNER_KEY));
    onTestFinished(() => iam.destroy());
    await iam.send(new CreateRoleCommand({ RoleName: "shop-deploy", AssumeRolePolicyDocument: TRUST }));
    const before = await recordOf(running, stoppedBy(await anaStops(running)));
    expect(before).toMatchObject({ access: { outcome: "deny", policies: [] }, person: "ana@acme.example" });

    const wanted = ["release-manager", "--on", "shop/production", "--for", "1h", "--reason", "INC-42"];
    const nobody = await grant("request", ...wanted);
    expect([nobody.code, nobody.stderr]).toEqual([2, expect.stringContaining(":root is nobody of gatebook.yml")]);
    const held = await grant("request", ...wanted, "--as", BO);
    expect([held.code, held.stderr]).toEqual([
      2,
      expect.stringContaining("is release-manager of shop/production already"),
    ]);
    const asked = await grant("request", ...wanted, "--as", ANA, "--json");
    expect([asked.code, asked.stderr]).toEqual([0, ""]);
    const id = String(linesOf(asked.stdout)[0]?.["id"]);
    const own = await grant("approve", id, "--as", ANA);
    expect([own.code, own.stderr]).toEqual([2, expect.stringContaining("somebody else has to approve it")]);
    expect(await recordOf(running, stoppedBy(await anaStops(running)))).toMatchObject({ access: { outcome: "deny" } });

    const approved = await grant("approve", id, "--as", BO);
    expect([approved.code, approved.stdout]).toEqual([0, expect.stringContaining(`${id}  active`)]);
    // A second's reading may still be good for what happens in the same one.
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const allowed = await recordOf(running, stoppedBy(await anaStops(running)));
    expect(allowed).toMatchObject({
      access: {
        outcome: "allow",
        policies: ["release-managers-operate"],
        grant: id,
        questions: [{ temporaryRoles: [{ grant: id }] }],
      },
      findings: expect.not.arrayContaining([
        expect.objectContaining({ rule: { id: expect.stringMatching(/^policy:/) } }),
      ]),
      links: expect.arrayContaining([id]),
    });

    await invoke(running, "close-grants");
    const until = JSON.stringify({ DateLessThan: { "aws:CurrentTime": untilOf(approved.stdout) } });
    expect(await iamTrustPolicies(iam).read(DEPLOY_ROLE)).toContain(
      `{"AWS":["${ANA}"]},"Action":"sts:AssumeRole","Condition":${until}`,
    );

    const grants = dynamoDbGrantStore({ client: running.clients.dynamodb, tableName: await grantTable(running) });
    await moveBack(grants, id);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const late = await recordOf(running, stoppedBy(await anaStops(running)));
    expect(late).toMatchObject({
      access: { outcome: "deny", grant: id },
      findings: expect.arrayContaining([
        expect.objectContaining({ rule: { id: "policy:grant-ended", title: expect.any(String) } }),
      ]),
    });
    await invoke(running, "close-grants");
    expect(await iamTrustPolicies(iam).read(DEPLOY_ROLE)).toBe(TRUST);
    expect(await recordOf(running, told("grant.ended"))).toMatchObject({ trace: id, action: "access.revoke" });
    const [listed] = linesOf((await grant("list", "--json")).stdout);
    expect(listed).toMatchObject({ id, state: "ended", isClosed: true });

    const traced = await gatebook(["search", "--trace", id, "--json"], folder);
    const found = linesOf(traced.stdout).map(({ record }) => (record as AuditRecord).event.metadata.event_code);
    expect(found.toSorted()).toEqual([
      "StopPipelineExecution",
      "StopPipelineExecution",
      "grant.approved",
      "grant.ended",
      "grant.requested",
      "grant.trust-added",
      "grant.trust-removed",
    ]);
    expect(running.faults).toEqual([]);
  },
  PATIENT_MS,
);

/** As the command prints it, to the second. */
function untilOf(text: string): string {
  return `${/until +(\S+)\.\d+Z/.exec(text)?.[1]}Z`;
}

/** As the functions find it. */
async function grantTable(running: RunningCloud): Promise<string> {
  const { TableNames = [] } = await running.clients.dynamodb.send(new ListTablesCommand());
  const name = TableNames.find((each) => each.includes("GrantTable"));
  if (name === undefined) throw new Error(`no table of grants beside ${outputOf(running, "IndexTable")}`);
  return name;
}
