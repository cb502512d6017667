/** The two servers of other people that stand behind the gateway, on the loopback interface only. */
import type { AddressInfo } from "node:net";
import dynalite from "dynalite";
import { type BuildAppOptions, buildApp } from "fauxqs";
import { LOCAL_REGION } from "./aws-service.ts";

export interface BackendServer {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  close(): Promise<void>;
}

const LOOPBACK = "127.0.0.1";

/** DynamoDB. */
export async function startDynalite(directory: string): Promise<BackendServer> {
  const server = dynalite({ path: directory, createTableMs: 0 });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, LOOPBACK, resolve);
  });
  return {
    url: `http://${LOOPBACK}:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

type Stores = NonNullable<BuildAppOptions["stores"]>;

/** The parts of fauxqs that its `startFauxqs` joins. */
interface FauxqsParts {
  readonly SqsStore: new () => Stores["sqsStore"];
  readonly SnsStore: new () => Stores["snsStore"];
  readonly S3Store: new () => Stores["s3Store"];
  readonly PersistenceManager: new (
    directory: string,
  ) => NonNullable<Stores["sqsStore"]["persistence"]> & {
    loadSqsAndSns(sqs: Stores["sqsStore"], sns: Stores["snsStore"]): void;
    close(): void;
  };
}

/**
 * SQS and SNS.
 *
 * fauxqs' own start function listens on every interface of the machine, which would lay the queues open to the network: its parts are joined
 * here in the same way and listen on the loopback interface. They are not among the package's exports, hence the addresses; its version is pinned.
 */
export async function startFauxqs(directory: string): Promise<BackendServer> {
  await acceptEveryCharacter();
  const { SqsStore, SnsStore, S3Store, PersistenceManager } = await fauxqsParts();
  const stores: Stores = { sqsStore: new SqsStore(), snsStore: new SnsStore(), s3Store: new S3Store() };
  const persistence = new PersistenceManager(directory);
  // Loaded before it is told where to store, or every message read would be written again.
  persistence.loadSqsAndSns(stores.sqsStore, stores.snsStore);
  stores.sqsStore.persistence = persistence;
  stores.snsStore.persistence = persistence;
  for (const queue of stores.sqsStore.allQueues()) queue.persistence = persistence;
  const app = buildApp({ logger: false, defaultRegion: LOCAL_REGION, stores });
  const url = await app.listen({ port: 0, host: LOOPBACK });
  return {
    url,
    async close() {
      await app.close();
      persistence.close();
    },
  };
}

async function fauxqsParts(): Promise<FauxqsParts> {
  const entry = import.meta.resolve("fauxqs");
  const files = ["./sqs/sqsStore.js", "./sns/snsStore.js", "./s3/s3Store.js", "./persistence.js"];
  const modules = await Promise.all(files.map((file) => import(new URL(file, entry).href)));
  return Object.assign({}, ...modules) as FauxqsParts;
}

/**
 * fauxqs 2.4.1 refuses every character beyond the basic plane, so an emoji in a commit message could not be queued; SQS takes them. Its own
 * expression is compiled anew with what SQS's documentation allows.
 */
async function acceptEveryCharacter(): Promise<void> {
  const types = await import(new URL("./sqs/sqsTypes.js", import.meta.resolve("fauxqs")).href);
  const refused: unknown = types.INVALID_MESSAGE_BODY_CHAR;
  if (!(refused instanceof RegExp))
    throw new Error("fauxqs no longer has INVALID_MESSAGE_BODY_CHAR: see whether it takes emoji by itself");
  refused.compile("[^\\t\\n\\r -\\ud7ff\\ue000-\\ufffd\\u{10000}-\\u{10ffff}]", "u");
}
