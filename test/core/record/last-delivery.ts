/** What rules see of the delivery of the last of several events. */
import { expect } from "vitest";
import type { DeliveryView } from "../../../lib/core/detections/record-view.ts";
import { type Message, organisation, viewsOf } from "./views.ts";

/** What is known at the last event of the list, which has to be the same in both ways of arriving. */
export async function lastOf(
  messages: readonly Message[],
  configuration = organisation(),
): Promise<DeliveryView | undefined> {
  const { together, oneByOne } = await viewsOf(messages, configuration);
  const last = oneByOne.at(-1);
  expect(together.find(({ metadata }) => metadata.uid === last?.metadata.uid)?.delivery).toEqual(last?.delivery);
  return last?.delivery;
}
