/** Columns stand under their headings, whatever is in them. */
import { expect, test } from "vitest";
import { textTable } from "../../bin/commands/text-table.ts";

const COLUMNS = [{ heading: "RULES", align: "right" }, { heading: "NAME" }, { heading: "DRILL" }] as const;

test("numbers stand at the right, and no line ends in spaces", () => {
  const rows = [
    ["7", "secret.read", "none"],
    ["1234567", "other", ""],
  ];
  expect(textTable(COLUMNS, rows)).toBe(
    ["  RULES  NAME         DRILL", "      7  secret.read  none", "1234567  other"].join("\n"),
  );
});

test("a colour takes no room", () => {
  const red = "\u001b[31mNO RULE\u001b[39m";
  expect(textTable(COLUMNS, [[red, "x"]]).replaceAll(red, "NO RULE")).toBe("  RULES  NAME  DRILL\nNO RULE  x");
});

test("without rows there are the headings, and a cell that is missing is empty", () => {
  expect(textTable(COLUMNS, [])).toBe("RULES  NAME  DRILL");
  expect(textTable(COLUMNS, [["1"]])).toBe("RULES  NAME  DRILL\n    1");
});
