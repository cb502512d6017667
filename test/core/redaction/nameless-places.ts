/** Places that say nothing of what stands there: for secrets that are known by their look. */
import { buildspec, commit, escaped, indented, type Place, run, wrapped } from "./place.ts";
import { base64 } from "./seeded.ts";

/** For secrets that are known wherever they stand: without a name. */
export const BARE_PLACES: readonly Place[] = [
  { title: "sentence of a commit message", plant: (value) => commit(`Oops: I pushed ${value}, please rotate it.`) },
  { title: "line of a log", plant: (value) => ({ log: `[12:00:01] using ${value}\n[12:00:02] done` }) },
  { title: "path of a URL", plant: (value) => ({ url: `https://api.example.com/bot/${value}/send` }) },
  { title: "fragment of a URL", plant: (value) => ({ url: `https://app.example.com/#${value}` }) },
  { title: "list of values", plant: (value) => ({ values: ["a", "b", value] }) },
  { title: "JSON in a string", plant: (value) => ({ payload: JSON.stringify({ a: [value, 1] }) }) },
  { title: "base64", plant: (value) => ({ data: base64(`start ${value} end`) }) },
  {
    title: "wrapped base64",
    plant: (value) => ({ data: wrapped(`this text stands for sixty characters before the thing: ${value} end`) }),
  },
  { title: "base64 for URLs", plant: (value) => ({ data: Buffer.from(`{"a>>>":"${value}"}`).toString("base64url") }) },
  { title: "positional argument", plant: (value) => run(`./deploy production ${value}`) },
  { title: "here-document", plant: (value) => run(`cat > conf <<EOF\n${value}\nEOF`) },
  { title: "user agent", plant: (value) => ({ userAgent: `deployer/1.0 (${value})` }) },
  { title: "tag", plant: (value) => ({ tags: [{ key: "note", value }] }) },
  { title: "key of an object", plant: (value) => ({ seen: { [value]: true } }) },
  { title: "branch", plant: (value) => ({ ref: `refs/heads/try-${value}` }) },
  { title: "CSV", plant: (value) => ({ content: `name,value\nshop,${value}\nother,1\n` }) },
];

/** For secrets that take several lines. */
export const LINES_PLACES: readonly Place[] = [
  { title: "string", plant: (value) => ({ content: `key:\n${value}\n` }) },
  {
    title: "escaped lines",
    plant: (value) => ({ payload: `{"type":"service_account","private_key":"${escaped(value)}\\n"}` }),
  },
  {
    title: "twice escaped lines",
    plant: (value) => ({ payload: JSON.stringify({ body: JSON.stringify({ key: value }) }) }),
  },
  { title: "one line", plant: (value) => run(`echo "${value.replaceAll("\n", " ")}" > key.pem`) },
  { title: "block scalar", plant: (value) => buildspec(`env:\n  key: |\n${indented(value, "    ")}\nphases: {}\n`) },
  { title: "base64", plant: (value, name) => ({ variables: { [`${name}_B64`]: base64(value) } }) },
  { title: "wrapped base64", plant: (value) => ({ content: wrapped(value) }) },
  { title: "diff", plant: (value) => ({ patch: `@@ -0,0 +1,9 @@\n${indented(value, "+")}\n+next\n` }) },
];
