/** What services remember. */
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as z from "zod";
import { openStateFile } from "../../../lib/local/services/state-file.ts";
import { temporaryDirectory } from "../gateway/world.ts";

const Numbers = z.array(z.number());

test("the last of many savings at once is what is read again, and nothing else is left behind", async () => {
  const directory = await temporaryDirectory();
  const path = join(directory, "below", "numbers.json");
  const file = await openStateFile(path, Numbers, []);
  const savings = Array.from({ length: 20 }, (_, index) => {
    file.state.push(index);
    return file.save();
  });
  await Promise.all(savings);
  expect((await openStateFile(path, Numbers, [])).state).toEqual(Array.from({ length: 20 }, (_, index) => index));
  expect(await readdir(join(directory, "below"))).toEqual(["numbers.json"]);
  expect((await stat(path)).mode & 0o077).toBe(0);
});

test("a damaged file is told of and left as it is", async () => {
  const path = join(await temporaryDirectory(), "numbers.json");
  for (const text of ["", "[1", '["1"]']) {
    await writeFile(path, text);
    await expect(openStateFile(path, Numbers, [])).rejects.toThrow(/damaged/);
    expect(await readFile(path, "utf8")).toBe(text);
  }
});
