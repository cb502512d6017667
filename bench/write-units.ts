/** DynamoDB's write units by the sizes of items (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html). */
import {
  type AttributeValue,
  DescribeTableCommand,
  type DynamoDBClient,
  ListTablesCommand,
  paginateScan,
} from "@aws-sdk/client-dynamodb";

type Item = Readonly<Record<string, AttributeValue>>;

const UNIT_BYTES = 1_024;
/** Of a list or a map, and of each of its members. */
const CONTAINER_BYTES = 3;
const MEMBER_BYTES = 1;

/** Units that an entry of the index takes on average: its item, and a copy of it in each secondary index whose keys it has. */
export async function unitsPerEvent(client: DynamoDBClient, tableName: string): Promise<number> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName: tableName }));
  const indexKeys = (Table?.GlobalSecondaryIndexes ?? []).map(({ KeySchema = [] }) =>
    KeySchema.map(({ AttributeName = "" }) => AttributeName),
  );
  const items = await scan(client, tableName);
  const units = items.reduce((total, item) => {
    const copies = indexKeys.filter((keys) => keys.every((key) => key in item)).length;
    return total + unitsOf(item) * (1 + copies);
  }, 0);
  // Items that name no action say how far a commit went: they cost, and are no events.
  return units / items.filter((item) => "a" in item).length;
}

/** Units that one write to any of these tables takes at most, by their largest item. */
export async function largestUnits(client: DynamoDBClient, isMeant: (table: string) => boolean): Promise<number> {
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  const items = await Promise.all(TableNames.filter(isMeant).map((name) => scan(client, name)));
  return Math.max(0, ...items.flat().map(unitsOf));
}

async function scan(client: DynamoDBClient, tableName: string): Promise<Item[]> {
  const items: Item[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName: tableName })) items.push(...Items);
  return items;
}

function unitsOf(item: Item): number {
  const bytes = Object.entries(item).reduce((size, [name, value]) => size + Buffer.byteLength(name) + sizeOf(value), 0);
  return Math.ceil(bytes / UNIT_BYTES);
}

function sizeOf({ S, N, B, M, L, SS, NS, BS }: AttributeValue): number {
  if (S !== undefined) return Buffer.byteLength(S);
  // Two digits to a byte, and one more.
  if (N !== undefined) return Math.ceil(N.length / 2) + 1;
  if (B !== undefined) return B.byteLength;
  const members = [...(L ?? []), ...Object.values(M ?? {})];
  const names = Object.keys(M ?? {}).reduce((size, name) => size + Buffer.byteLength(name), 0);
  const scalars = [...(SS ?? []), ...(NS ?? [])].reduce((size, text) => size + Buffer.byteLength(text), 0);
  const blobs = (BS ?? []).reduce((size, bytes) => size + bytes.byteLength, 0);
  if (members.length === 0 && scalars + blobs > 0) return scalars + blobs;
  return members.reduce((size, member) => size + MEMBER_BYTES + sizeOf(member), CONTAINER_BYTES + names);
}
