/** The synthesised stack: made by the first test file that asks for it, read by all. */
import { existsSync, readFileSync } from "node:fs";
import { cp, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { inject } from "vitest";
import * as z from "zod";
import { synthesise } from "../../bin/commands/synthesise.ts";
import { physicalName } from "../../lib/local/resources/physical-name.ts";

const POLL_MS = 100;
/** Of a function, on AWS. */
const MAX_NAME_CHARACTERS = 64;
const TEMPLATE = "Gatebook.template.json";

const Statement = z.looseObject({ Action: z.union([z.string(), z.array(z.string())]), Resource: z.unknown() });
const Document = z.looseObject({ Statement: z.array(Statement) });
const Template = z.looseObject({
  Resources: z.record(z.string(), z.looseObject({ Type: z.string(), Properties: z.looseObject({}).optional() })),
});
type Template = z.infer<typeof Template>;

/** @returns the cloud assembly's folder, which nobody may write to */
export async function synthesised(): Promise<string> {
  const shared = inject("sharedFolder");
  const ready = join(shared, "assembly");
  const underWay = join(shared, "synthesising");
  while (!existsSync(ready)) {
    // Whoever makes the folder synthesises, in whichever process; the others wait.
    const isFirst = await mkdir(underWay).then(
      () => true,
      () => false,
    );
    if (!isFirst) {
      await sleep(POLL_MS);
      continue;
    }
    try {
      if (!existsSync(ready)) await rename(await synthesise(underWay, new AbortController().signal), ready);
    } finally {
      await rm(underWay, { recursive: true, force: true });
    }
  }
  return ready;
}

/** A copy of the assembly with another template. */
export async function synthesisedAnew(folder: string, change: (template: Template) => void): Promise<string> {
  const copy = join(folder, "cdk.out");
  await cp(await synthesised(), copy, { recursive: true });
  const template = readTemplate(copy);
  change(template);
  await writeFile(join(copy, TEMPLATE), JSON.stringify(template));
  return copy;
}

/** Takes an action out of what every role may do: on all resources, or on those whose ARN ends so. */
export function withoutGrant(action: string, resourceEnd = ""): (template: Template) => void {
  const isMeant = (resource: unknown): boolean => JSON.stringify(resource).includes(resourceEnd);
  return ({ Resources }) => {
    for (const { Properties } of Object.values(Resources).filter(({ Type }) => Type === "AWS::IAM::Policy")) {
      const { PolicyDocument } = z.looseObject({ PolicyDocument: Document }).parse(Properties);
      const statements = PolicyDocument.Statement.map((statement) => {
        if (![statement.Action].flat().includes(action)) return statement;
        return { ...statement, Resource: [statement.Resource].flat().filter((resource) => !isMeant(resource)) };
      });
      PolicyDocument.Statement = statements.filter(({ Resource }) => [Resource].flat().length > 0);
      Object.assign(Properties ?? {}, { PolicyDocument });
    }
  };
}

/** @param service the function's name under functions/ */
export async function functionName(service: string): Promise<string> {
  const Environment = z.looseObject({ Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }) });
  const { Resources } = readTemplate(await synthesised());
  const found = Object.entries(Resources).find(
    ([, { Type, Properties }]) =>
      Type === "AWS::Lambda::Function" &&
      Environment.parse(Properties).Environment.Variables["POWERTOOLS_SERVICE_NAME"] === service,
  );
  if (found === undefined) throw new Error(`the template has no function ${service}`);
  const [logicalId] = found;
  return physicalName("Gatebook", logicalId, MAX_NAME_CHARACTERS);
}

function readTemplate(assembly: string): Template {
  return Template.parse(JSON.parse(readFileSync(join(assembly, TEMPLATE), "utf8")));
}
