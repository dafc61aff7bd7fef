import type { App } from '../app/app.svelte';
import { press, toMoney, type PadKey } from '../components/shared/entry';
import { asInput, counted, denominations, NO_PIECES, withPieces, type Pieces } from './count';

/** Counting the cash of a drawer: pieces of each note and coin, or the sum that someone counted elsewhere. */
export class Counting {
  way = $state<'pieces' | 'sum'>('pieces');
  pieces = $state.raw<Pieces>(NO_PIECES);
  /** The place of the note or coin whose pieces are being typed. */
  at = $state(0);
  /** The sum as typed. */
  entry = $state('');

  #app: App;

  constructor(app: App, way: 'pieces' | 'sum') {
    this.#app = app;
    this.way = way;
  }

  get values(): bigint[] {
    return denominations(this.#app.figures.currency, this.#app.figures.digits);
  }

  get total(): string {
    const { currency, digits } = this.#app.figures;
    return this.way === 'pieces' ? counted(this.pieces, currency) : toMoney(this.entry, currency, digits);
  }

  /** How the count came about, for the engine; nothing when only the sum is known. */
  get denominations(): [number, number][] {
    return this.way === 'pieces' ? asInput(this.pieces) : [];
  }

  /** Whether anything was counted at all. */
  get begun(): boolean {
    return this.way === 'pieces' ? this.denominations.length > 0 : this.entry !== '';
  }

  of(value: bigint): number {
    return this.pieces.get(value) ?? 0;
  }

  key = (pad: PadKey): void => {
    if (this.way === 'sum') {
      this.entry = press(this.entry, pad, { decimals: this.#app.figures.digits, maxDigits: 13 });
      return;
    }
    const value = this.values[this.at];
    if (value === undefined) return;
    const before = this.of(value) === 0 ? '' : String(this.of(value));
    const typed = press(before, pad, { decimals: 0, maxDigits: 5 });
    this.pieces = withPieces(this.pieces, value, Number(typed || '0'));
  };

  next = (): void => this.#step(1);
  before = (): void => this.#step(-1);

  #step(step: 1 | -1): void {
    const many = this.values.length;
    this.at = (this.at + step + many) % many;
  }
}
