/** What AWS asks for requests, by its public price list: us-east-1, without free tiers, taxes and discounts. */

/** When this table was written. Before relying on it, compare it with the pages below: prices change, and differ by region. */
export const PRICES_OF = "2026-11-22";

const PER_THOUSAND = 1e-3;
const PER_TEN_THOUSAND = 1e-4;
const PER_MILLION = 1e-6;

/** US dollars for one. https://aws.amazon.com/dynamodb/pricing/on-demand/, Standard table class. */
export const DYNAMODB_WRITE_UNIT = 0.625 * PER_MILLION;
export const DYNAMODB_READ_UNIT = 0.125 * PER_MILLION;

/** https://aws.amazon.com/sqs/pricing/, standard queues; a request holds up to 64 KB, ten messages or not. */
export const SQS_REQUEST = 0.4 * PER_MILLION;

/** https://aws.amazon.com/s3/pricing/, S3 Standard: PUT, COPY, POST and LIST; GET and all others. */
const S3_WRITE = 0.005 * PER_THOUSAND;
const S3_READ = 0.0004 * PER_THOUSAND;
const S3_READS: ReadonlySet<string> = new Set([
  "GetObject",
  "HeadObject",
  "GetObjectTagging",
  "GetObjectRetention",
  "HeadBucket",
]);

const REQUESTS: Readonly<Record<string, number>> = {
  sqs: SQS_REQUEST,
  // https://aws.amazon.com/kms/pricing/, of keys on elliptic curves.
  kms: 0.15 * PER_TEN_THOUSAND,
  // https://aws.amazon.com/lambda/pricing/, the request alone.
  lambda: 0.2 * PER_MILLION,
  // https://aws.amazon.com/sns/pricing/
  sns: 0.5 * PER_MILLION,
  // https://aws.amazon.com/secrets-manager/pricing/
  secretsmanager: 0.05 * PER_TEN_THOUSAND,
  // https://aws.amazon.com/eventbridge/pricing/, events of one's own.
  events: 1 * PER_MILLION,
  // By its units, see above.
  dynamodb: 0,
};

/** @throws for a service that the table does not know: a price of nothing would be a lie */
export function requestPrice(service: string, operation: string): number {
  if (service === "s3") return S3_READS.has(operation) ? S3_READ : S3_WRITE;
  const price = REQUESTS[service];
  if (price === undefined) throw new Error(`${service} ${operation} has no price: add it to bench/prices.ts`);
  return price;
}
