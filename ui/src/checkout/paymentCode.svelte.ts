import type { Api } from '../api/api';
import type { PaymentQrView } from '../api/bindings/PaymentQrView';
import type { TenderKind } from '../api/bindings/TenderKind';
import { readError } from '../api/errors';
import { refusal } from '../app/refusal';

/** The means that are paid by scanning a code of the shop. */
const SCANNED: ReadonlySet<TenderKind> = new Set<TenderKind>(['qris', 'viet_qr']);
/** An amount that is half typed is nobody's: a code is asked for when whoever types it pauses this long. */
const PAUSE_MS = 1_000;
/** A code that could not be taken away is tried again after this long. */
const AGAIN_MS = 2_000;

interface Wanted {
  kind: TenderKind;
  amount: string;
}

/**
 * The code that the customer pays by, on the customer's screen and here.
 *
 * The engine is asked one thing at a time, and only for what is wanted last; a code of another amount is taken away
 * first, however often that must be tried. No payment waits for any of it: what fails shows no code, and says nothing.
 */
export class PaymentCode {
  /** The code of the amount that is wanted; null while there is none. */
  qr = $state.raw<PaymentQrView | null>(null);
  /** Whether a customer's screen shows it, too. */
  isShown = $state(false);
  /** The means that the engine had a code of when it was asked last. */
  had = $state<TenderKind | null>(null);

  #api: Api;
  #wanted: Wanted | null = null;
  /** What the engine was asked for last, and may show; `anything` is what nobody here knows of. */
  #told: Wanted | 'anything' | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #paused = false;
  #running = false;

  constructor(api: Api) {
    this.#api = api;
  }

  /** Begins anew: whatever stands there is of another sale, perhaps of a page that was loaded anew since. */
  open = (): void => {
    this.#told ??= 'anything';
    this.#want(null, false);
  };

  /** Shows the code for this amount; none when there is no amount, or this means has no code. */
  show = (kind: TenderKind, amount: string | null, isTyped: boolean): void => {
    if (amount === null || !SCANNED.has(kind)) return this.drop();
    if (this.#wanted?.kind === kind && this.#wanted.amount === amount) return;
    this.#want({ kind, amount }, isTyped);
  };

  drop = (): void => {
    if (this.#wanted !== null) this.#want(null, false);
  };

  #want(wanted: Wanted | null, pause: boolean): void {
    this.qr = null;
    this.#wanted = wanted;
    this.#paused = pause;
    if (pause) this.#followIn(PAUSE_MS);
    else clearTimeout(this.#timer);
    void this.#follow();
  }

  #followIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#paused = false;
      void this.#follow();
    }, ms);
  }

  async #follow(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    while (await this.#step());
    this.#running = false;
  }

  /** Does what is next; false when nothing can be done now. */
  async #step(): Promise<boolean> {
    if (this.#told === this.#wanted) return false;
    if (this.#told !== null) return this.#takeAway();
    if (this.#wanted === null || this.#paused) return false;
    await this.#ask(this.#wanted);
    return true;
  }

  async #takeAway(): Promise<boolean> {
    try {
      await this.#api.call('customer_screen.drop_qr', {});
      this.#told = null;
      return true;
    } catch (error) {
      // Who signed out took their sale off the screen; but an engine that is gone may show it still.
      if (refusal(readError(error)) === 'stop') this.#followIn(AGAIN_MS);
      return false;
    }
  }

  async #ask(wanted: Wanted): Promise<void> {
    this.#told = wanted;
    const { kind, amount } = wanted;
    const asked = await this.#api.call('customer_screen.ask_qr', { kind, amount }).catch(() => null);
    if (wanted !== this.#wanted) return;
    this.qr = asked?.qr ?? null;
    this.isShown = asked?.is_shown ?? false;
    this.had = this.qr === null ? null : kind;
  }
}
