/**
 * Counting a drawer: pieces of each note and coin. This adds up what a person counted, whole minor units only;
 * what it is compared with is the engine's affair.
 */

/** Notes and coins in circulation, in units of the major unit, by currency. */
const KNOWN: Record<string, readonly number[]> = {
  IDR: [100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100],
  VND: [500_000, 200_000, 100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000],
  JPY: [10_000, 5_000, 1_000, 500, 100, 50, 10, 5, 1],
};
const CENTS = [10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10, 5, 2, 1];

/** What may lie in the drawer, in minor units, the largest first. */
export function denominations(currency: string, digits: number): bigint[] {
  const known = KNOWN[currency];
  if (known) return known.map((value) => BigInt(value) * 10n ** BigInt(digits));
  if (digits < 2) return CENTS.map((value) => BigInt(value));
  return CENTS.map((value) => BigInt(value) * 10n ** BigInt(digits - 2));
}

/** Pieces by denomination. */
export type Pieces = ReadonlyMap<bigint, number>;

/** Nothing is counted yet. */
export const NO_PIECES: Pieces = new Map();

/** The pieces with those of one denomination set. */
export function withPieces(pieces: Pieces, value: bigint, count: number): Pieces {
  return new Map([...pieces, [value, count]]);
}

/** What was counted in all, as money. */
export function counted(pieces: Pieces, currency: string): string {
  let sum = 0n;
  for (const [value, count] of pieces) sum += value * BigInt(count);
  return `${sum} ${currency}`;
}

/** The pieces as the engine takes them: (value in minor units, pieces), without those of nothing. */
export function asInput(pieces: Pieces): [number, number][] {
  return [...pieces].filter(([, count]) => count > 0).map(([value, count]) => [Number(value), count]);
}
