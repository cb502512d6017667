/** Copies a function's bundle to a folder of its own, as Lambda unpacks it to /var/task. */
import { createHash } from "node:crypto";
import { cp, mkdir, readdir, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { LocalCloudError } from "../local-cloud-error.ts";

/**
 * The same bundle is copied once: its folder is named after the asset's hash, which is that of its content.
 * The copy keeps running functions from a folder that a new synthesis replaces.
 */
export async function placeAsset(codeDirectory: string, asset: string): Promise<string> {
  if (!(await stat(asset).catch(() => undefined))?.isDirectory()) {
    throw new LocalCloudError("NOT_SUPPORTED", `${asset} is no folder: code in a zip file is not unpacked locally`);
  }
  return place(codeDirectory, basename(asset), (folder) => cp(asset, folder, { recursive: true }));
}

/** Code that stands in the template. */
export async function placeInlineCode(codeDirectory: string, code: string): Promise<string> {
  const digest = createHash("sha256").update(code).digest("hex");
  return place(codeDirectory, `inline.${digest}`, async (folder) => {
    await mkdir(folder);
    await writeFile(join(folder, "index.js"), code);
  });
}

/** Bundles that no function uses any more would pile up with each change to the code. */
export async function removeUnusedCode(codeDirectory: string, used: readonly string[]): Promise<void> {
  const kept = new Set(["package.json", ...used.map((folder) => basename(folder))]);
  const names = await readdir(codeDirectory).catch(() => []);
  for (const name of names) {
    if (!kept.has(name)) await rm(join(codeDirectory, name), { recursive: true, force: true });
  }
}

async function place(codeDirectory: string, name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  await mkdir(codeDirectory, { recursive: true });
  // On Lambda no package.json lies above a bundle. Without this one, the project's own would decide what a .js file is.
  await writeFile(join(codeDirectory, "package.json"), "{}\n");
  const folder = join(codeDirectory, name);
  if ((await stat(folder).catch(() => undefined)) === undefined) {
    const unfinished = `${folder}.${process.pid}`;
    await rm(unfinished, { recursive: true, force: true });
    await fill(unfinished);
    await rename(unfinished, folder);
  }
  return realpath(folder);
}
