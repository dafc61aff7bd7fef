/** How long each bar is, in thousandths of the longest: whole minor units, and never an amount to show. */
export function barLengths(amounts: readonly string[]): number[] {
  const sizes = amounts.map((amount) => {
    const minor = /^-?(\d+) /.exec(amount)?.[1];
    return minor === undefined ? 0n : BigInt(minor);
  });
  const longest = sizes.reduce((most, size) => (size > most ? size : most), 0n);
  if (longest === 0n) return sizes.map(() => 0);
  // What there is any of can be seen.
  return sizes.map((size) => (size === 0n ? 0 : Math.max(8, Number((size * 1_000n) / longest))));
}
