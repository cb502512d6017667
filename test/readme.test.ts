/** The README's two commands: they are there, they exist, and the first does what the README says of it. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as z from "zod";
import { ROOT, startGatebook, temporaryFolder } from "./commands/gatebook.ts";

const README = join(ROOT, "README.md");
const COMMANDS = ["npm ci && npm start", "npm ci && npm test"];

test.skipIf(!existsSync(README))("both commands stand in a block of their own, and npm knows them", () => {
  const blocks = [...readFileSync(README, "utf8").matchAll(/^```\w*\n(.*?)^```/gms)].map(([, text = ""]) => text);
  const lines = blocks.flatMap((text) =>
    text.split("\n").map((line) => line.replace(/^\$ /, "").replace(/\s+#.*$/, "")),
  );
  const { scripts } = z
    .object({ scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")));
  for (const command of COMMANDS) {
    expect(lines).toContain(command);
    expect(scripts).toHaveProperty(command.split(" ").at(-1) ?? "");
  }
  // What follows runs it without npm.
  expect(scripts["start"]).toBe("node bin/gatebook.ts start");
});

test("what npm start runs gets ready, tells the story, mails twice, and stops on Ctrl-C", async () => {
  const running = startGatebook(["start", "--port", "0"], await temporaryFolder());
  await running.until(/^ready http:\/\/127\.0\.0\.1:\d+$/m);
  await running.until(/^Mail to .*\n.*Deploy role assumed outside business hours(.|\n)*^Evidence of /m);
  const mails = running.stdout().match(/^Mail to security@acme\.example$/gm);
  expect(mails).toHaveLength(2);
  expect(running.stdout()).toContain("Pipeline execution approved by the person who started it: Ana Lima");
  expect(running.stdout()).toMatch(/locked until 2\d{3}-\d\d-\d\d \(COMPLIANCE\)/);
  running.interrupt();
  expect((await running.finished).code).toBe(0);
});
