/** What lies in the evidence bucket, in a few lines. */
import { GetObjectRetentionCommand, ListObjectVersionsCommand, type ObjectVersion } from "@aws-sdk/client-s3";
import type { Clients } from "../../lib/local/clients.ts";

const MAX_LINES = 20;

export async function describeEvidence(
  { s3 }: Pick<Clients, "s3">,
  outputs: Readonly<Record<string, string>>,
): Promise<string> {
  const Bucket = outputs["EvidenceBucket"] ?? "";
  const { Versions = [], IsTruncated } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
  const lines = await Promise.all(
    Versions.slice(0, MAX_LINES).map((version) => describeVersion({ s3 }, Bucket, version)),
  );
  const more = Versions.length - lines.length;
  const rest = more > 0 || IsTruncated ? [`  … and ${IsTruncated ? "over " : ""}${more} more`] : [];
  return [`Evidence of ${outputs["LogOrigin"]}, in bucket ${Bucket}:`, ...lines, ...rest].join("\n");
}

async function describeVersion(
  { s3 }: Pick<Clients, "s3">,
  Bucket: string,
  { Key, VersionId, Size }: ObjectVersion,
): Promise<string> {
  const { Retention } = await s3.send(new GetObjectRetentionCommand({ Bucket, Key, VersionId }));
  const until = Retention?.RetainUntilDate?.toISOString().slice(0, "YYYY-MM-DD".length);
  return `  ${(Key ?? "").padEnd(26)} ${String(Size).padStart(8)} bytes, locked until ${until} (${Retention?.Mode})`;
}
