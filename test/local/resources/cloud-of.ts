/** Starts a local cloud on a template that the test writes out. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { RaisedAlarm } from "../../../lib/local/alarms.ts";
import { LOCAL_OWNER_KEY } from "../../../lib/local/aws-service.ts";
import { type Clients, createClients } from "../../../lib/local/clients.ts";
import { type Cloud, startCloud } from "../../../lib/local/cloud.ts";
import type { Mail } from "../../../lib/local/mailbox.ts";

export interface StartedCloud {
  readonly cloud: Cloud;
  readonly clients: Clients;
  readonly directory: string;
  readonly steps: string[];
  readonly mails: Mail[];
  readonly alarms: RaisedAlarm[];
  readonly lines: string[];
  readonly faults: unknown[];
}

export interface TestTemplate {
  readonly Resources: Readonly<Record<string, object>>;
  readonly Outputs?: Readonly<Record<string, object>>;
}

/** A folder for assembly and state that goes away with the test. */
export async function emptyDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "gatebook-cloud-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true, maxRetries: 3 }));
  return directory;
}

/** The cloud closes with the test, or before by `cloud.close()`. */
export async function cloudOf(template: TestTemplate, within?: string): Promise<StartedCloud> {
  const root = within ?? (await emptyDirectory());
  const assembly = join(root, "cdk.out");
  const directory = join(root, ".gatebook");
  await mkdir(assembly, { recursive: true });
  const artifact = { type: "aws:cloudformation:stack", properties: { templateFile: "t.json", stackName: "Test" } };
  await writeFile(join(assembly, "manifest.json"), JSON.stringify({ version: "1", artifacts: { Test: artifact } }));
  await writeFile(join(assembly, "t.json"), JSON.stringify(template));
  const seen = { steps: [], mails: [], alarms: [], lines: [], faults: [] } as Pick<
    StartedCloud,
    "steps" | "mails" | "alarms" | "lines" | "faults"
  >;
  const cloud = await startCloud({
    assembly,
    directory,
    port: 0,
    onProgress: (step) => seen.steps.push(step),
    onMail: (mail) => seen.mails.push(mail),
    onAlarm: (alarm) => seen.alarms.push(alarm),
    onLog: (_, line) => seen.lines.push(line),
    onFault: (error) => seen.faults.push(error),
  });
  const clients = createClients(cloud.url, LOCAL_OWNER_KEY);
  onTestFinished(async () => {
    clients.close();
    await cloud.close();
  });
  return { ...seen, cloud, clients, directory };
}

/** A role for functions with one policy, which allows these actions. */
export function roleFor(statements: Readonly<Record<string, unknown>>): object {
  const allowed = Object.entries(statements).map(([Action, Resource]) => ({ Effect: "Allow", Action, Resource }));
  const trust = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } };
  return {
    Type: "AWS::IAM::Role",
    Properties: {
      AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [trust] },
      Policies:
        allowed.length === 0
          ? []
          : [{ PolicyName: "inline", PolicyDocument: { Version: "2012-10-17", Statement: allowed } }],
    },
  };
}

export function functionOf(code: string, role: string, properties: Readonly<Record<string, unknown>> = {}): object {
  return {
    Type: "AWS::Lambda::Function",
    Properties: {
      Code: { ZipFile: code },
      Handler: "index.handler",
      Runtime: "nodejs24.x",
      Role: { "Fn::GetAtt": [role, "Arn"] },
      Timeout: 10,
      MemorySize: 256,
      ...properties,
    },
  };
}

export const arnOf = (logicalId: string): object => ({ "Fn::GetAtt": [logicalId, "Arn"] });
