import type { ScaleView } from '../api/bindings/ScaleView';
import type { CommandError } from '../api/errors';
import type { Till } from '../app/till.svelte';
import { fromThousandths } from './quantity';

/** The engine asks the scale on for three seconds after it was asked itself, and sells by nothing older than one. */
const ASK_MS = 500;
const NOTHING: Pick<ScaleView, 'grams' | 'quantity'> = { grams: null, quantity: null };

/** A weight to sell by, exactly as the scale's view has it. */
export interface Weighed {
  quantity: string;
  scale_tare_g: number;
}

/** Grams as kilograms in decimal text. */
export function kilogramsOf(grams: number): string {
  return fromThousandths(grams);
}

/** Kilograms with all three decimals, as a scale shows them, so that the figure stands still. */
export function steady(kilograms: string): string {
  const [whole = '0', part = ''] = kilograms.split('.');
  return `${whole}.${part.padEnd(3, '0')}`;
}

/** Whether the engine refused what the scale had shown. */
export function isWeightRefusal(error: CommandError): boolean {
  const { reason } = error.details;
  return error.code === 'invalid' && (reason === 'weight_changed' || reason === 'scale');
}

/** What lies on the scale, as long as somebody looks. */
export class Weighing {
  /** Null until the engine answered; a till without a scale says `none`. */
  view = $state.raw<ScaleView | null>(null);
  /** What the packaging weighs, in grams. */
  tareG = $state(0);

  #till: Pick<Till, 'ask' | 'on'>;
  #watching = 0;
  #asking = false;
  #again = false;

  constructor(till: Pick<Till, 'ask' | 'on'>) {
    this.#till = till;
  }

  /** Whether there is a scale to look at. */
  get hasScale(): boolean {
    return this.view !== null && this.view.state !== 'none';
  }

  get state(): string {
    return this.view?.state ?? 'asking';
  }

  /** What can be sold now; null unless it lies at rest and something is left without its packaging. */
  get weighed(): Weighed | null {
    const quantity = this.view?.state === 'stable' ? this.view.quantity : null;
    return quantity === null ? null : { quantity, scale_tare_g: this.tareG };
  }

  /** What lies there with its packaging, in grams, when it may be taken as packaging. */
  get gross(): number | null {
    const grams = this.view?.state === 'stable' ? this.view.grams : null;
    return grams !== null && grams > 0 ? grams : null;
  }

  /** Looks at the scale, for new goods; returns what ends it. */
  watch = (): (() => void) => {
    const mine = (this.#watching += 1);
    this.tareG = 0;
    // What lay there before must not be sold; whether there is a scale is remembered, so that the step does not jump.
    if (this.hasScale) this.view = { state: 'asking', ...NOTHING };
    const timer = setInterval(this.#ask, ASK_MS);
    const deafen = this.#till.on('scale', this.#ask);
    this.#ask();
    return () => {
      clearInterval(timer);
      deafen();
      if (mine === this.#watching) this.#watching += 1;
    };
  };

  /** Takes what lies there now as the packaging. */
  takeTare = (): void => {
    if (this.gross !== null) this.#setTare(this.gross);
  };

  clearTare = (): void => this.#setTare(0);

  #setTare(grams: number): void {
    this.tareG = grams;
    // The weight on the screen was counted with the packaging of before.
    this.view = { state: 'asking', ...NOTHING };
    this.#ask();
  }

  /** One question at a time; what comes meanwhile leads to one more. */
  #ask = (): void => {
    if (this.#asking) {
      this.#again = true;
      return;
    }
    this.#asking = true;
    void this.#answer().finally(() => {
      this.#asking = false;
      if (!this.#again) return;
      this.#again = false;
      this.#ask();
    });
  };

  async #answer(): Promise<void> {
    const [turn, tare_g] = [this.#watching, this.tareG];
    const view = await this.#till.ask('scale.weigh', { tare_g }).catch(() => this.#unanswered());
    if (turn === this.#watching && tare_g === this.tareG) this.view = view;
  }

  /** Nothing is known of the weight any more; where a scale was not seen yet, the weight is typed anyway. */
  #unanswered(): ScaleView | null {
    return this.hasScale ? { state: 'unreachable', ...NOTHING } : this.view;
  }
}
