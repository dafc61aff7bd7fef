import type { Api } from '../api/api';
import type { PaymentQrView } from '../api/bindings/PaymentQrView';
import type { TenderKind } from '../api/bindings/TenderKind';

/** The means that are paid by scanning a code of the shop. */
const SCANNED: ReadonlySet<TenderKind> = new Set<TenderKind>(['qris', 'viet_qr']);
/** A new code is asked for when whoever types the amount pauses this long. */
const PAUSE_MS = 300;

interface Wanted {
  kind: TenderKind;
  amount: string;
}

/**
 * The code that the customer pays by, on the customer's screen and here.
 *
 * The engine is asked one thing at a time, and only for what is wanted last; a code of another amount is taken away
 * first. No payment waits for any of it: what fails shows no code, and says nothing.
 */
export class PaymentCode {
  /** The code of the amount that is wanted; null while there is none. */
  qr = $state.raw<PaymentQrView | null>(null);
  /** Whether a customer's screen shows it, too. */
  isShown = $state(false);

  #api: Api;
  #wanted: Wanted | null = null;
  /** What the engine was asked for last, and may show. */
  #told: Wanted | null = null;
  #pause: ReturnType<typeof setTimeout> | undefined;
  #paused = false;
  #running = false;

  constructor(api: Api) {
    this.#api = api;
  }

  /** Shows the code for this amount; none when there is no amount, or this means has no code. */
  show = (kind: TenderKind, amount: string | null): void => {
    if (amount === null || !SCANNED.has(kind)) return this.drop();
    if (this.#wanted?.kind === kind && this.#wanted.amount === amount) return;
    this.#want({ kind, amount }, this.#wanted !== null);
  };

  drop = (): void => {
    if (this.#wanted !== null) this.#want(null, false);
  };

  #want(wanted: Wanted | null, pause: boolean): void {
    this.qr = null;
    this.#wanted = wanted;
    clearTimeout(this.#pause);
    this.#paused = pause;
    if (pause) {
      this.#pause = setTimeout(() => {
        this.#paused = false;
        void this.#follow();
      }, PAUSE_MS);
    }
    void this.#follow();
  }

  async #follow(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    while (this.#told !== this.#wanted) {
      if (this.#told !== null) await this.#takeAway();
      else if (this.#wanted !== null && !this.#paused) await this.#ask(this.#wanted);
      else break;
    }
    this.#running = false;
  }

  async #takeAway(): Promise<void> {
    this.#told = null;
    await this.#api.call('customer_screen.drop_qr', {}).catch(() => undefined);
  }

  async #ask(wanted: Wanted): Promise<void> {
    this.#told = wanted;
    const { kind, amount } = wanted;
    const asked = await this.#api.call('customer_screen.ask_qr', { kind, amount }).catch(() => null);
    if (wanted !== this.#wanted) return;
    this.qr = asked?.qr ?? null;
    this.isShown = asked?.is_shown ?? false;
  }
}
