import type { OrderLine } from '../api/bindings/OrderLine';
import type { ReceiptView } from '../api/bindings/ReceiptView';
import type { RefundInput } from '../api/bindings/RefundInput';
import type { RefundQuoteView } from '../api/bindings/RefundQuoteView';
import type { TenderKind } from '../api/bindings/TenderKind';
import { readError } from '../api/errors';
import type { App } from '../app/app.svelte';
import { GivingBack } from './givingBack.svelte';
import { meansOf } from './means';
import { leftOf } from './order.svelte';
import { isSome, stepDown, stepUp, within } from './steps';

/** A line of the order with what is left of it and what comes back now. */
export interface RefundRow {
  line: OrderLine;
  left: string;
  chosen: string;
}

/** Giving money back for an order: what comes back, by which means, and what the engine says it comes to. */
export class RefundDraft extends GivingBack {
  receipt = $state.raw<ReceiptView | null>(null);
  chosen = $state.raw<Readonly<Record<string, string>>>({});
  /** The line whose quantity is being typed. */
  typing = $state.raw<RefundRow | null>(null);

  readonly orderId: string;

  constructor(app: App, orderId: string) {
    super(app);
    this.orderId = orderId;
  }

  get rows(): RefundRow[] {
    const receipt = this.receipt;
    if (!receipt) return [];
    return receipt.order.lines.map((line) => ({
      line,
      left: leftOf(receipt, line.line_id, line.quantity),
      chosen: this.chosen[line.line_id] ?? '0',
    }));
  }

  get means(): TenderKind[] {
    return this.receipt ? meansOf(this.receipt.order) : [];
  }

  get some(): boolean {
    return this.rows.some((row) => isSome(row.chosen));
  }

  get ready(): boolean {
    return this.some && this.quote !== null && this.reason.trim() !== '' && !this.busy;
  }

  load = async (): Promise<void> => {
    await this.app.try(async () => {
      this.receipt = await this.app.till.ask('orders.get', { order_id: this.orderId });
      this.tender = this.means[0] ?? 'cash';
    });
    if (!this.receipt) this.leave();
  };

  set = (row: RefundRow, quantity: string): void => {
    this.chosen = { ...this.chosen, [row.line.line_id]: within(quantity, row.left) };
    this.typing = null;
    void this.ask();
  };

  more = (row: RefundRow): void => this.set(row, stepUp(row.chosen, row.left));
  less = (row: RefundRow): void => this.set(row, stepDown(row.chosen));

  all = (): void => {
    this.chosen = Object.fromEntries(this.rows.map((row) => [row.line.line_id, row.left]));
    void this.ask();
  };

  none = (): void => {
    this.chosen = {};
    void this.ask();
  };

  #input(): RefundInput {
    return {
      refund_id: this.id,
      order_id: this.orderId,
      lines: this.rows
        .filter((row) => isSome(row.chosen))
        .map((row) => ({ line_id: row.line.line_id, quantity: row.chosen, restock: this.restock })),
      tender: this.tender,
      reason: this.reason.trim(),
      approval: null,
    };
  }

  protected fetchQuote(): Promise<RefundQuoteView> {
    return this.app.till.ask('refund.quote', this.#input());
  }

  complete = async (): Promise<void> => {
    if (!this.ready) return;
    const { approvals, till } = this.app;
    const input = this.#input();
    this.busy = true;
    try {
      this.done = await approvals.with((approval) => till.change('refund.complete', { ...input, approval }));
    } catch (error) {
      await this.#failed(error);
    } finally {
      this.busy = false;
    }
  };

  /** The answer may have been lost after the refund was written: looks before anything can be given back twice. */
  async #failed(error: unknown): Promise<void> {
    const refused = readError(error);
    this.app.report(refused);
    if (refused.code !== 'engine_gone' && refused.code !== 'refund_too_much') return;
    const before = this.receipt?.refunds.length ?? 0;
    try {
      this.receipt = await this.app.till.ask('orders.get', { order_id: this.orderId });
    } catch {
      return this.leave();
    }
    if (this.receipt.refunds.length > before) {
      this.app.toasts.show('info', this.app.texts.t('refund-was-written'));
      this.leave();
    } else this.none();
  }

  leave = (): void => this.app.router.go({ name: 'order', orderId: this.orderId });
}
