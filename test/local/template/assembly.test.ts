/** Reading a cloud assembly: stacks in order, assets by their keys, and what is wrong with what is none. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readAssembly } from "../../../lib/local/template/assembly.ts";

async function folderWith(files: Readonly<Record<string, unknown>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "gatebook-assembly-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), JSON.stringify(content));
  return folder;
}

const stackOf = (name: string, dependencies: readonly string[]): object => ({
  type: "aws:cloudformation:stack",
  properties: { templateFile: `${name}.template.json`, stackName: name },
  dependencies,
});

test("a stack comes after those that it depends on, and an asset's key leads to its folder", async () => {
  const folder = await folderWith({
    "manifest.json": {
      artifacts: { A: stackOf("A", ["B"]), B: stackOf("B", ["B.assets"]), "B.assets": { type: "cdk:asset-manifest" } },
    },
    "A.template.json": { Resources: {} },
    "B.template.json": { Resources: {} },
    "B.assets.json": {
      files: { hash: { source: { path: "asset.hash" }, destinations: { here: { objectKey: "hash.zip" } } } },
    },
  });
  const { stacks, assets } = await readAssembly(folder);
  expect(stacks.map(({ name }) => name)).toEqual(["B", "A"]);
  expect(assets.get("hash.zip")).toBe(join(folder, "asset.hash"));
});

test("of several stacks those that are asked for are read, and one that is not there is told", async () => {
  const folder = await folderWith({
    "manifest.json": { artifacts: { Main: stackOf("Main", []), Elsewhere: stackOf("Elsewhere", []) } },
    "Main.template.json": { Resources: {} },
  });
  expect((await readAssembly(folder, ["Main"])).stacks.map(({ name }) => name)).toEqual(["Main"]);
  await expect(readAssembly(folder, ["Missing"])).rejects.toThrow("holds no stack of Missing");
});

test("a folder that holds no stack, or was never synthesised, says so", async () => {
  await expect(readAssembly(await folderWith({ "manifest.json": { artifacts: {} } }))).rejects.toThrow(
    "holds no stack",
  );
  await expect(readAssembly(await folderWith({}))).rejects.toThrow("synthesise the app first");
});
