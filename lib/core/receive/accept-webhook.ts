/** A webhook that is let in is safe before its sender hears so, and the gate is asked where it is a question. */
import { gitHubQuestion } from "../gate/github-request.ts";
import type { IntakeQueue } from "./intake-queue.ts";
import { type Reception, receiveWebhook, type WebhookRequest } from "./receive-webhook.ts";

interface WebhookWorld {
  /** The secrets that a source may use, newest first; none for a source that is not configured. */
  readonly secretsOf: (source: string) => Promise<readonly string[]>;
  readonly intake: IntakeQueue;
  /** Resolves once the gate's queue has the question. */
  readonly askGate: (question: string) => Promise<void>;
}

/** @throws where a queue does not take it: the sender has to send it again, and what is known is not recorded twice */
export async function acceptWebhook(
  request: WebhookRequest,
  { secretsOf, intake, askGate }: WebhookWorld,
): Promise<{ readonly outcome: "accepted"; readonly id: string } | Extract<Reception, { outcome: "refused" }>> {
  const reception = await receiveWebhook(request, secretsOf);
  if (reception.outcome === "refused") return reception;
  const [id = ""] = await intake.send([reception.message]);
  const question = gitHubQuestion(request.source, request);
  if (question !== undefined) await askGate(question);
  return { outcome: "accepted", id };
}
