/** Items of a DynamoDB table that are read consistently and replaced only as they were last read. */
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";

export type Attributes = Readonly<Record<string, AttributeValue>>;

interface Register {
  read(key: Attributes): Promise<Attributes | undefined>;
  /**
   * @param expected attributes that the item has; undefined where there is no item yet
   * @throws whatever else DynamoDB answers: the item may or may not have been stored then
   */
  replace(key: Attributes, expected: Attributes | undefined, next: Attributes): Promise<"stored" | "moved">;
}

export function dynamoDbRegister({
  client,
  tableName: TableName,
}: {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}): Register {
  return {
    async read(key) {
      return (await client.send(new GetItemCommand({ TableName, Key: key, ConsistentRead: true }))).Item;
    },
    async replace(key, expected, next) {
      try {
        await client.send(new PutItemCommand({ TableName, Item: { ...next, ...key }, ...condition(key, expected) }));
        return "stored";
      } catch (cause) {
        if (cause instanceof ConditionalCheckFailedException) return "moved";
        throw cause;
      }
    },
  };
}

function condition(key: Attributes, expected: Attributes | undefined) {
  const names = Object.keys(expected ?? key);
  const clause = (name: string) => (expected === undefined ? `attribute_not_exists(#${name})` : `#${name} = :${name}`);
  const values = Object.entries(expected ?? {}).map(([name, value]) => [`:${name}`, value]);
  return {
    ConditionExpression: names.map(clause).join(" AND "),
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ...(values.length > 0 && { ExpressionAttributeValues: Object.fromEntries(values) }),
  };
}
