/** What EventBridge and Security Hub are sent of a finding, and what of their answers keeps it in its queue. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SecurityHubClient } from "@aws-sdk/client-securityhub";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { eventBusFindings } from "../../lib/adapters/event-bus-findings.ts";
import { securityHubFindings } from "../../lib/adapters/security-hub-findings.ts";
import { FINDING, findingWith } from "../core/alerting/findings.ts";

const BUS = "arn:aws:events:eu-west-1:111122223333:event-bus/GatebookFindings";
const PRODUCT = "arn:aws:securityhub:eu-west-1:111122223333:product/111122223333/default";
/** EventBridge's limit for an entry; Security Hub's for a finding. */
const MAX_ENTRY_BYTES = 256 * 1024;
const MAX_FINDING_BYTES = 240 * 1024;

interface Sent {
  readonly path: string;
  readonly body: string;
}

let server: Server;
let sent: Sent[] = [];
let answer: { readonly status: number; readonly body: object };
let settings: { endpoint: string; region: string; maxAttempts: number; credentials: object };
beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      sent.push({ path: request.url ?? "", body: Buffer.concat(chunks).toString() });
      response.writeHead(answer.status, { "content-type": "application/json" }).end(JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  settings = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: "eu-west-1",
    maxAttempts: 1,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
  sent = [];
});

const long = "長".repeat(2_048);
const huge = findingWith({ why: long, principal: long, next: Array(50).fill(long), changes: Array(50).fill(long) });

describe("an event bus", () => {
  const bus = () => eventBusFindings({ client: new EventBridgeClient(settings as object), bus: BUS });
  const took = { status: 200, body: { FailedEntryCount: 0, Entries: [{ EventId: "1" }] } };
  const entries = () => JSON.parse(sent[0]?.body ?? "{}").Entries;

  test("gets a finding as an OCSF Detection Finding, under a source and a type to make rules for", async () => {
    answer = took;
    await bus().put(FINDING);
    const [{ Detail, ...entry }] = entries();
    expect(entry).toEqual({ EventBusName: BUS, Source: "gatebook", DetailType: "Detection Finding" });
    expect(JSON.parse(Detail)).toMatchObject({ class_uid: 2004, finding_info: { uid: FINDING.uid } });
  });

  test("gets what is too large for it cut, with a word about that", async () => {
    answer = took;
    await bus().put(huge);
    const [{ Detail }] = entries();
    expect(Buffer.byteLength(Detail)).toBeLessThan(MAX_ENTRY_BYTES);
    expect(JSON.parse(Detail)).toMatchObject({ metadata: { is_truncated: true }, finding_info: { uid: FINDING.uid } });
  });

  test("gets letters that some services refuse as escapes", async () => {
    answer = took;
    await bus().put(findingWith({ why: "\uffff\ufffe\u{1f600}\ud800" }));
    const [{ Detail }] = entries();
    expect(Detail).toMatch(/^[\x20-\x7e]*$/);
    expect(JSON.parse(Detail).finding_info.desc).toBe("\uffff\ufffe\u{1f600}\ud800");
  });

  test.each<[string, typeof answer, RegExp]>([
    [
      "refuses the entry",
      { status: 200, body: { FailedEntryCount: 1, Entries: [{ ErrorCode: "InternalFailure", ErrorMessage: "busy" }] } },
      /did not take finding f+: busy/,
    ],
    ["answers without an entry", { status: 200, body: {} }, /no answer for it/],
    ["denies", { status: 400, body: { __type: "AccessDeniedException", message: "no" } }, /no/],
    ["is away", { status: 500, body: {} }, /./],
  ])("that %s keeps the finding in its queue", async (_, given, message) => {
    answer = given;
    await expect(bus().put(FINDING)).rejects.toThrow(message);
  });
});

describe("Security Hub", () => {
  const hub = () => securityHubFindings({ client: new SecurityHubClient(settings as object), productArn: PRODUCT });
  const took = { status: 200, body: { FailedCount: 0, SuccessCount: 1, FailedFindings: [] } };
  const findings = () => JSON.parse(sent[0]?.body ?? "{}").Findings;

  test("gets a finding in its own format, under the same id each time", async () => {
    answer = took;
    await hub().put(FINDING);
    await hub().put(FINDING);
    expect(sent.map(({ path }) => path)).toEqual(["/findings/import", "/findings/import"]);
    expect(sent[0]?.body).toBe(sent[1]?.body);
    expect(findings()).toEqual([
      {
        SchemaVersion: "2018-10-08",
        Id: FINDING.uid,
        ProductArn: PRODUCT,
        GeneratorId: `gatebook/${FINDING.rule.id}`,
        AwsAccountId: "111122223333",
        Types: ["Unusual Behaviors/User"],
        CreatedAt: "2026-07-01T13:03:22Z",
        UpdatedAt: "2026-07-01T13:03:22Z",
        Severity: { Label: "HIGH" },
        Title: "Approved by the starter",
        Description: "ana@acme.example: PutApprovalResult. Nobody else has looked at it.",
        Remediation: { Recommendation: { Text: FINDING.next.join(" ") } },
        ProductFields: {
          "gatebook/principal": FINDING.principal,
          "gatebook/person": "ana@acme.example",
          "gatebook/action": "pipeline.approve",
          "gatebook/operation": "PutApprovalResult",
          "gatebook/event": FINDING.event,
        },
        Resources: [{ Type: "Other", Id: FINDING.resource, Partition: "aws", Region: "eu-west-1" }],
        RecordState: "ACTIVE",
      },
    ]);
  });

  test("gets no text that is longer than it takes, and none that is empty", async () => {
    answer = took;
    await hub().put({ ...huge, rule: { id: long, title: long }, resource: " ", operation: "", event: "" });
    const [finding] = findings();
    expect(finding.Title).toHaveLength(256);
    expect(finding.Description).toHaveLength(1_024);
    expect(finding.GeneratorId).toHaveLength(512);
    expect(finding.Remediation.Recommendation.Text).toHaveLength(512);
    expect(finding.Resources[0].Id).toBe("unknown");
    expect(finding.ProductFields).toMatchObject({ "gatebook/operation": "unknown", "gatebook/event": "unknown" });
    expect(Buffer.byteLength(sent[0]?.body ?? "")).toBeLessThan(MAX_FINDING_BYTES);
  });

  test.each<[string, typeof answer, RegExp]>([
    [
      "refuses the finding",
      {
        status: 200,
        body: { FailedCount: 1, FailedFindings: [{ Id: "f", ErrorCode: "InvalidInput", ErrorMessage: "bad" }] },
      },
      /Security Hub did not take finding f+: bad/,
    ],
    ["is not enabled", { status: 403, body: { __type: "InvalidAccessException", message: "not subscribed" } }, /./],
  ])("that %s keeps the finding in its queue", async (_, given, message) => {
    answer = given;
    await expect(hub().put(FINDING)).rejects.toThrow(message);
  });
});
