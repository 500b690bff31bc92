/* Instants as whole microseconds since 1970 in UTC (`BigInt`), and days. As `schemas/epcis/instant.py` and
 * `schemas/master/validity.py`.
 *
 * - A text with a zone is read as xsd:dateTime, RFC 3339 and ISO 8601 write it; without one it names no instant.
 * - Digits finer than a microsecond are cut off.
 */

const LONGEST = 64;
const DATE = /^([0-9]{4})-(?:([0-9]{2})-([0-9]{2})|W([0-9]{2})-([1-7]))$/;
const TIME = /^([0-9]{2})(?::([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]+))?)?|([0-9]{2})(?:([0-9]{2})(?:[.,]([0-9]+))?)?)?$/;
const DAY = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
// Of master data, where no day ends at 24:00.
const INSTANT = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T(?!24)[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2})$/;
const SECOND = 1_000_000n;
const DAY_LONG = 86_400n * SECOND;
// The days from 1 January of year 1 to 1970, and to 1 January of year 10000.
const [FIRST, AFTER_LAST] = [-719_162n * DAY_LONG, 2_932_897n * DAY_LONG];

/** The instant itself, or the nearest one of a year from 1 to 9999 of UTC: a zone may put an event before or after. */
export function withinCalendar(at) {
  return at < FIRST ? FIRST : at < AFTER_LAST ? at : AFTER_LAST - 1n;
}

/** The instant a text names, null where it names none (no time, no zone). */
export function microseconds(text) {
  if (text.length < 17 || text.length > LONGEST || !/[Tt]/.test(text[10])) return null;
  const [, clock, zone] = /^(.*?)(Z|[+-].*)$/s.exec(text.slice(11).toUpperCase()) ?? [];
  if (clock === undefined) return null;
  // xsd:dateTime allows 24:00:00 for the end of a day.
  const endsDay = clock.startsWith('24:00') && !/[^:0]/.test(clock.slice(5, 8));
  const date = dayNumber(text.slice(0, 10));
  const time = clockTime(endsDay ? `00${clock.slice(2)}` : clock, false);
  const offset = zone === 'Z' ? 0n : clockTime(zone.slice(1), true);
  if (date === null || time === null || offset === null) return null;
  return BigInt(date + (endsDay ? 1 : 0)) * DAY_LONG + time - (zone[0] === '-' ? -offset : offset);
}

/** Is it a day or an instant, as master data writes from when to when it holds? */
export function isMoment(text) {
  return DAY.test(text) ? dayNumber(text) !== null : INSTANT.test(text) && microseconds(text) !== null;
}

/** When it begins: a day with its first moment in UTC. */
export function begins(text) {
  return DAY.test(text) ? BigInt(dayNumber(text)) * DAY_LONG : microseconds(text);
}

/** When it ends: a day after its last moment. */
export function ends(text) {
  return begins(text) + (DAY.test(text) ? DAY_LONG : 0n);
}

/** Days since 1970 of a calendar date, or of a day of a week; null where there is no such day. */
function dayNumber(text) {
  const [, year, month, day, week, weekday] = DATE.exec(text) ?? [];
  if (year === undefined || year === '0000') return null;
  if (week === undefined) return ofCalendar(Number(year), Number(month), Number(day));
  const fourth = ofCalendar(Number(year), 1, 4);
  const number = fourth - ((fourth + 3) % 7 + 7) % 7 + (Number(week) - 1) * 7 + Number(weekday) - 1;
  // The last week of a year is the one that holds its 28 December.
  const last = ofCalendar(Number(year), 12, 28);
  return week === '00' || number - (Number(weekday) - 1) > last ? null : number;
}

function ofCalendar(year, month, day) {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const same = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return same ? Math.round(date.getTime() / 86_400_000) : null;
}

/** A time of day, or the distance of a zone, in microseconds. */
function clockTime(text, isZone) {
  const found = TIME.exec(text);
  if (found === null) return null;
  const [hours, minutes, seconds] = [found[1], found[2] ?? found[5] ?? '0', found[3] ?? found[6] ?? '0'].map(Number);
  const fraction = BigInt((found[4] ?? found[7] ?? '').padEnd(6, '0').slice(0, 6));
  if (hours > 23 || (!isZone && (minutes > 59 || seconds > 59))) return null;
  const time = BigInt(hours * 3600 + minutes * 60 + seconds) * SECOND + fraction;
  return time < DAY_LONG ? time : null;
}
