/** Modifiers that change what is looked for: UTF-16, Base64 and the dashes of Windows' command lines. */
import type { Encoding } from "../rule.ts";
import { literalOf, type Pattern } from "./pattern.ts";

/** Every dash of `windash` multiplies: beyond this it is a mistake. */
const MAX_VARIANTS = 10_000;

/** A text, a character for each of its bytes once it is encoded. */
interface Encoded {
  readonly pattern: Pattern;
  readonly isBytes: boolean;
}

/**
 * Every text that one of a rule's values stands for.
 *
 * @throws what `invalid` makes, for Base64 of wildcards and for too many variants
 */
export function encode(
  pattern: Pattern,
  encodings: readonly Encoding[],
  invalid: (message: string) => Error,
): readonly Pattern[] {
  let texts: readonly Encoded[] = [{ pattern, isBytes: false }];
  for (const encoding of encodings) {
    texts = texts.flatMap((text) => ENCODERS[encoding](text, invalid));
    if (texts.length > MAX_VARIANTS) throw invalid(`stands for over ${MAX_VARIANTS} texts`);
  }
  return texts.map((text) => text.pattern);
}

type Encoder = (text: Encoded, invalid: (message: string) => Error) => readonly Encoded[];

const ENCODERS: Readonly<Record<Encoding, Encoder>> = {
  utf16le: (text) => [widened(text, "little")],
  wide: (text) => [widened(text, "little")],
  utf16be: (text) => [widened(text, "big")],
  utf16: (text) => [{ pattern: ["\xff", "\xfe", ...widened(text, "little").pattern], isBytes: true }],
  base64: (text, invalid) => [plain(bytesOf(text, invalid).toString("base64"))],
  base64offset: (text, invalid) => {
    const bytes = bytesOf(text, invalid);
    return OFFSETS.map((offset) => plain(base64At(bytes, offset)));
  },
  windash: ({ pattern, isBytes }, invalid) => withDashes(pattern, invalid).map((each) => ({ pattern: each, isBytes })),
};

function plain(text: string): Encoded {
  return { pattern: [...text], isBytes: false };
}

/** Each UTF-16 unit as two characters, which is how its bytes look where a log has them as they are. */
function widened({ pattern }: Encoded, order: "little" | "big"): Encoded {
  const wide = pattern.flatMap((part): Pattern => {
    if (typeof part !== "string") return [part];
    const bytes = Buffer.from(part, "utf16le");
    return [...(order === "little" ? bytes : bytes.swap16()).toString("latin1")];
  });
  return { pattern: wide, isBytes: true };
}

function bytesOf({ pattern, isBytes }: Encoded, invalid: (message: string) => Error): Buffer {
  const text = literalOf(pattern);
  if (text === undefined) throw invalid("Base64 has no wildcards: put contains, startswith or endswith behind it");
  return Buffer.from(text, isBytes ? "latin1" : "utf8");
}

/** How many bytes may stand before the text in the group of three that Base64 takes at once. */
const OFFSETS = [0, 1, 2] as const;
/** The characters that hold bits of what stands before the text. */
const UNSURE_BEFORE = [0, 2, 3] as const;
/** By how many bytes of the last group are the text's own, the characters that hold bits of what stands behind it, or padding. */
const UNSURE_BEHIND = [0, 3, 2];

function base64At(bytes: Buffer, offset: 0 | 1 | 2): string {
  const padded = Buffer.concat([Buffer.alloc(offset), bytes]);
  const text = padded.toString("base64");
  return text.slice(UNSURE_BEFORE[offset], text.length - (UNSURE_BEHIND[padded.length % 3] ?? 0));
}

const DASHES = ["-", "/", "–", "—", "―"];
const WORD = /^\w$/;

/** A dash counts where a word begins behind it and none ends before it: `-param` and not `a-b`. */
function withDashes(pattern: Pattern, invalid: (message: string) => Error): readonly Pattern[] {
  const isWord = (part: Pattern[number] | undefined): boolean => typeof part === "string" && WORD.test(part);
  const places = [...pattern.keys()].filter((i) => {
    const part = pattern[i];
    return typeof part === "string" && DASHES.includes(part) && !isWord(pattern[i - 1]) && isWord(pattern[i + 1]);
  });
  if (DASHES.length ** places.length > MAX_VARIANTS) throw invalid(`stands for over ${MAX_VARIANTS} texts`);
  return places.reduce<readonly Pattern[]>(
    (variants, place) => variants.flatMap((variant) => DASHES.map((dash) => variant.with(place, dash))),
    [pattern],
  );
}
