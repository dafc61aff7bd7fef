/** The lines of a text that say something, as they are printed. */
export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Where a line of a text begins and ends; lines count from 1. */
export function rangeOf(text: string, line: number): [number, number] {
  const before = text.split('\n').slice(0, Math.max(0, line - 1));
  const start = Math.min(
    before.reduce((sum, each) => sum + each.length + 1, 0),
    text.length,
  );
  const end = text.indexOf('\n', start);
  return [start, end < 0 ? text.length : end];
}
