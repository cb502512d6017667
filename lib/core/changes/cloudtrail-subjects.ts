/** What calls to AWS's services change, by the operation: each tells the whole state of one thing. */
import { serviceOf } from "../sources/cloudtrail/cloudtrail-action.ts";
import type { CloudTrailRecord } from "../sources/cloudtrail/cloudtrail-schema.ts";
import { defined } from "../sources/fields.ts";
import { isObject, type JsonObject } from "../sources/json.ts";
import { type Call, nameOf, PIPELINE, type ReadChange, type ToldChange } from "./change.ts";
import { codeBuildChanges } from "./codebuild-subjects.ts";
import { iamChanges } from "./iam-subjects.ts";
import { fromJsonText } from "./json-text.ts";
import { s3Changes } from "./s3-subjects.ts";

/** Lambda appends the version of its API: AddPermission20150331v2. */
const API_VERSION = /\d{8}(v\d+)?$/;

export function cloudTrailChange(record: CloudTrailRecord): ToldChange | undefined {
  const { eventName, eventSource, errorCode, requestParameters = {}, responseElements = {} } = record;
  if (errorCode !== undefined) return undefined;
  const operation = eventName.replace(API_VERSION, "");
  const read = CHANGES.get(`${serviceOf(eventSource)}:${operation}`);
  return read?.({ operation, request: requestParameters, response: responseElements });
}

const CHANGES: ReadonlyMap<string, ReadChange> = new Map<string, ReadChange>([
  ["codepipeline:CreatePipeline", (call) => ({ ...pipeline(call), before: null })],
  ["codepipeline:UpdatePipeline", pipeline],
  ["codepipeline:DeletePipeline", () => ({ kind: PIPELINE, after: null })],
  ...prefixed("codebuild", codeBuildChanges),
  ...prefixed("iam", iamChanges),
  ...prefixed("s3", s3Changes),
  ["secretsmanager:PutResourcePolicy", ({ request }) => policy("resource policy", request["resourcePolicy"])],
  ["secretsmanager:DeleteResourcePolicy", () => ({ kind: "resource policy", after: null })],
  ["kms:CreateKey", ({ request }) => ({ ...policy("key policy", request["policy"]), before: null })],
  ["kms:PutKeyPolicy", ({ request }) => policy("key policy", request["policy"])],
  ["ecr:SetRepositoryPolicy", ({ request }) => policy("repository policy", request["policyText"])],
  ["ecr:DeleteRepositoryPolicy", () => ({ kind: "repository policy", after: null })],
  ["ecr:CreateRepository", (call) => ({ ...tagMutability(call), before: null })],
  ["ecr:PutImageTagMutability", tagMutability],
  ["lambda:AddPermission", permissionAdded],
  ["lambda:RemovePermission", ({ request }) => ({ kind: permissionKind(request), after: null })],
  ["sns:CreateTopic", createdTopic],
  ["sns:SetTopicAttributes", topicPolicy],
  ["sqs:SetQueueAttributes", queuePolicy],
  ["codecommit:CreateApprovalRuleTemplate", (call) => ({ ...approvalTemplate(call), before: null })],
  ["codecommit:UpdateApprovalRuleTemplateContent", approvalTemplate],
  ["codecommit:DeleteApprovalRuleTemplate", (call) => ({ ...approvalTemplate(call), after: null })],
]);

function prefixed(service: string, changes: Readonly<Record<string, ReadChange>>): readonly [string, ReadChange][] {
  return Object.entries(changes).map(([operation, read]) => [`${service}:${operation}`, read]);
}

/** The answer has the version that the definition got; either has the whole definition, unless CloudTrail cut it off. */
function pipeline({ request, response }: Call): ToldChange {
  const definitions = [response["pipeline"], request["pipeline"]];
  return { kind: PIPELINE, after: definitions.find((each) => isObject(each) && Array.isArray(each["stages"])) };
}

/** A policy that is set to nothing is removed. */
function policy(kind: string, document: unknown): ToldChange {
  return { kind, after: document === "" ? null : fromJsonText(document) };
}

function tagMutability({ request, response }: Call): ToldChange {
  const { repository } = response;
  const told = request["imageTagMutability"] ?? (isObject(repository) ? repository["imageTagMutability"] : undefined);
  return { kind: "image tag mutability", after: told };
}

/** A statement that was there already would be refused: what is added is new. */
function permissionAdded({ request, response }: Call): ToldChange | undefined {
  const statement = fromJsonText(response["statement"]) ?? statementOf(request);
  return { kind: permissionKind(request), before: null, after: { Statement: [statement] } };
}

function permissionKind({ statementId }: JsonObject): string {
  return `permission ${nameOf(statementId)}`;
}

function statementOf({ principal, action, functionName, sourceArn, sourceAccount }: JsonObject): JsonObject {
  const isService = typeof principal === "string" && principal.endsWith(".amazonaws.com");
  const limits = [
    ...(sourceArn === undefined ? [] : [["ArnLike", { "AWS:SourceArn": sourceArn }] as const]),
    ...(sourceAccount === undefined ? [] : [["StringEquals", { "AWS:SourceAccount": sourceAccount }] as const]),
  ];
  return defined({
    Effect: "Allow",
    Principal: isService ? { Service: principal } : principal,
    Action: action,
    Resource: functionName,
    Condition: limits.length > 0 ? Object.fromEntries(limits) : undefined,
  });
}

/** Without a policy of its own, a topic is its account's. */
function createdTopic({ request: { attributes } }: Call): ToldChange | undefined {
  if (!isObject(attributes) || !Object.hasOwn(attributes, "Policy")) return undefined;
  return { ...policy("topic policy", attributes["Policy"]), before: null };
}

function topicPolicy({ request }: Call): ToldChange | undefined {
  return request["attributeName"] === "Policy" ? policy("topic policy", request["attributeValue"]) : undefined;
}

function queuePolicy({ request: { attributes, queueUrl } }: Call): ToldChange | undefined {
  if (!isObject(attributes) || !Object.hasOwn(attributes, "Policy")) return undefined;
  return { ...policy("queue policy", attributes["Policy"]), resource: nameOf(queueUrl) };
}

/** A template belongs to no repository, and has no ARN. */
function approvalTemplate({ request }: Call): ToldChange {
  const { approvalRuleTemplateName: name, approvalRuleTemplateContent, newRuleContent } = request;
  const after = fromJsonText(newRuleContent ?? approvalRuleTemplateContent);
  const kind = `approval rule template ${nameOf(name)}`;
  return { kind, after, resource: `codecommit:${kind}` };
}
