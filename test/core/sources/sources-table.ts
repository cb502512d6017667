/** The table of docs/sources.md, made from the recorded events under test/events: `npm run docs`. */
import { globSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { memoryEventIndex } from "../../../lib/adapters/memory-event-index.ts";
import { parseConfiguration } from "../../../lib/core/configuration/parse-configuration.ts";
import { NO_RULES } from "../../../lib/core/detections/rule-set.ts";
import type { AuditRecord } from "../../../lib/core/record/audit-record.ts";
import { FAILURE, SUCCESS } from "../../../lib/core/record/ocsf.ts";
import { createRecorder } from "../../../lib/core/record/recorder.ts";
import { recordedMessage } from "../../../lib/core/sources/recorded/recorded.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const EVENTS = path.join(ROOT, "test/events");
export const SOURCES_PAGE = path.join(ROOT, "docs/sources.md");
/** Stories and bare bodies repeat what the folders of the sources hold. */
const REPEATED = /^(story|recorded)\//;
const RECEIVED_AT = Date.parse("2026-11-24T10:00:00Z");

const INTRODUCTION = `# Sources

What Gatebook reads of each event, made by \`npm run docs\` from the recorded events under \`test/events\`. A column says **yes** where every recorded
event of that type fills it, *some* where some do, and *not in the source* where none does. An event type that is not here is recorded too, as
\`other\`, with its whole raw data.

- **Principal**: who did it is named. Without it, the service that reports stands in.
- **Resource**: what was accessed. **Address**: where the caller was, an AWS service included. **Granted**: how the access was given. **Outcome**: success or failure.
- **Trace**: the event itself says which delivery it is part of. Events of a role's session have that of whoever assumed it besides.
`;

const COLUMNS = ["Principal", "Resource", "Address", "Granted", "Outcome", "Trace"] as const;
type Column = (typeof COLUMNS)[number];

interface Row {
  readonly type: string;
  readonly actions: Set<string>;
  readonly filled: Map<Column, number>;
  events: number;
}

export async function makeSourcesPage(): Promise<string> {
  const configuration = parseConfiguration("organisation: acme\nalerts: { email: [a@acme.example] }\n", "gatebook.yml");
  const record = createRecorder({ settings: { configuration, rules: NO_RULES }, index: memoryEventIndex() });
  const sources = new Map<string, Map<string, Row>>();
  for (const file of globSync("**/*.json", { cwd: EVENTS }).sort()) {
    if (REPEATED.test(file)) continue;
    const recorded = await recordFile(file, record);
    for (const each of recorded) addTo(sources, each);
  }
  const parts = [...sources].sort(([a], [b]) => (a < b ? -1 : 1)).map(([source, rows]) => section(source, rows));
  return [INTRODUCTION, ...parts].join("\n");
}

async function recordFile(file: string, record: ReturnType<typeof createRecorder>): Promise<AuditRecord[]> {
  const value: unknown = JSON.parse(readFileSync(path.join(EVENTS, file), "utf8"));
  const { recorded, rejected } = await record([{ id: file, body: recordedMessage(value, RECEIVED_AT) }]);
  for (const { id, reason } of rejected) throw new Error(`${id}: ${reason}`);
  return recorded.map((each) => each.record);
}

function addTo(sources: Map<string, Map<string, Row>>, { event, action, ...rest }: AuditRecord): void {
  const { product, event_code: type } = event.metadata;
  const source = `${product.vendor_name === product.name ? "" : `${product.vendor_name} `}${product.name}`;
  const rows = sources.get(source) ?? new Map<string, Row>();
  sources.set(source, rows);
  const row = rows.get(type) ?? { type, actions: new Set(), filled: new Map(), events: 0 };
  rows.set(type, row);
  row.events += 1;
  row.actions.add(action);
  for (const column of filledOf({ event, action, ...rest })) row.filled.set(column, (row.filled.get(column) ?? 0) + 1);
}

function filledOf({ event, granted, trace }: AuditRecord): Column[] {
  const who = event.actor?.user?.uid ?? event.user?.uid ?? event.actor?.invoked_by;
  const isFilled: Readonly<Record<Column, boolean>> = {
    Principal: who !== undefined && who !== "unknown" && !who.startsWith("service:"),
    Resource: (event.resources ?? []).length > 0,
    Address: granted.sourceAddress !== undefined,
    Granted: granted.by !== "unknown",
    Outcome: event.status_id === SUCCESS || event.status_id === FAILURE,
    Trace: trace !== undefined,
  };
  return COLUMNS.filter((column) => isFilled[column]);
}

function section(source: string, rows: ReadonlyMap<string, Row>): string {
  const lines = [...rows.values()]
    .sort((a, b) => (a.type < b.type ? -1 : 1))
    .map(({ type, actions, filled, events }) => {
      const cells = COLUMNS.map((column) => cell(filled.get(column) ?? 0, events));
      return `| \`${type}\` | ${[...actions].sort().join(", ")} | ${cells.join(" | ")} |`;
    });
  const head = ["Event type", "Action", ...COLUMNS];
  return [`## ${source}`, "", `| ${head.join(" | ")} |`, `|${head.map(() => " --- |").join("")}`, ...lines, ""].join(
    "\n",
  );
}

function cell(filled: number, events: number): string {
  if (filled === 0) return "*not in the source*";
  return filled === events ? "yes" : "*some*";
}

if (import.meta.main) writeFileSync(SOURCES_PAGE, await makeSourcesPage());
