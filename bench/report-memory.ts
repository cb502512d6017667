/** Imported before a command: at its end, prints the most memory that its process ever had. */
import { existsSync, readFileSync } from "node:fs";

const STATUS = "/proc/self/status";

process.on("exit", () => {
  // Where there is one, since what the system counts for a process begins with its parent's memory.
  const peak = existsSync(STATUS) ? /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(STATUS, "utf8"))?.[1] : undefined;
  console.log(JSON.stringify({ peakKilobytes: Number(peak ?? process.resourceUsage().maxRSS) }));
});
