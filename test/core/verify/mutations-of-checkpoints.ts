/** Checkpoints that are forged, foreign, rolled back or forked. */
import { signCheckpoint } from "../../../lib/core/evidence/signed-checkpoint.ts";
import { ORIGIN } from "../evidence/log-world.ts";
import { testSigner } from "../evidence/test-signers.ts";
import { publish, type RecordedLog, recordBytes } from "./recorded-log.ts";
import { type Mutation, replace, rewriteAs, SIZE, text } from "./tampering.ts";

const stranger = testSigner(ORIGIN, Buffer.alloc(32, 2));
const neighbour = testSigner("evidence.example/other/0", Buffer.alloc(32, 1));

export const CHECKPOINTS: readonly Mutation[] = [
  [
    "a byte of the checkpoint's root is changed",
    ({ versions }) =>
      replace(
        versions,
        "checkpoint",
        text((note) =>
          note.replace(/^(.*\n.*\n)./, (_, before) => `${before}${note.startsWith("A", before.length) ? "B" : "A"}`),
        ),
      ),
    /^checkpoint cannot be trusted: the signature .* does not verify/,
  ],
  [
    "a byte of the signature is flipped",
    ({ versions }) =>
      replace(
        versions,
        "checkpoint",
        text((note) => note.replace(/(.)(.)(=*\n)$/, (_, a, b, end) => `${a === "A" ? "B" : "A"}${b}${end}`)),
      ),
    /^checkpoint cannot be trusted: /,
  ],
  [
    "the checkpoint's size is a lie",
    ({ versions }) =>
      replace(
        versions,
        "checkpoint",
        text((note) => note.replace("\n700\n", "\n600\n")),
      ),
    /^checkpoint cannot be trusted: the signature .* does not verify/,
  ],
  [
    "the checkpoint has another origin",
    ({ versions }) =>
      replace(
        versions,
        "checkpoint",
        text((note) => note.replace(ORIGIN, "evidence.example/acme/1")),
      ),
    /^checkpoint cannot be trusted/,
  ],
  [
    "a stranger signed under the log's name",
    (log) => publish({ ...log, signer: stranger }, { size: SIZE, root: "0".repeat(64) }),
    /^checkpoint cannot be trusted: the note is not signed by/,
  ],
  [
    "the checkpoint is another log's",
    async (log) => log.versions.set("checkpoint", (await recordOther()).versions.get("checkpoint") ?? []),
    /^checkpoint cannot be trusted: the note is not signed by/,
  ],
  [
    "the checkpoint is no note",
    ({ versions }) => replace(versions, "checkpoint", () => Buffer.from("700\n")),
    /^checkpoint cannot be trusted: the signed note has no empty line/,
  ],
  [
    "the checkpoint is empty",
    ({ versions }) => replace(versions, "checkpoint", () => Buffer.of()),
    /^checkpoint cannot be trusted/,
  ],
  [
    "the checkpoint promises entries that are not there",
    (log) => publish(log, { size: 900, root: "0".repeat(64) }),
    /^tile\/entries\/002 is missing, and a log of 900 entries/,
  ],
  [
    "an old checkpoint was put over the last",
    ({ versions }) => versions.get("checkpoint")?.push(versions.get("checkpoint")?.[1] ?? Buffer.of()),
    /^checkpoint is of 300 entries, and the log had signed 450 before \(version 3 of checkpoint\).*rolled back/,
  ],
  [
    "an older checkpoint was damaged",
    ({ versions }) => versions.set("checkpoint", (versions.get("checkpoint") ?? []).with(1, Buffer.from("gone"))),
    /^version 2 of checkpoint cannot be trusted/,
  ],
  [
    "an older checkpoint is another's",
    async ({ versions }) =>
      versions.set(
        "checkpoint",
        (versions.get("checkpoint") ?? []).with(
          1,
          (await recordOther()).versions.get("checkpoint")?.[0] ?? Buffer.of(),
        ),
      ),
    /^version 2 of checkpoint cannot be trusted/,
  ],
  [
    "the log was rolled back for a while",
    ({ versions }) => {
      const [first, second, ...others] = versions.get("checkpoint") ?? [];
      versions.set("checkpoint", [second ?? Buffer.of(), first ?? Buffer.of(), ...others]);
    },
    /^version 2 of checkpoint is of 100 entries, and the log had signed 300 before \(version 1 of checkpoint\)/,
  ],
  [
    "the log's own key signed a fork of the same size",
    (log) => publish(log, { size: SIZE, root: "1".repeat(64) }),
    /^version 6 of checkpoint signs the root 1{16}… for the first 700 entries.*forked/,
  ],
  [
    "the log's own key signed a fork that was taken back",
    async (log) => {
      await publish(log, { size: 512, root: "1".repeat(64) });
      const [
        one = Buffer.of(),
        two = Buffer.of(),
        three = Buffer.of(),
        four = Buffer.of(),
        five = Buffer.of(),
        fork = Buffer.of(),
      ] = log.versions.get("checkpoint") ?? [];
      log.versions.set("checkpoint", [one, two, three, fork, four, five]);
    },
    /^version 4 of checkpoint signs the root 1{16}… for the first 512 entries/,
  ],
  [
    "everything was made anew and signed by the log's own key",
    async (log) =>
      publish(
        log,
        rewriteAs(log, (all) => all.with(650, recordBytes(9999))),
      ),
    /^version 5 of checkpoint signs the root .* for the first 700 entries/,
  ],
];

/** Its checkpoint alone: it is of another origin. */
async function recordOther(): Promise<RecordedLog> {
  const note = await signCheckpoint({ origin: neighbour.key.name, size: SIZE, root: "2".repeat(64) }, neighbour);
  return { versions: new Map([["checkpoint", [note]]]), signer: neighbour };
}
