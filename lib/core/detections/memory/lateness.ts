/** How late an event may come and still be counted with those of its time: a day is longer than log files and redeliveries take. */
export const LATENESS_MS = 24 * 60 * 60 * 1000;
