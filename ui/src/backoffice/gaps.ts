/** What a test scan showed: how many characters came and the longest time between two of them. */
export interface Measured {
  characters: number;
  longestMs: number;
}

/** Longer pauses are a person, not a scanner. */
const PERSON_MS = 500;

/** Measures the burst that ended at the last of these times (of each key, the end key too). */
export function measure(times: readonly number[]): Measured | null {
  let from = times.length - 1;
  let longestMs = 0;
  while (from > 0) {
    const gap = (times[from] ?? 0) - (times[from - 1] ?? 0);
    if (gap > PERSON_MS) break;
    longestMs = Math.max(longestMs, gap);
    from -= 1;
  }
  const characters = times.length - 1 - from;
  return characters < 3 ? null : { characters, longestMs: Math.ceil(longestMs) };
}

/** A setting with room above what was measured, in steps of ten. */
export function adviceFor(longestMs: number): number {
  return Math.min(200, Math.max(30, Math.ceil((longestMs * 1.5) / 10) * 10));
}
