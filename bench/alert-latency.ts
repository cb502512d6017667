/** From an event on the bus to its mail, through the whole stack in the local cloud: median and worst of a hundred. */
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SETTINGS_FILE, type Settings } from "../lib/core/settings.ts";
import { LOCAL_ACCOUNT } from "../lib/local/aws-service.ts";
import { startCloud } from "../lib/local/cloud.ts";
import { putRecordedEvents } from "../lib/local/put-recorded-events.ts";
import { withAssembly } from "./assembly.ts";
import { median } from "./compare.ts";
import type { Measurement } from "./measurement.ts";

const BENCHMARK = "alert-latency";
const ALERTS = 100;
/** Functions are cold before these. */
const FIRST_ALERTS = 3;
/** Longer than the window in which a batch is collected: each is a batch of its own. */
const SPACING_MS = 1_500;
/** What the configuration may have at most: the limit would make a digest of the others. */
const MAILS_PER_MINUTE = 1_000;
const MAX_WAIT_MS = 60_000;
const POLL_MS = 20;

export function measureAlertLatency(): Promise<Measurement[]> {
  return withAssembly(async (assembly, directory) => {
    mailEach(assembly);
    const arrivals = new Map<string, number>();
    const onMail = ({ body }: { readonly body: string }): void => {
      const trail = /trail\/bench-\d+/.exec(body)?.[0];
      if (trail !== undefined && !arrivals.has(trail)) arrivals.set(trail, performance.now());
    };
    const cloud = await startCloud({ assembly, directory, port: 0, onMail });
    try {
      const seconds: number[] = [];
      for (let number = 0; number < FIRST_ALERTS + ALERTS; number++) {
        const took = await timeOneAlert(cloud.url, number, arrivals);
        if (number >= FIRST_ALERTS) seconds.push(took / 1_000);
        await sleep(Math.max(0, SPACING_MS - took));
      }
      return [
        { benchmark: BENCHMARK, work: `PutEvents to mail, median of ${ALERTS}`, value: median(seconds), unit: "s" },
        { benchmark: BENCHMARK, work: `PutEvents to mail, worst of ${ALERTS}`, value: Math.max(...seconds), unit: "s" },
      ];
    } finally {
      await cloud.close();
    }
  });
}

function mailEach(assembly: string): void {
  for (const name of globSync(`*/${SETTINGS_FILE}`, { cwd: assembly })) {
    const file = join(assembly, name);
    const settings: Settings = JSON.parse(readFileSync(file, "utf8"));
    const { configuration } = settings;
    const alerts = { ...configuration.alerts, maxMailsPerMinute: MAILS_PER_MINUTE };
    writeFileSync(file, JSON.stringify({ ...settings, configuration: { ...configuration, alerts } }));
  }
}

/** @returns milliseconds */
async function timeOneAlert(url: string, number: number, arrivals: ReadonlyMap<string, number>): Promise<number> {
  const trail = `trail/bench-${number}`;
  const start = performance.now();
  await putRecordedEvents(url, [stopLogging(trail, number)]);
  for (let arrived = arrivals.get(trail); ; arrived = arrivals.get(trail)) {
    if (arrived !== undefined) return arrived - start;
    if (performance.now() - start > MAX_WAIT_MS) throw new Error(`no mail came about ${trail}`);
    await sleep(POLL_MS);
  }
}

/** Each trail is another resource, so that no alert is a repeat of the one before. */
function stopLogging(trail: string, number: number) {
  const region = "eu-west-1";
  const id = `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
  const user = `arn:aws:iam::${LOCAL_ACCOUNT}:user/bench`;
  const time = new Date().toISOString();
  return {
    version: "0",
    id,
    "detail-type": "AWS API Call via CloudTrail",
    source: "aws.cloudtrail",
    account: LOCAL_ACCOUNT,
    time,
    region,
    resources: [],
    detail: {
      eventVersion: "1.11",
      userIdentity: { type: "IAMUser", arn: user, accountId: LOCAL_ACCOUNT, userName: "bench" },
      eventTime: time,
      eventSource: "cloudtrail.amazonaws.com",
      eventName: "StopLogging",
      awsRegion: region,
      sourceIPAddress: "198.51.100.23",
      requestParameters: { name: `arn:aws:cloudtrail:${region}:${LOCAL_ACCOUNT}:${trail}` },
      responseElements: null,
      eventID: id,
      readOnly: false,
      eventType: "AwsApiCall",
      managementEvent: true,
      recipientAccountId: LOCAL_ACCOUNT,
    },
  };
}
