/** Quantities are decimal text with up to three decimals; counting them is whole-number work in thousandths. */

/** `"0.125"` in thousandths: 125. */
export function thousandths(quantity: string): number {
  const match = /^(-?)(\d{1,12})(?:\.(\d{1,3}))?$/.exec(quantity);
  if (!match) return 0;
  const value = Number(match[2]) * 1_000 + Number((match[3] ?? '').padEnd(3, '0'));
  return match[1] ? -value : value;
}

/** Thousandths as decimal text. */
export function fromThousandths(value: number): string {
  const absolute = Math.abs(value);
  const part = String(absolute % 1_000)
    .padStart(3, '0')
    .replace(/0+$/, '');
  const whole = Math.trunc(absolute / 1_000);
  return `${value < 0 ? '-' : ''}${whole}${part === '' ? '' : `.${part}`}`;
}

/** The quantity and `pieces` more, not below nothing. */
export function plus(quantity: string, pieces: number): string {
  return fromThousandths(Math.max(0, thousandths(quantity) + pieces * 1_000));
}

/** What is left of `sold` after `refunded`. */
export function left(sold: string, refunded: string): string {
  return fromThousandths(Math.max(0, thousandths(sold) - thousandths(refunded)));
}
