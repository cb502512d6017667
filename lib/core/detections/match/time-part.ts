/** The parts of a point in time that rules compare, as the record writes it: there is no conversion between time zones. */
import type { TimePart } from "../rule.ts";

/** Numbers from here on count milliseconds; in seconds this is the year 5138. */
const MILLISECONDS_FROM = 1e11;
const DAY_MS = 24 * 60 * 60 * 1000;
const WEEK_DAYS = 7;
/** Of the week, counted from Sunday: ISO 8601 gives a week to the year that has its Thursday. */
const THURSDAY = 4;

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ]([01]\d|2[0-3]):([0-5]\d)|$)/;

/** Reads ISO 8601 text, and numbers that count from 1970 in UTC; undefined is anything else, and the hour of a date without one. */
export function timePartOf(text: string, part: TimePart): number | undefined {
  const [, year, month, day, hour, minute] = ISO.exec(text) ?? isoOf(text);
  if (year === undefined) return undefined;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  // The 31st of February is no date, and JavaScript would make it one.
  if (date.getUTCMonth() + 1 !== Number(month)) return undefined;
  switch (part) {
    case "year":
      return Number(year);
    case "month":
      return Number(month);
    case "week":
      return weekOf(date);
    case "day":
      return Number(day);
    case "hour":
      return hour === undefined ? undefined : Number(hour);
    case "minute":
      return minute === undefined ? undefined : Number(minute);
  }
}

function isoOf(text: string): readonly string[] {
  if (!/^\d{1,16}(\.\d+)?$/.test(text)) return [];
  const count = Number(text);
  const date = new Date(count < MILLISECONDS_FROM ? count * 1000 : count);
  return Number.isNaN(date.getTime()) ? [] : (ISO.exec(date.toISOString()) ?? []);
}

function weekOf(date: Date): number {
  const weekday = date.getUTCDay() || WEEK_DAYS;
  const thursday = date.getTime() + (THURSDAY - weekday) * DAY_MS;
  const newYear = Date.UTC(new Date(thursday).getUTCFullYear(), 0, 1);
  return Math.floor((thursday - newYear) / DAY_MS / WEEK_DAYS) + 1;
}
