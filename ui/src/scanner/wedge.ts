/**
 * Tells a keyboard-wedge scanner from a person. Pure: every key comes with its time, nothing is scheduled here.
 *
 * A burst is a scan when no two keys are further apart than the gap, it has at least three characters and ends with
 * Enter or Tab. Characters that may become a scan are held back; `release` says which turned out to be typed.
 */

export interface WedgeOptions {
  /** The most milliseconds between two keys of a scanner. */
  gapMs: number;
  /** The fewest characters of a scan. */
  minLength: number;
  /** An identical burst made of key repeats within this time is the same scan. */
  repeatMs: number;
}

export const WEDGE_DEFAULTS: WedgeOptions = { gapMs: 50, minLength: 3, repeatMs: 300 };

/** What an end key (Enter, Tab) meant. */
export type End =
  /** A code was scanned. */
  | { kind: 'scan'; code: string }
  /** The repeat of the scan before: nothing happens. */
  | { kind: 'repeated' }
  /** A person's Enter; `released` was typed before it. */
  | { kind: 'typed'; released: string };

interface Burst {
  text: string;
  startedAt: number;
  lastAt: number;
  /** How many of its characters were key repeats. */
  repeats: number;
}

const GROUP_SEPARATOR = '\u001d';

/** AIM symbology identifiers (ISO/IEC 15424) such as `]E0`, and characters that scanners put around a code. */
export function stripCode(raw: string): string {
  let code = raw;
  while (code.startsWith(GROUP_SEPARATOR)) code = code.slice(1);
  return code
    .replace(/^\][A-Za-z][0-9A-Za-z]/, '')
    .replace(/[\r\n\t ]+$/, '')
    .trimStart();
}

export class Wedge {
  #options: WedgeOptions;
  #burst: Burst | null = null;
  #last: { code: string; at: number } | null = null;

  constructor(options: Partial<WedgeOptions> = {}) {
    this.#options = { ...WEDGE_DEFAULTS, ...options };
  }

  set gapMs(gapMs: number) {
    this.#options = { ...this.#options, gapMs };
  }

  get gapMs(): number {
    return this.#options.gapMs;
  }

  /** Whether characters are held back. */
  get pending(): boolean {
    return this.#burst !== null;
  }

  /** How many characters are held back. */
  get length(): number {
    return this.#burst?.text.length ?? 0;
  }

  /** Whether a key at this time goes on with the burst. */
  continues(at: number): boolean {
    return this.#burst !== null && at - this.#burst.lastAt <= this.#options.gapMs;
  }

  /** Takes a character; returns what turned out to be typed before it. */
  char(char: string, at: number, repeat = false): string {
    const burst = this.#burst;
    if (burst && this.continues(at)) {
      burst.text += char;
      burst.lastAt = at;
      burst.repeats += repeat ? 1 : 0;
      return '';
    }
    const released = this.flush();
    this.#burst = { text: char, startedAt: at, lastAt: at, repeats: repeat ? 1 : 0 };
    return released;
  }

  /** Takes Enter or Tab. */
  end(at: number, repeat = false): End {
    const burst = this.#burst;
    if (!burst) {
      // Enter held down by the scanner's cable must not press the button that has the focus.
      const afterScan = this.#last !== null && at - this.#last.at <= this.#options.repeatMs;
      return repeat && afterScan ? { kind: 'repeated' } : { kind: 'typed', released: '' };
    }
    const inTime = this.continues(at);
    this.#burst = null;
    const code = stripCode(burst.text);
    // One key held down is a person leaning on it: a scanner sends each character as a key of its own.
    const leaning = burst.text.length > 1 && burst.repeats >= burst.text.length - 1;
    if (!inTime || code.length < this.#options.minLength || leaning) return { kind: 'typed', released: burst.text };
    const again = this.#last !== null && this.#last.code === code && at - this.#last.at <= this.#options.repeatMs;
    if (again && (repeat || burst.repeats > 0)) {
      this.#last = { code, at };
      return { kind: 'repeated' };
    }
    this.#last = { code, at };
    return { kind: 'scan', code };
  }

  /** Gives back what is held when the gap is over; call it by a timer. */
  idle(at: number): string {
    return this.#burst && !this.continues(at) ? this.flush() : '';
  }

  /** Gives back what is held, whatever the time. */
  flush(): string {
    const text = this.#burst?.text ?? '';
    this.#burst = null;
    return text;
  }
}
