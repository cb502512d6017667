/** Finds where records begin and end in a stream of JSON tokens. */
import { type Tokenizer, TokenType } from "@streamparser/json";
import { GatebookError } from "../errors.ts";
import type { CutText } from "./byte-window.ts";

/** A record's text, whose inside need not be JSON, or what keeps it from being one. `n` counts from 0. */
export type Cut = { readonly n: number } & CutText;

type Token = Parameters<Tokenizer["onToken"]>[0];

export interface RecordCutter {
  /** Where the record under way began, if there is one. */
  readonly start: number | undefined;
  readonly lastTokenAt: number;
  /** @throws GatebookError `INPUT_INVALID` for a token that no file of records has there */
  take(token: Token): void;
  /** @throws GatebookError `INPUT_INVALID` when something is still open */
  end(): void;
}

export function createRecordCutter(
  cut: (start: number, end: number) => CutText,
  onCut: (found: Cut) => void,
): RecordCutter {
  const place: Place = { depth: 0, floor: 0, start: undefined };
  let n = 0;
  let last: Token | undefined;
  let beforeLast: Token | undefined;
  return {
    get start() {
      return place.start;
    },
    get lastTokenAt() {
      return last?.offset ?? 0;
    },
    take(token) {
      const { token: kind, offset } = token;
      if (kind === TokenType.LEFT_BRACE || kind === TokenType.LEFT_BRACKET) {
        open(place, token, isRecordsKey(beforeLast, last));
      } else if (kind === TokenType.RIGHT_BRACE || kind === TokenType.RIGHT_BRACKET) {
        const start = close(place, offset);
        if (start !== undefined) onCut({ n: n++, ...cut(start, offset + 1) });
      } else if (kind !== TokenType.COLON && kind !== TokenType.COMMA && place.depth === place.floor) {
        if (place.depth === 0) throw notRecords(`has text, a number or the like for a record at byte ${offset}`);
        onCut({ n: n++, problem: "is no JSON object" });
      }
      beforeLast = last;
      last = token;
    },
    end() {
      if (last === undefined) throw notRecords("is empty");
      if (place.depth > 0) throw notRecords(`ends too early: ${place.depth} of its braces and brackets stay open`);
    },
  };
}

interface Place {
  /** Braces and brackets open. */
  depth: number;
  /** The depth at which records begin: 0, until a list of them is open. */
  floor: number;
  start: number | undefined;
}

function isRecordsKey(key: Token | undefined, colon: Token | undefined): boolean {
  return colon?.token === TokenType.COLON && key?.token === TokenType.STRING && key.value === "Records";
}

function open(place: Place, { token, offset }: Token, afterRecordsKey: boolean): void {
  const isList = token === TokenType.LEFT_BRACKET;
  if (isList && place.depth === 0) {
    place.floor = 1;
  } else if (place.depth === place.floor) {
    place.start = offset;
  } else if (isList && afterRecordsKey && place.depth === 1 && place.floor === 0) {
    // What looked like a record is the envelope of many.
    place.floor = 2;
    place.start = undefined;
  }
  place.depth += 1;
}

/** @returns where the record began that ends here */
function close(place: Place, offset: number): number | undefined {
  place.depth -= 1;
  if (place.depth < 0) throw notRecords(`closes more than it opens at byte ${offset}`);
  // The list of records ends, and no record begins in the rest of its envelope.
  if (place.depth < place.floor) place.floor = 0;
  else if (place.depth === place.floor) {
    const { start } = place;
    place.start = undefined;
    return start;
  }
  return undefined;
}

export function notRecords(why: string): GatebookError {
  return new GatebookError("INPUT_INVALID", `${why}: it is neither CloudTrail's {"Records": […]} nor JSON lines`);
}
