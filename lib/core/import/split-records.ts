/** Cuts a stream of JSON into its records, byte for byte as they are written. */
import { Tokenizer } from "@streamparser/json";
import { GatebookError } from "../errors.ts";
import { createByteWindow, MAX_RECORD_BYTES } from "./byte-window.ts";
import { type Cut, createRecordCutter, notRecords } from "./record-cutter.ts";

/** The first of its three bytes, with which no JSON begins. */
const BYTE_ORDER_MARK = 0xef;

/**
 * Records are the members of `{"Records": […]}` (CloudTrail), those of a list, and any other object, one after another (JSON lines). Yields
 * what each chunk completes. A record that is too large, or no object, is passed over with its problem.
 *
 * @throws GatebookError `INPUT_INVALID` where the file is no JSON or ends too early, when the records before that were yielded
 */
export async function* splitRecords(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<readonly Cut[]> {
  const held = createByteWindow();
  let cuts: Cut[] = [];
  const cutter = createRecordCutter(held.cut, (found) => cuts.push(found));
  // Documents may follow each other: JSON lines.
  const tokenizer = new Tokenizer({ separator: "" });
  tokenizer.onToken = cutter.take;

  const attempt = (step: () => void): GatebookError | undefined => {
    try {
      step();
      // The tokenizer holds a string for as long as it goes on.
      if (held.end - cutter.lastTokenAt <= MAX_RECORD_BYTES) return undefined;
      return notRecords(`has one string, or nothing, for ${MAX_RECORD_BYTES} bytes after byte ${cutter.lastTokenAt}`);
    } catch (cause) {
      // The tokenizer's own error is dropped: it quotes the file.
      return cause instanceof GatebookError ? cause : notRecords(`is damaged after byte ${cutter.lastTokenAt}`);
    }
  };
  for await (const chunk of chunks) {
    // The tokenizer passes over it, and counts its bytes wrong from there on.
    if (held.end === 0 && chunk[0] === BYTE_ORDER_MARK) throw notRecords("begins with a byte order mark");
    held.add(chunk, cutter.start);
    const broken = attempt(() => tokenizer.write(chunk));
    yield cuts;
    cuts = [];
    if (broken !== undefined) throw broken;
  }
  const broken = attempt(() => {
    tokenizer.end();
    cutter.end();
  });
  if (broken !== undefined) throw broken;
}
