/** What a numeric keypad has been told so far: decimal text with a point, never a number. */

export type PadKey = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9' | '00' | '000' | '.' | 'erase' | 'clear';

export interface EntryRules {
  /** Decimals that may be entered. */
  decimals: number;
  /** The most digits in all; 64-bit amounts have room for 15 without a thought. */
  maxDigits: number;
}

/** The entry after a key; keys that do not fit leave it as it is. */
export function press(entry: string, key: PadKey, rules: EntryRules): string {
  if (key === 'clear') return '';
  if (key === 'erase') return entry.slice(0, -1);
  if (key === '.') {
    if (rules.decimals === 0 || entry.includes('.')) return entry;
    return entry === '' ? '0.' : `${entry}.`;
  }
  let next = entry;
  for (const digit of key) next = digitAfter(next, digit, rules);
  return next;
}

function digitAfter(entry: string, digit: string, rules: EntryRules): string {
  const [whole = '', part] = entry.split('.');
  if (whole.length + (part?.length ?? 0) >= rules.maxDigits) return entry;
  if (part !== undefined) return part.length < rules.decimals ? entry + digit : entry;
  if (entry === '0') return digit === '0' ? entry : digit;
  return entry + digit;
}

/** The key of a typed character, or null. */
export function padKey(char: string): PadKey | null {
  if (/^[0-9]$/.test(char)) return char as PadKey;
  return char === ',' || char === '.' ? '.' : null;
}

/** The entry as plain decimal text: `"12."` is `"12"`, nothing is `"0"`. */
export function toDecimal(entry: string): string {
  const trimmed = entry.replace(/\.$/, '');
  return trimmed === '' ? '0' : trimmed;
}

/** The entry as money of `digits` decimals: the digits are written side by side, nothing is computed. */
export function toMoney(entry: string, currency: string, digits: number): string {
  const [whole = '0', part = ''] = toDecimal(entry).split('.');
  const minor = `${whole}${part.slice(0, digits).padEnd(digits, '0')}`.replace(/^0+(?=\d)/, '');
  return `${minor} ${currency}`;
}

/** Money as an entry to go on from. */
export function fromMoney(money: string, digits: number): string {
  const minor = money.split(' ')[0]?.replace('-', '') ?? '';
  if (digits === 0) return minor.replace(/^0+(?=\d)/, '');
  const padded = minor.padStart(digits + 1, '0');
  const part = padded.slice(-digits).replace(/0+$/, '');
  const whole = padded.slice(0, -digits).replace(/^0+(?=\d)/, '');
  return part === '' ? whole : `${whole}.${part}`;
}

/** Whether anything above zero was entered. */
export function isPositive(entry: string): boolean {
  return /[1-9]/.test(entry);
}
