/** AWS::DynamoDB::Table and ::GlobalTable. */
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  type KeySchemaElement,
  ResourceNotFoundException,
  type TableDescription,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import { LOCAL_ACCOUNT, LOCAL_REGION } from "../aws-service.ts";
import type { Clients } from "../clients.ts";
import { LocalCloudError } from "../local-cloud-error.ts";
import { physicalName } from "./physical-name.ts";
import { Flag, notServed, resourceType } from "./resource-type.ts";

const MAX_NAME = 255;
const CREATION_SECONDS = 30;

const KeySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(["HASH", "RANGE"]) }));
const Projection = z.object({
  ProjectionType: z.enum(["ALL", "KEYS_ONLY", "INCLUDE"]),
  NonKeyAttributes: z.array(z.string()).optional(),
});
const Indexes = z.array(z.object({ IndexName: z.string(), KeySchema, Projection }));

const properties = z.object({
  TableName: z.string().optional(),
  AttributeDefinitions: z.array(z.object({ AttributeName: z.string(), AttributeType: z.enum(["S", "N", "B"]) })),
  KeySchema,
  GlobalSecondaryIndexes: Indexes.optional(),
  LocalSecondaryIndexes: Indexes.optional(),
  TimeToLiveSpecification: z.object({ AttributeName: z.string().optional(), Enabled: Flag }).optional(),
  StreamSpecification: notServed("tables have no streams"),
  ImportSourceSpecification: notServed("tables start empty"),
  Replicas: z
    .array(z.looseObject({ Region: z.string() }))
    .max(1, "not served locally: there is one region")
    .optional(),
});

export const table = resourceType({
  properties,
  // Throughput is what the machine gives; whoever can delete the folder can delete the table.
  withoutMeaning: [
    "BillingMode",
    "ProvisionedThroughput",
    "WriteOnDemandThroughputSettings",
    "WriteProvisionedThroughputSettings",
    "OnDemandThroughput",
    "PointInTimeRecoverySpecification",
    "DeletionProtectionEnabled",
    "SSESpecification",
    "TableClass",
    "ContributorInsightsSpecification",
    "WarmThroughput",
  ],
  async make(wanted, { stackName, logicalId }, { clients, report }) {
    const name = wanted.TableName ?? physicalName(stackName, logicalId, MAX_NAME);
    await ensureTable(clients, {
      TableName: name,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: wanted.AttributeDefinitions,
      KeySchema: wanted.KeySchema,
      ...(wanted.GlobalSecondaryIndexes && { GlobalSecondaryIndexes: wanted.GlobalSecondaryIndexes }),
      ...(wanted.LocalSecondaryIndexes && { LocalSecondaryIndexes: wanted.LocalSecondaryIndexes }),
    });
    if (wanted.TimeToLiveSpecification?.Enabled) report(`${logicalId}: items do not expire locally`);
    const arn = `arn:aws:dynamodb:${LOCAL_REGION}:${LOCAL_ACCOUNT}:table/${name}`;
    return { ref: name, attributes: { Arn: arn, TableId: name } };
  },
});

async function ensureTable({ dynamodb }: Clients, wanted: CreateTableCommandInput): Promise<void> {
  const { TableName } = wanted;
  try {
    const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
    if (shapeOf(Table) === shapeOf(wanted)) return;
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
    await dynamodb.send(new CreateTableCommand(wanted));
    await waitUntilTableExists(
      { client: dynamodb, maxWaitTime: CREATION_SECONDS, minDelay: 1, maxDelay: 1 },
      { TableName },
    );
    return;
  }
  throw new LocalCloudError(
    "DEPLOYMENT_FAILED",
    `Table ${TableName} exists with other keys or indexes, which cannot be changed locally: start with an empty directory`,
  );
}

function shapeOf(described: TableDescription | CreateTableCommandInput | undefined): string {
  const indexes = [...(described?.GlobalSecondaryIndexes ?? []), ...(described?.LocalSecondaryIndexes ?? [])];
  const shapes = indexes.map(({ IndexName, KeySchema: keys, Projection: projection }) => [
    IndexName,
    keysOf(keys),
    projection?.ProjectionType,
    [...(projection?.NonKeyAttributes ?? [])].sort(),
  ]);
  shapes.sort((one, other) => String(one[0]).localeCompare(String(other[0])));
  return JSON.stringify([keysOf(described?.KeySchema), shapes]);
}

function keysOf(schema: KeySchemaElement[] | undefined): readonly string[] {
  return (schema ?? []).map(({ AttributeName, KeyType }) => `${KeyType} ${AttributeName}`);
}
