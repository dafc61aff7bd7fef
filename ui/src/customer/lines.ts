import type { CustomerLineView } from '../api/bindings/CustomerLineView';

/** The lines of now; one that says what it said is the same object, so that it is not drawn again. */
export function keptLines(before: readonly CustomerLineView[], now: readonly CustomerLineView[]): CustomerLineView[] {
  const known = new Map(before.map((line) => [line.line_id, line]));
  return now.map((line) => {
    const same = known.get(line.line_id);
    return same && JSON.stringify(same) === JSON.stringify(line) ? same : line;
  });
}

/** The last lines, `most` of them; when the line that changed is older, those that begin with it. */
export function recentLines(
  lines: readonly CustomerLineView[],
  changedId: string | null,
  most: number,
): readonly CustomerLineView[] {
  const changed = lines.findIndex((line) => line.line_id === changedId);
  const last = Math.max(0, lines.length - most);
  const first = changed < 0 ? last : Math.min(changed, last);
  return lines.slice(first, first + most);
}

/**
 * Which lines of these heights are seen whole in a room: the last ones, or from the one that changed when that is
 * further up. Gives the first and the one behind the last; the changed one is seen however little room there is.
 */
export function seenLines(heights: readonly number[], room: number, changed: number): [number, number] {
  let first = heights.length;
  let taken = 0;
  while (first > 0 && taken + (heights[first - 1] ?? 0) <= room) taken += heights[(first -= 1)] ?? 0;
  if (changed < 0 || changed >= first) return [first, heights.length];
  let end = changed + 1;
  taken = heights[changed] ?? 0;
  while (end < heights.length && taken + (heights[end] ?? 0) <= room) taken += heights[end++] ?? 0;
  return [changed, end];
}
