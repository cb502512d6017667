/** What a million events cost: the requests and units that were counted, at the prices of prices.ts. */
import type { Measurement } from "./measurement.ts";
import { DYNAMODB_READ_UNIT, DYNAMODB_WRITE_UNIT, PRICES_OF, requestPrice, SQS_REQUEST } from "./prices.ts";

const MILLION = 1_000_000;
/** Messages to a request of SQS's pollers, at best. */
const MESSAGES_TO_A_CALL = 10;
/** A message comes in by itself, is received and deleted among others. */
const QUEUE_REQUESTS_PER_EVENT = 1 + 2 / MESSAGES_TO_A_CALL;
/** Whether it is known is asked of the index for each event, strongly consistent: a unit each, whether there is an item or not. */
const READ_UNITS_PER_EVENT = 1;

export interface Counted {
  /** Events that the calls were for. */
  readonly events: number;
  /** How often each was called, by `service Operation`. */
  readonly calls: ReadonlyMap<string, number>;
  readonly writeUnitsPerEvent: number;
}

/** Storage, Lambda's time, the API's requests and the alerts' mails aside, which follow from size and use and not from the count alone. */
export function priceOf({ events, calls, writeUnitsPerEvent }: Counted): Measurement[] {
  const requests = [...calls].reduce((sum, [name, count]) => {
    const [service = "", operation = ""] = name.split(" ");
    return sum + count * requestPrice(service, operation);
  }, 0);
  const parts = {
    "requests of a full batch": (requests / events) * MILLION,
    "the intake queue's own requests": QUEUE_REQUESTS_PER_EVENT * SQS_REQUEST * MILLION,
    "DynamoDB, write units": writeUnitsPerEvent * DYNAMODB_WRITE_UNIT * MILLION,
    "DynamoDB, read units": READ_UNITS_PER_EVENT * DYNAMODB_READ_UNIT * MILLION,
  };
  const total = Object.values(parts).reduce((sum, part) => sum + part, 0);
  const line = (work: string, value: number): Measurement => ({
    benchmark: "aws-calls",
    work,
    value,
    unit: "US$/million events",
  });
  return [
    line(`price, us-east-1, list of ${PRICES_OF}`, total),
    ...Object.entries(parts).map(([what, value]) => line(`  ${what}`, value)),
  ];
}
