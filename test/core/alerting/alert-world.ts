/** Alerting in memory, with a clock of its own and a fault at any one call. */
import { memoryAlertWindows } from "../../../lib/adapters/memory-alert-windows.ts";
import { memoryNoticeStore } from "../../../lib/adapters/memory-notice-store.ts";
import { memoryOutbox } from "../../../lib/adapters/memory-outbox.ts";
import { memoryPrincipalHistory } from "../../../lib/adapters/memory-principal-history.ts";
import { flush } from "../../../lib/core/alerting/flush.ts";
import type { Alert } from "../../../lib/core/alerting/format-alert.ts";
import { type Notice, type Notifier, notify } from "../../../lib/core/alerting/notify.ts";
import { Configuration } from "../../../lib/core/configuration/configuration.ts";
import type { Finding } from "../../../lib/core/record/finding.ts";
import type { IndexEntry } from "../../../lib/core/record/index-entry.ts";

export const MINUTE_MS = 60_000;
/** A message that failed comes again after this. */
const VISIBILITY_MS = 3 * MINUTE_MS;
const MAX_RECEIVES = 5;

/** At the n-th call: it does nothing and fails; it is carried out and fails; it is carried out and the process dies. */
export type Fault = "fails" | "fails but is stored" | "dies after it";

class InjectedError extends Error {}

interface WorldOptions {
  readonly alerts?: Readonly<Record<string, unknown>>;
  readonly fault?: { readonly call: number; readonly kind: Fault };
  readonly entries?: readonly IndexEntry[];
}

export function startWorld({ alerts = {}, fault, entries }: WorldOptions = {}) {
  const mails: Alert[] = [];
  const bus: Finding[] = [];
  /** Of every call of a port, its name. */
  const calls: string[] = [];
  const clock = { now: Date.parse("2026-07-01T13:04:00Z") };
  const process = { isDead: false };

  const faulty = <Port extends object>(name: string, port: Port): Port =>
    new Proxy(port, {
      get:
        (target, method) =>
        async (...given: unknown[]) => {
          if (process.isDead) throw new InjectedError("nobody is there");
          calls.push(`${name}.${String(method)}`);
          const isHit = fault?.call === calls.length - 1;
          if (isHit && fault.kind === "fails") throw new InjectedError(`${name} is away`);
          const answer = await (Reflect.get(target, method) as (...all: unknown[]) => unknown).apply(target, given);
          if (!isHit) return answer;
          process.isDead = fault.kind === "dies after it";
          throw new InjectedError(`${name} did not answer`);
        },
    });

  const configuration = Configuration.parse({
    organisation: "acme",
    timezone: "Europe/London",
    alerts: { email: ["a@acme.example"], ...alerts },
    people: [{ email: "ana@acme.example", name: "Ana Lima" }],
  });
  const notifier: Notifier = {
    configuration,
    notices: faulty("notices", memoryNoticeStore()),
    windows: faulty("windows", memoryAlertWindows()),
    outbox: faulty("outbox", memoryOutbox()),
    topic: faulty("topic", { publish: async (alert: Alert) => `message-${mails.push(alert)}` }),
    history: memoryPrincipalHistory(entries),
    sinks: [faulty("bus", { put: async (finding: Finding) => void bus.push(finding) })],
    now: () => clock.now,
  };

  /** As the queue hands it out: again and again until it is done, or set aside. */
  async function deliver(finding: Finding): Promise<Notice | undefined> {
    for (let receives = 0; receives < MAX_RECEIVES; receives += 1) {
      process.isDead = false;
      try {
        return await notify(finding, notifier);
      } catch {
        clock.now += VISIBILITY_MS;
      }
    }
    return undefined;
  }

  /** As the schedule does. */
  async function runMinutes(minutes: number): Promise<void> {
    for (let minute = 0; minute < minutes; minute += 1) {
      clock.now += MINUTE_MS;
      process.isDead = false;
      await flush({ ...notifier, run: `run-${clock.now}` }).catch((error: unknown) => {
        if (fault === undefined) throw error;
      });
    }
    process.isDead = false;
  }

  return { notifier, mails, bus, calls, clock, deliver, runMinutes };
}
