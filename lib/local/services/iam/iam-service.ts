/** AWS Identity and Access Management: the credential report, and roles' trust policies (https://docs.aws.amazon.com/IAM/latest/APIReference/). */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import * as z from "zod";
import { AwsError, type AwsReply, type AwsRequest, type AwsService } from "../../aws-service.ts";
import { notImplemented } from "../json-service.ts";
import { openStateFile } from "../state-file.ts";
import { readCredentialReport } from "./credential-report.ts";
import { arnOfRole, RolesSchema, roleOperations } from "./role-operations.ts";

const StateSchema = z.object({
  /** The time stands for the account's creation, which its root was created with. */
  accountCreatedAt: z.number(),
  report: z.object({ generatedAt: z.number(), content: z.string() }).optional(),
  roles: RolesSchema.default({}),
});

export interface IamServiceOptions {
  /** `credential-report.csv` in it is what the account's report says. */
  readonly directory: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * AWS keeps a report for four hours; here each generation reads the file anew, so that whoever edits it sees the change at once. The first
 * generation answers STARTED as on AWS, although the report is there by then.
 */
export async function iamService({ directory, now }: IamServiceOptions): Promise<AwsService> {
  const file = await openStateFile(join(directory, "iam.json"), StateSchema, { accountCreatedAt: now(), roles: {} });
  const { state } = file;
  const operations = new Map<string, () => Promise<string>>([
    [
      "GenerateCredentialReport",
      async () => {
        const first = state.report === undefined;
        const content = await readCredentialReport(directory, state.accountCreatedAt);
        state.report = { generatedAt: now(), content };
        await file.save();
        return first
          ? "<State>STARTED</State><Description>No report exists. Starting a new report generation task</Description>"
          : "<State>COMPLETE</State>";
      },
    ],
    [
      "GetCredentialReport",
      async () => {
        if (state.report === undefined) {
          throw new AwsError("ReportNotPresent", 410, "There is no credential report: generate one first.");
        }
        const { generatedAt, content } = state.report;
        return (
          `<Content>${Buffer.from(content).toString("base64")}</Content><ReportFormat>text/csv</ReportFormat>` +
          `<GeneratedTime>${new Date(generatedAt).toISOString()}</GeneratedTime>`
        );
      },
    ],
  ]);
  const ofRoles = roleOperations(state.roles, now);
  return {
    describe(request) {
      const parameters = new URLSearchParams(request.body.toString("utf8"));
      const operation = parameters.get("Action") ?? "";
      if (ofRoles.has(operation)) {
        return { operation, needs: [{ action: `iam:${operation}`, resource: arnOfRole(state.roles, parameters) }] };
      }
      if (!operations.has(operation)) throw notImplemented(`iam ${operation}`);
      return { operation, needs: [{ action: `iam:${operation}`, resource: "*" }] };
    },
    async handle(request: AwsRequest, operation) {
      const ofRole = ofRoles.get(operation);
      if (ofRole !== undefined) {
        const result = ofRole(new URLSearchParams(request.body.toString("utf8")));
        await file.save();
        return xmlReply(operation, result);
      }
      const answer = operations.get(operation);
      if (answer === undefined) throw notImplemented(`iam ${operation}`);
      return xmlReply(operation, await answer());
    },
  };
}

function xmlReply(operation: string, result: string): AwsReply {
  const requestId = randomUUID();
  const body =
    `<${operation}Response xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><${operation}Result>${result}</${operation}Result>` +
    `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${operation}Response>`;
  return { status: 200, headers: { "content-type": "text/xml", "x-amzn-requestid": requestId }, body };
}
