/** Reads a CDK cloud assembly (cdk.out): its stacks, in order, and where their assets lie on disk. */
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import * as z from "zod";
import { LocalCloudError } from "../local-cloud-error.ts";
import { parseTemplate, type Template } from "./template.ts";

const Manifest = z.object({
  artifacts: z.record(
    z.string(),
    z.object({
      type: z.string(),
      properties: z.looseObject({ templateFile: z.string(), stackName: z.string() }).partial().optional(),
      dependencies: z.array(z.string()).default([]),
    }),
  ),
});

const AssetManifest = z.object({
  files: z
    .record(
      z.string(),
      z.object({
        source: z.looseObject({ path: z.string().optional() }),
        destinations: z.record(z.string(), z.looseObject({ objectKey: z.string() })),
      }),
    )
    .default({}),
});

export interface Stack {
  readonly name: string;
  readonly template: Template;
}

export interface Assembly {
  /** A stack that another one needs comes before it. */
  readonly stacks: readonly Stack[];
  /** Object key in the bootstrap bucket → folder or file on disk. */
  readonly assets: ReadonlyMap<string, string>;
}

/** @param wanted names of the stacks to read: all, if left out */
export async function readAssembly(directory: string, wanted?: readonly string[]): Promise<Assembly> {
  const { artifacts } = Manifest.parse(await readJson(join(directory, "manifest.json")));
  const stacks: Stack[] = [];
  const assets = new Map<string, string>();
  for (const id of inDependencyOrder(artifacts)) {
    const artifact = artifacts[id];
    if (artifact?.type === "aws:cloudformation:stack") {
      const name = artifact.properties?.stackName ?? id;
      if (wanted !== undefined && !wanted.includes(name)) continue;
      const file = artifact.properties?.templateFile ?? `${id}.template.json`;
      const template = parseTemplate(await readJson(join(directory, file)), file);
      stacks.push({ name, template });
    }
    if (artifact?.type === "cdk:asset-manifest") await addAssets(assets, directory, `${id}.json`);
  }
  if (stacks.length === 0) {
    const which = wanted === undefined ? "" : ` of ${wanted.join(", ")}`;
    throw new LocalCloudError("TEMPLATE_INVALID", `${directory} holds no stack${which}`);
  }
  return { stacks, assets };
}

async function addAssets(assets: Map<string, string>, directory: string, file: string): Promise<void> {
  const { files } = AssetManifest.parse(await readJson(join(directory, file)));
  for (const { source, destinations } of Object.values(files)) {
    for (const { objectKey } of Object.values(destinations)) {
      if (source.path !== undefined) assets.set(objectKey, resolve(directory, source.path));
    }
  }
}

function inDependencyOrder(artifacts: z.infer<typeof Manifest>["artifacts"]): readonly string[] {
  const ordered = new Set<string>();
  const visit = (id: string): void => {
    if (ordered.has(id)) return;
    for (const dependency of artifacts[id]?.dependencies ?? []) visit(dependency);
    ordered.add(id);
  };
  for (const id of Object.keys(artifacts).sort()) visit(id);
  return [...ordered];
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    throw new LocalCloudError("TEMPLATE_INVALID", `${path} cannot be read: synthesise the app first`, { cause });
  }
}
