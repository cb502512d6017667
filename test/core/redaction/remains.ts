/** Whether anything of a secret can still be read in a value, however it is written there. */

/** Shorter pieces are in any text. */
const PIECE_LENGTH = 8;
/** JSON in JSON in JSON, percent-encoded, in base64: more than any event has. */
const LAYERS = 4;
const ENCODED = /[\w+/-]{12,}={0,2}/g;
const ESCAPE = /%([0-9a-f]{2})|\\u00([0-9a-f]{2})/gi;

export function remains(value: unknown, secret: string): boolean {
  const views = viewsOf(value);
  return piecesOf(secret).some((piece) => views.some((view) => view.includes(piece)));
}

function piecesOf(secret: string): string[] {
  const lines = secret.split("\n").filter((line) => line.length >= PIECE_LENGTH && !line.startsWith("-----"));
  return lines.flatMap((line) =>
    Array.from({ length: line.length - PIECE_LENGTH + 1 }, (_, at) => line.slice(at, at + PIECE_LENGTH)),
  );
}

function viewsOf(value: unknown): string[] {
  const views = new Set([JSON.stringify(value)]);
  let latest = [...views];
  for (let layer = 0; layer < LAYERS; layer += 1) {
    latest = latest.flatMap(decodings).filter((view) => !views.has(view));
    for (const view of latest) views.add(view);
  }
  return [...views];
}

function decodings(text: string): string[] {
  const unwrapped = text.replaceAll(/(?:\\n|\n)\s*/g, "");
  return [
    unwrapped,
    text.replaceAll(/\\(["\\/])/g, "$1").replaceAll("\\n", "\n"),
    text.replaceAll(ESCAPE, (_, percent, unicode) => String.fromCharCode(Number.parseInt(percent ?? unicode, 16))),
    ...[...text.matchAll(ENCODED), ...unwrapped.matchAll(ENCODED)].map(([run]) =>
      Buffer.from(run, "base64").toString(),
    ),
  ];
}
