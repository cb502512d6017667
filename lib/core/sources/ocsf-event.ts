/** What every OCSF event of ours begins with (https://schema.ocsf.io/1.8.0). */
import { INFORMATIONAL, OCSF_VERSION, type OcsfEvent } from "../record/ocsf.ts";
import { partitionOf } from "./aws/arn.ts";
import { bounded, defined } from "./fields.ts";

/** A DynamoDB sort key holds 1,024 bytes, of which the time takes its part. */
const MAX_UID_CHARS = 256;

type ClassPart = Pick<OcsfEvent, "class_uid" | "category_uid" | "activity_id" | "type_uid" | "severity_id">;

export function classPart(classUid: number, activityId: number): ClassPart {
  return {
    class_uid: classUid,
    category_uid: Math.floor(classUid / 1000),
    activity_id: activityId,
    type_uid: classUid * 100 + activityId,
    severity_id: INFORMATIONAL,
  };
}

export interface Provenance {
  readonly uid: string;
  readonly product: string;
  readonly vendor: string;
  readonly code: string;
  readonly originalTime?: string | undefined;
  readonly profiles: readonly string[];
}

export function metadata({ uid, product, vendor, code, originalTime, profiles }: Provenance): OcsfEvent["metadata"] {
  return defined({
    version: OCSF_VERSION,
    uid: bounded(uid, MAX_UID_CHARS),
    product: { name: product, vendor_name: vendor },
    event_code: code,
    original_time: originalTime,
    profiles,
  });
}

export function awsCloud(account: string | undefined, region: string | undefined): NonNullable<OcsfEvent["cloud"]> {
  return defined({
    provider: "AWS",
    account: account === undefined ? undefined : { uid: account },
    region,
    cloud_partition: region === undefined ? undefined : partitionOf(region),
  });
}
