/** Redaction of parsed messages, against parsing their texts as JSON: as they come, and with a secret in each. */
import { redact } from "../lib/core/record/redact.ts";
import { fingerprinter } from "../lib/core/redaction/fingerprint.ts";
import { parseMessage } from "../lib/core/sources/message.ts";
import { compare } from "./compare.ts";
import { distinctMessages } from "./events.ts";
import type { Measurement } from "./measurement.ts";

const MESSAGES = 2_000;
const KEY_BYTES = 32;

export async function measureRedact(): Promise<Measurement[]> {
  // The original of a webhook is its body, which the message has in base64.
  const originals = distinctMessages(MESSAGES).map((message) => parseMessage(message).original);
  const withSecret = originals.map((original, i) => ({
    ...original,
    command: `login --user ana --password hunter-${i}`,
  }));
  return [
    await measure("parsed events, redacted", originals),
    await measure("the same with a secret in each", withSecret),
  ];
}

async function measure(work: string, originals: readonly object[]): Promise<Measurement> {
  const fingerprint = fingerprinter(new Uint8Array(KEY_BYTES));
  const texts = originals.map((original) => JSON.stringify(original));
  const { workMs, ratio } = await compare(
    () => {
      for (const text of texts) JSON.parse(text);
    },
    async () => {
      for (const original of originals) await redact(original, fingerprint);
    },
  );
  return {
    benchmark: "redact",
    work,
    value: originals.length / (workMs / 1000),
    unit: "events/s",
    ratio: { value: ratio, to: "JSON.parse" },
  };
}
