/** What gatebook.yml knows of an event: the person behind it, the sensitive components it touches, the time of day it happened. */
import { type Calendar, calendarOf } from "../configuration/calendar.ts";
import type { Configuration } from "../configuration/configuration.ts";
import { personLookup } from "../configuration/people.ts";
import { matcherOf } from "../configuration/wildcard.ts";
import { principalOf } from "../sources/principal.ts";
import type { NormalisedEvent } from "./audit-record.ts";

export interface Classification {
  readonly person?: string;
  readonly components: readonly string[];
  readonly calendar: Calendar;
}

export function classifier(configuration: Configuration): (normalised: NormalisedEvent) => Classification {
  const personOf = personLookup(configuration.people);
  const calendarAt = calendarOf(configuration);
  const components = configuration.components.map(({ name, match }) => ({ name, matches: matcherOf(match) }));
  return ({ event, granted }) => {
    const person = personOf(principalOf(event), granted);
    const touched = (event.resources ?? []).flatMap(({ uid }) => (uid === undefined ? [] : [uid]));
    return {
      ...(person !== undefined && { person }),
      components: components.filter(({ matches }) => touched.some(matches)).map(({ name }) => name),
      calendar: calendarAt(event.time),
    };
  };
}
