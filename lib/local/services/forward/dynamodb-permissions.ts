/** Which permission a DynamoDB request needs (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html). */
import * as z from "zod";
import { type AwsRequest, LOCAL_ACCOUNT, LOCAL_REGION, type Permission } from "../../aws-service.ts";
import { notImplemented, readJson, validationError } from "../json-service.ts";

/** What dynalite does. The rest is refused here, with its name. */
const OF_ONE_TABLE = new Set([
  "CreateTable",
  "DeleteItem",
  "DeleteTable",
  "DescribeTable",
  "DescribeTimeToLive",
  "GetItem",
  "PutItem",
  "UpdateItem",
  "UpdateTable",
]);
const OF_TABLE_OR_INDEX = new Set(["Query", "Scan"]);
const OF_MANY_TABLES = new Set(["BatchGetItem", "BatchWriteItem"]);
const OF_AN_ARN = new Set(["ListTagsOfResource", "TagResource", "UntagResource"]);

const Name = z.string().min(1);
const Table = z.looseObject({ TableName: Name });
const TableOrIndex = z.looseObject({ TableName: Name, IndexName: Name.optional() });
const Tables = z.looseObject({ RequestItems: z.record(Name, z.unknown()) });
const Resource = z.looseObject({ ResourceArn: Name });

export function describeDynamoDb(request: AwsRequest): { operation: string; needs: readonly Permission[] } {
  const [version, operation = ""] = (request.headers["x-amz-target"] ?? "").split(".");
  if (version !== "DynamoDB_20120810") throw notImplemented("dynamodb without the target DynamoDB_20120810");
  const resources = resourcesOf(operation, readJson(request));
  return { operation, needs: resources.map((resource) => ({ action: `dynamodb:${operation}`, resource })) };
}

function resourcesOf(operation: string, input: unknown): readonly string[] {
  if (operation === "ListTables") return ["*"];
  if (OF_ONE_TABLE.has(operation)) return [tableArn(read(Table, input).TableName)];
  if (OF_MANY_TABLES.has(operation)) return Object.keys(read(Tables, input).RequestItems).map(tableArn);
  if (OF_AN_ARN.has(operation)) return [read(Resource, input).ResourceArn];
  if (!OF_TABLE_OR_INDEX.has(operation)) throw notImplemented(`dynamodb ${operation}`);
  const { TableName, IndexName } = read(TableOrIndex, input);
  // An index is a resource of its own: permission for the table alone does not cover it.
  return [IndexName === undefined ? tableArn(TableName) : `${tableArn(TableName)}/index/${IndexName}`];
}

function tableArn(name: string): string {
  return name.startsWith("arn:") ? name : `arn:aws:dynamodb:${LOCAL_REGION}:${LOCAL_ACCOUNT}:table/${name}`;
}

function read<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw validationError(z.prettifyError(parsed.error));
}
