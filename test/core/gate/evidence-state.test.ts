/** Evidence that is not in order stops a release, and a store that does not answer is told apart from it. */
import { describe, expect, test } from "vitest";
import { GatebookError } from "../../../lib/core/errors.ts";
import { cosign } from "../../../lib/core/evidence/cosignature.ts";
import { formatNote, parseNote } from "../../../lib/core/evidence/signed-note.ts";
import { formatVerifierKey } from "../../../lib/core/evidence/verifier-key.ts";
import { decimals } from "../evidence/decimal-log.ts";
import { witnessSigner } from "../evidence/test-signers.ts";
import { decide, textsOf } from "./decide.ts";
import { type StoredShard, signerOf, storedShard } from "./gate-log.ts";
import { NOW, organisation } from "./release.ts";

const ENTRIES = decimals(0, 600);
const OTHER_SEED = Buffer.alloc(32, 6);
const OTHER_ROOT = "cd".repeat(32);

/** Of the log alone: nothing was recorded of the delivery itself. */
async function problemsWith(
  shards: readonly Partial<StoredShard>[],
  more: Parameters<typeof decide>[1] = {},
): Promise<readonly string[]> {
  const decision = await decide([], { evidence: async () => shards as StoredShard[], ...more });
  expect(decision.unknown).toEqual([]);
  return decision.reasons.filter(({ check }) => check === "evidence").map(({ text }) => text);
}

const log = await storedShard(ENTRIES, { signed: 300 });
const whole = await storedShard(ENTRIES);
const forged = await storedShard(decimals(1, 601), { signed: 300 });
const { checkpoint } = log;
/** The log with an object changed or taken away. */
function without(stored: StoredShard, path: string, bytes?: Uint8Array): StoredShard {
  const read = async (asked: string) => (asked === path ? bytes : stored.objects.get(asked));
  if (!stored.objects.has(path)) throw new Error(`${path} is none of ${[...stored.objects.keys()].join(" ")}`);
  return { ...stored, log: { read } };
}

test.each<readonly [name: string, shard: Partial<StoredShard>]>([
  ["that is signed as far as it goes", whole],
  ["that grew in the last minutes", log],
  ["that is new", await storedShard([])],
  ["that has entries and no checkpoint for some minutes", { ...log, checkpoint: undefined, sizeBefore: 0 }],
  ["whose head has moved, and whose newest tiles are on their way", without(log, "tile/0/002.p/88")],
  ["that lies in another shard", await storedShard(ENTRIES, { shard: 2, signed: 257 })],
])("a log %s is in order", async (_, shard) => {
  expect(await problemsWith([shard])).toEqual([]);
});

test.each<readonly [name: string, shard: Partial<StoredShard>, text: RegExp]>([
  ["that was not signed for long", { ...log, sizeBefore: 301 }, /has not been signed for more than 10 minutes/],
  ["that was never signed", { ...log, checkpoint: undefined }, /has not been signed for more than 10 minutes/],
  [
    "that was set back",
    { ...log, head: forged.head && { ...forged.head, size: 5 } },
    /^300 entries .* its head has 5$/,
  ],
  ["without its head", { ...log, head: undefined }, /its head has 0$/],
  ["whose checkpoint is none", { ...log, checkpoint: Buffer.from("not a note") }, /cannot be read: the signed note/],
  [
    "whose checkpoint another key signed under its name",
    await storedShard(ENTRIES, { signer: signerOf(0, OTHER_SEED) }),
    /public checkpoint does not verify: the note is not signed by gatebook\.acme\/.*\/0 /,
  ],
  [
    "whose checkpoint is another shard's",
    { ...(await storedShard(ENTRIES, { signer: signerOf(1) })), shard: 0 },
    /public checkpoint does not verify: the note is not signed/,
  ],
  [
    "whose checkpoint was altered after it was signed",
    { ...log, checkpoint: Buffer.from(String(checkpoint).replace("\n300\n", "\n299\n")) },
    /public checkpoint does not verify: the signature of .* does not verify/,
  ],
  [
    "whose head has another root than what is signed",
    { ...whole, head: whole.head && { ...whole.head, root: OTHER_ROOT } },
    /^the evidence log's head has another root than its signed checkpoint$/,
  ],
  [
    "with other entries than were signed",
    { ...log, log: forged.log },
    /does not hold what its checkpoint signs: its tiles have another root at 300 entries/,
  ],
  [
    "whose signed tiles are gone",
    without(whole, "tile/0/002.p/88"),
    /does not hold what its checkpoint signs: tile\/0\/002\.p\/88 is missing/,
  ],
  [
    "whose signed tiles were cut short",
    without(whole, "tile/1/000.p/2", Buffer.alloc(32)),
    /does not hold what its checkpoint signs: tile\/1\/000\.p\/2 has 32 bytes/,
  ],
  [
    "whose head was moved to a root that its tiles do not have",
    { ...log, head: log.head && { ...log.head, root: OTHER_ROOT } },
    /head does not go on from what is signed: its tiles have another root at 600 entries/,
  ],
  [
    "whose head is that of a log with another beginning",
    {
      ...log,
      head: forged.head,
      // What the checkpoint needs is left as it was.
      log: { read: async (path) => (/\.p\/(?:44|1)$/.test(path) ? log : forged).objects.get(path) },
    },
    /head does not go on from what is signed: the proof does not show that the log of 600 entries holds the 300 of before/,
  ],
])("a log %s stops a release", async (_, shard, text) => {
  expect(await problemsWith([shard])).toEqual([expect.stringMatching(text)]);
});

test("the shard is named, and each is looked at", async () => {
  const second = await storedShard(ENTRIES, { shard: 2 });
  const head = second.head && { ...second.head, root: OTHER_ROOT };
  expect(
    await problemsWith([
      { ...log, sizeBefore: 400 },
      { ...second, head },
    ]),
  ).toEqual([
    expect.stringMatching(/has not been signed/),
    expect.stringMatching(/another root than its signed checkpoint \(shard 2\)$/),
  ]);
});

describe("a witness of gatebook.yml", () => {
  const key = formatVerifierKey(witnessSigner.key);
  const configuration = organisation("", (text) =>
    text.replace(/^evidence:\n/m, `evidence:\n  witnesses: [{ url: "https://witness.example/", key: "${key}" }]\n`),
  );
  const cosigned = async (text: string): Promise<Partial<StoredShard>> => {
    const note = parseNote(log.checkpoint ?? Buffer.alloc(0));
    const signatures = [...note.signatures, await cosign(text, witnessSigner, 1_000)];
    return { ...log, checkpoint: formatNote({ text: note.text, signatures }) };
  };
  const own = parseNote(log.checkpoint ?? Buffer.alloc(0)).text;

  test("is there", () => expect(configuration.evidence.witnesses).toHaveLength(1));

  test("that cosigned, or has not yet, stops nothing", async () => {
    expect(await problemsWith([await cosigned(own)], { configuration })).toEqual([]);
    expect(await problemsWith([log], { configuration })).toEqual([]);
  });

  test("whose cosignature is of something else stops a release", async () => {
    expect(await problemsWith([await cosigned("another/log\n1\nAAAA\n")], { configuration })).toEqual([
      expect.stringMatching(/public checkpoint does not verify: the signature of witness\.example\/w1/),
    ]);
  });
});

describe("what cannot be read is unknown, and no reason", () => {
  const unknownsWith = async (more: Parameters<typeof decide>[1]) => {
    const decision = await decide([], more);
    expect(decision.reasons.filter(({ check }) => check === "evidence")).toEqual([]);
    return decision.unknown;
  };

  test.each<readonly [name: string, failing: RegExp]>([
    ["signed tiles", /^tile\/0\/001\.p\/44$/],
    ["tiles of the head", /^tile\/0\/002\.p\/88$/],
  ])("where the store does not answer for %s", async (_, failing) => {
    const read = async (path: string) => {
      if (failing.test(path)) throw new GatebookError("UNAVAILABLE", "S3 does not answer");
      return log.objects.get(path);
    };
    expect(await unknownsWith({ evidence: async () => [{ ...log, log: { read } }] })).toEqual([
      "whether the evidence log is in order: S3 does not answer",
    ]);
  });

  test("where KMS does not tell the key; what else is known stays known", async () => {
    const verifierKey = async () => {
      throw new GatebookError("UNAVAILABLE", "KMS does not answer");
    };
    const decision = await decide([], { evidence: async () => [log], verifierKey });
    expect(decision.unknown).toEqual(["whether the evidence log is in order: KMS does not answer"]);
    expect(textsOf(decision)).toEqual([expect.stringMatching(/^nothing of it was recorded/)]);
  });
});

test.each([
  ["some hours ago", 20, []],
  ["yesterday, as the daily review is late", 26, []],
  [
    "longer ago than a day and some",
    26.1,
    [expect.stringMatching(/^nothing at all was recorded since 2026-11-23T08:09:00\.000Z/)],
  ],
])("where the log last grew %s", async (_, hours, texts) => {
  const updated = NOW - hours * 60 * 60 * 1000;
  const shards = [await storedShard(ENTRIES, { updated }), await storedShard(ENTRIES, { shard: 2, updated: 0 })];
  const decision = await decide([], { evidence: async () => shards });
  const silent = decision.reasons.filter(({ check }) => check === "source").map(({ text }) => text);
  expect(silent).toEqual([expect.stringMatching(/^nothing of it was recorded/), ...texts]);
});
