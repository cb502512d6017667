/** Columns for people to read on a terminal. */
import { stripVTControlCharacters } from "node:util";

export interface Column {
  readonly heading: string;
  /** Numbers stand at the right. */
  readonly align?: "right";
}

const GAP = "  ";

/** @param rows cells may hold colours, which take no room */
export function textTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const lines = [columns.map(({ heading }) => heading), ...rows];
  const widths = columns.map((_, i) => Math.max(...lines.map((cells) => widthOf(cells[i] ?? ""))));
  return lines
    .map((cells) => {
      const padded = columns.map(({ align }, i) => pad(cells[i] ?? "", widths[i] ?? 0, align));
      return padded.join(GAP).trimEnd();
    })
    .join("\n");
}

function pad(cell: string, width: number, align: Column["align"]): string {
  const room = " ".repeat(width - widthOf(cell));
  return align === "right" ? room + cell : cell + room;
}

function widthOf(cell: string): number {
  return stripVTControlCharacters(cell).length;
}
