/** Normalising: from a message's text to its OCSF event, against parsing the same texts as JSON. */
import { parseMessage } from "../lib/core/sources/message.ts";
import { normalise } from "../lib/core/sources/normalise.ts";
import { compare } from "./compare.ts";
import { distinctMessages } from "./events.ts";
import type { Measurement } from "./measurement.ts";

const MESSAGES = 2_000;

export async function measureNormalise(): Promise<Measurement[]> {
  const messages = distinctMessages(MESSAGES);
  const { workMs, ratio } = await compare(
    () => {
      for (const message of messages) JSON.parse(message);
    },
    () => {
      for (const message of messages) normalise(parseMessage(message));
    },
  );
  return [
    {
      benchmark: "normalise",
      work: "message to OCSF event, parsing included",
      value: MESSAGES / (workMs / 1000),
      unit: "events/s",
      ratio: { value: ratio, to: "JSON.parse" },
    },
  ];
}
