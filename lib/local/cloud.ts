/** The local cloud: reads the synthesised template, makes what it says on this machine, and runs it. */
import { resolve as absolute, join } from "node:path";
import { type RaisedAlarm, watchAlarms } from "./alarms.ts";
import { createPolicyStore } from "./authorisation/policy-store.ts";
import { LOCAL_OWNER_KEY } from "./aws-service.ts";
import { createClients } from "./clients.ts";
import { type Closers, createClosers } from "./closers.ts";
import { announce, claim, withdraw } from "./cloud-file.ts";
import type { Call } from "./gateway/dispatch.ts";
import { createHttpApis } from "./http-api/http-apis.ts";
import { removeUnusedCode } from "./lambda/code.ts";
import { createFunctions } from "./lambda/functions.ts";
import { openLogFiles } from "./lambda/log-files.ts";
import { type Mail, startMailbox } from "./mailbox.ts";
import { openGateway } from "./open-gateway.ts";
import { pause } from "./pause.ts";
import { deployStack } from "./resources/deploy.ts";
import { openIdentities } from "./resources/identities.ts";
import { createRoles } from "./resources/roles.ts";
import { removeStaleRules } from "./resources/stale-rules.ts";
import { deliverTo } from "./resources/targets.ts";
import type { Running, World } from "./resources/world.ts";
import { startSchedules } from "./schedule.ts";
import { openServices, type Services } from "./services.ts";
import { readAssembly } from "./template/assembly.ts";

export interface CloudOptions {
  /** The CDK's output folder, synthesised: cdk.out. */
  readonly assembly: string;
  /** The stacks to run; the others are for another region or account. All of the assembly's, if left out. */
  readonly stacks?: readonly string[];
  /** Where all state is kept: .gatebook. A second start goes on from there. */
  readonly directory: string;
  /** 0 takes any free port. Left out: 4780 where it is free, else any. */
  readonly port?: number;
  /** Told in words of each step, and of whatever the template has that has no effect locally. */
  onProgress?(step: string): void;
  /** Told of each mail that SNS would send; it is a file under `mail/` by then. */
  onMail?(mail: Mail): void;
  /** Told once when an alarm goes off, and again only after it was quiet in between. */
  onAlarm?(alarm: RaisedAlarm): void;
  /** Told of each line that a function prints; it is also in `logs/`. */
  onLog?(functionName: string, line: string): void;
  /** Told of each request to a service, for counting. */
  onCall?(call: Call): void;
  /** Told of faults of the local cloud itself. By default they go to standard error. */
  onFault?(error: unknown): void;
}

export interface Cloud {
  readonly url: string;
  /** The stacks' outputs. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Stops polling, lets running invocations finish for a while, ends all processes and servers. Calling it again waits for the same. */
  close(): Promise<void>;
}

/** How long running invocations may take to finish when the cloud closes. */
const CLOSE_GRACE_MS = 10_000;
const SWEEP_INTERVAL_MS = 60 * 60 * 1_000;

/**
 * Resolves when everything runs. Rejects with LocalCloudError, having undone all that was started, for a template that
 * AWS would not deploy or the local cloud cannot, and for a directory on which another cloud runs.
 *
 * @example
 * const cloud = await startCloud({ assembly: "cdk.out", directory: ".gatebook", onMail: (mail) => console.log(mail.subject) });
 */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const closers = createClosers();
  try {
    return await start({ ...options, directory: absolute(options.directory) }, closers);
  } catch (error) {
    await closers.close().catch(() => undefined);
    throw error;
  }
}

async function start(options: CloudOptions, closers: Closers): Promise<Cloud> {
  const { directory } = options;
  closers.add(await claim(directory));
  const startedAt = new Date().toISOString();
  const { stacks, assets } = await readAssembly(options.assembly, options.stacks);
  const { world, services } = await createWorld(options, assets, closers);
  let outputs: Record<string, string> = {};
  for (const stack of stacks) {
    world.report(`Making the ${Object.keys(stack.template.Resources).length} resources of ${stack.name}`);
    outputs = { ...outputs, ...(await deployStack(stack, world)) };
  }
  await removeStaleRules(world);
  const used = world.functions.all().map(({ settings }) => settings.codeDirectory);
  await removeUnusedCode(join(directory, "code"), used);
  await startAll(options, world, services, closers);
  await announce(directory, { url: world.url, pid: process.pid, outputs, startedAt });
  closers.add(() => withdraw(directory));
  return { url: world.url, outputs, close: closers.close };
}

interface Made {
  readonly world: World;
  readonly services: Services;
}

async function createWorld(options: CloudOptions, assets: World["assets"], closers: Closers): Promise<Made> {
  const { directory } = options;
  const onFault = options.onFault ?? reportFault;
  const logs = openLogFiles(join(directory, "logs"));
  closers.add(logs.close);
  const onLog: World["onLog"] = (functionName, line) => {
    logs.append(functionName, line);
    options.onLog?.(functionName, line);
  };
  const policies = createPolicyStore();
  const functions = createFunctions(onLog);
  const now = Date.now;
  const reach = Promise.withResolvers<World>();
  const deliver = deliverTo(reach.promise);
  const services = await openServices({ directory, now, policies, functions, deliver, onFault });
  closers.add(services.close);
  const httpApis = createHttpApis({ url: () => gateway.url, policies, functions, now, onFault });
  const gateway = await openGateway({ ...options, services: services.byName, policies, httpApis, onFault });
  closers.add(gateway.close);
  const clients = createClients(gateway.url, LOCAL_OWNER_KEY);
  closers.add(async () => clients.close());
  closers.add(() => functions.close(CLOSE_GRACE_MS));
  const world: World = {
    url: gateway.url,
    directory,
    clients,
    policies,
    roles: createRoles(policies),
    functions,
    httpApis,
    rules: new Set(),
    permissions: new Map(),
    assets,
    identities: await openIdentities(join(directory, "identities.json")),
    alarms: [],
    mail: [],
    startLater: [],
    report: once((step) => options.onProgress?.(step)),
    onLog,
  };
  reach.resolve(world);
  return { world, services };
}

/** In the order in which work flows: who hands it out starts last, and stops first. */
async function startAll(options: CloudOptions, world: World, services: Services, closers: Closers): Promise<void> {
  const { url, clients, directory } = world;
  const onFault = options.onFault ?? reportFault;
  world.report("Starting functions");
  await world.functions.warm();
  const onMail = (mail: Mail): void => options.onMail?.(mail);
  const mailbox = await startMailbox(world.mail, { url, directory: join(directory, "mail"), clients, onMail, onFault });
  closers.add(mailbox.stop);
  const running: Running[] = [];
  closers.add(() => stopAll(running));
  for (const startOne of world.startLater) running.push(await startOne());
  const onAlarm = (alarm: RaisedAlarm): void => options.onAlarm?.(alarm);
  closers.add(watchAlarms(world.alarms, clients.sqs, { onAlarm, onFault }).stop);
  const schedules = startSchedules(services.events.schedules(), {
    now: Date.now,
    onFault: (_, error) => onFault(error),
  });
  closers.add(schedules.close);
  const sweep = (): void => void services.sweep().catch(onFault);
  sweep();
  const sweeping = setInterval(sweep, SWEEP_INTERVAL_MS);
  closers.add(async () => clearInterval(sweeping));
}

/** A batch that runs longer than the grace ends with its function's process, and comes back from its queue later. */
async function stopAll(running: readonly Running[]): Promise<void> {
  const grace = new AbortController();
  await Promise.race([Promise.all(running.map(({ stop }) => stop())), pause(CLOSE_GRACE_MS, grace.signal)]);
  grace.abort();
}

function once(report: (step: string) => void): (step: string) => void {
  const told = new Set<string>();
  return (step) => {
    if (!told.has(step)) report(step);
    told.add(step);
  };
}

function reportFault(error: unknown): void {
  process.stderr.write(`local cloud: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
}
