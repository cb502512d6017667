/** docs/operations.md: which of its sections an alarm or a reason may send people to. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./synthesised-stack.ts";

const RUNBOOK = join(ROOT, "docs/operations.md");

export const hasRunbook = existsSync(RUNBOOK);

export function runbookAnchors(): string[] {
  return (readFileSync(RUNBOOK, "utf8").match(/^#+ .*$/gm) ?? []).map(anchorOf);
}

/** As GitHub makes it of a heading. */
function anchorOf(heading: string): string {
  return heading
    .replace(/^#+ /, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replace(/ /g, "-");
}

/** The section that a text names, where it names one. */
export function anchorIn(text: string): string | undefined {
  return /docs\/operations\.md#([a-z0-9-]+)/.exec(text)?.[1];
}
