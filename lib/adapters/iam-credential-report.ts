/** IAM's credential report, made and fetched. */
import { setTimeout as sleep } from "node:timers/promises";
import { GenerateCredentialReportCommand, GetCredentialReportCommand, type IAMClient } from "@aws-sdk/client-iam";
import { GatebookError } from "../core/errors.ts";

const POLL_MS = 2_000;
/** A large account's first report takes minutes. */
const MAX_POLLS = 120;

/**
 * IAM makes a new report at most every four hours and hands out the last one in between.
 *
 * @returns the report's CSV
 * @throws GatebookError `UNAVAILABLE` when it does not get ready in four minutes
 */
export async function fetchCredentialReport(client: IAMClient): Promise<string> {
  for (let polls = 0; polls < MAX_POLLS; polls++) {
    const { State } = await client.send(new GenerateCredentialReportCommand({}));
    if (State === "COMPLETE") {
      const { Content } = await client.send(new GetCredentialReportCommand({}));
      return new TextDecoder().decode(Content);
    }
    await sleep(POLL_MS);
  }
  throw new GatebookError(
    "UNAVAILABLE",
    `IAM's credential report was not ready after ${(MAX_POLLS * POLL_MS) / 1000} seconds; the next review tries again`,
  );
}
