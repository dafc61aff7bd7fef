import type { RefundQuoteView } from '../api/bindings/RefundQuoteView';
import type { RefundView } from '../api/bindings/RefundView';
import type { TenderKind } from '../api/bindings/TenderKind';
import { readError, type CommandError } from '../api/errors';
import { newId } from '../api/newId';
import type { App } from '../app/app.svelte';

/** What giving money back has with a receipt and without: terms, what the engine says it comes to, and the outcome. */
export abstract class GivingBack {
  restock = $state(true);
  reason = $state('');
  tender = $state<TenderKind>('cash');
  quote = $state.raw<RefundQuoteView | null>(null);
  /** Why the engine would not give this back. */
  refused = $state.raw<CommandError | null>(null);
  busy = $state(false);
  done = $state.raw<RefundView | null>(null);

  protected readonly app: App;
  /** Made once: asked for again, it is the same refund. */
  protected readonly id = newId();
  #asked = 0;

  constructor(app: App) {
    this.app = app;
  }

  abstract get means(): readonly TenderKind[];
  /** Whether anything was chosen to come back. */
  abstract get some(): boolean;
  abstract get ready(): boolean;
  abstract complete: () => Promise<void>;
  protected abstract fetchQuote(): Promise<RefundQuoteView>;

  pay = (tender: TenderKind): void => {
    this.tender = tender;
    void this.ask();
  };

  /** Asks what giving this back comes to; only the newest answer counts. */
  protected async ask(): Promise<void> {
    const number = (this.#asked += 1);
    this.refused = null;
    if (!this.some) {
      this.quote = null;
      return;
    }
    try {
      const quote = await this.fetchQuote();
      if (number === this.#asked) this.quote = quote;
    } catch (error) {
      if (number !== this.#asked) return;
      this.quote = null;
      this.refused = readError(error);
    }
  }

  reprint = async (): Promise<void> => {
    const refund_id = this.done?.refund.refund_id;
    if (!refund_id || this.busy) return;
    const { till, toasts, texts } = this.app;
    this.busy = true;
    await this.app.try(async () => {
      this.done = await till.change('refund.reprint', { refund_id });
      toasts.show('success', texts.t('reprint-done'));
    });
    this.busy = false;
  };
}
