/** Run in a process of its own: verifies a log in a folder as the command does. Prints the time that it took of one core. */
import { folderLogArchive } from "../lib/adapters/folder-log-archive.ts";
import { parseVerifierKey } from "../lib/core/evidence/verifier-key.ts";
import { verifyLog } from "../lib/core/verify/verify-log.ts";
import { cpuMs } from "./compare.ts";

const archive = folderLogArchive(process.argv[2] ?? "");
const key = parseVerifierKey(Buffer.from((await archive.read("verifier-key")) ?? []).toString());
const milliseconds = await cpuMs(async () => {
  await verifyLog({ log: archive, listing: archive, key });
});
console.log(JSON.stringify({ milliseconds }));
