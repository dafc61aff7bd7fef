/** Hours of the day and moments as people write them; a moment is of the outlet's clock, not of this device's. */

/** Minutes after midnight as `16:05`; the end of the day is `24:00`. */
export function timeText(minutes: number): string {
  const two = (part: number) => String(part).padStart(2, '0');
  return `${two(Math.trunc(minutes / 60))}:${two(minutes % 60)}`;
}

/** `16:05`, `16.05` or `16` as minutes after midnight; null when there is no such time. */
export function minutesOf(text: string): number | null {
  const match = /^(\d{1,2})(?:[:.](\d{2}))?$/.exec(text.trim());
  if (!match) return null;
  const [hour, minute] = [Number(match[1]), Number(match[2] ?? '0')];
  const minutes = hour * 60 + minute;
  return minute < 60 && minutes <= 1_440 ? minutes : null;
}

/** From and until as typed: none is the whole day (`null`); `'wrong'` when they cannot be hours. */
export function hoursOf(from: string, until: string): [number, number] | null | 'wrong' {
  if (from.trim() === '' && until.trim() === '') return null;
  const [first, last] = [minutesOf(from), minutesOf(until)];
  if (first === null || last === null || first === last || first >= 1_440) return 'wrong';
  return [first, last];
}

function partsAt(at: number, zone: string): number[] {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const parts = format.formatToParts(at);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value ?? '0');
  return ['year', 'month', 'day', 'hour', 'minute'].map(part);
}

/** A moment on the outlet's wall: `2026-12-01 09:00`. */
export function momentText(at: number, zone: string): string {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = partsAt(at, zone);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}`;
}

/** The moment that the outlet's wall shows as `2026-12-01 09:00` (or the beginning of `2026-12-01`); null when none does. */
export function momentOf(text: string, zone: string): number | null {
  const match = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2})[:.](\d{2}))?$/.exec(text.trim());
  if (!match) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = match.slice(1).map((part) => Number(part ?? '0'));
  const wall = Date.UTC(year, month - 1, day, hour, minute);
  // A zone is never more than 14 hours off; the second look is for a clock that is put forward in between.
  let at = wall;
  for (let look = 0; look < 2; look += 1) {
    const [y = 0, mo = 1, d = 1, h = 0, mi = 0] = partsAt(at, zone);
    at += wall - Date.UTC(y, mo - 1, d, h, mi);
  }
  const [y, mo, d] = partsAt(at, zone);
  return y === year && mo === month && d === day ? at : null;
}

/** Today on the outlet's wall and days before it, as `2026-11-23`. */
export function dayText(at: number, zone: string, before = 0): string {
  const [year = 0, month = 1, day = 1] = partsAt(at, zone);
  return new Date(Date.UTC(year, month - 1, day - before)).toISOString().slice(0, 10);
}

/** Whether a day can be one: `2026-02-30` cannot. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const at = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(at) && new Date(at).toISOString().startsWith(text);
}
