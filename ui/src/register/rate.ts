/** A percent as typed (`"7.5"`) in parts per million, null when it is above the whole. */
export function ratePpm(entry: string): number | null {
  const match = /^(\d{1,3})(?:\.(\d{0,4}))?$/.exec(entry);
  if (!match) return entry === '' ? 0 : null;
  const ppm = Number(match[1]) * 10_000 + Number((match[2] ?? '').padEnd(4, '0'));
  return ppm <= 1_000_000 ? ppm : null;
}

/** Parts per million as a percent to type on from. */
export function percentOf(ppm: number): string {
  const part = String(ppm % 10_000)
    .padStart(4, '0')
    .replace(/0+$/, '');
  const whole = String(Math.trunc(ppm / 10_000));
  return part === '' ? whole : `${whole}.${part}`;
}
