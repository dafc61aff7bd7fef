import type { ReceiptView } from '../api/bindings/ReceiptView';
import { readError } from '../api/errors';
import type { App } from '../app/app.svelte';
import { isSome, left } from './steps';

/** One order with its receipt, and what was given back of it. */
export class OrderDetail {
  receipt = $state.raw<ReceiptView | null>(null);
  missing = $state(false);
  busy = $state(false);

  readonly orderId: string;
  #app: App;

  constructor(app: App, orderId: string) {
    this.#app = app;
    this.orderId = orderId;
  }

  /** Whether anything is left to be given back. */
  get refundable(): boolean {
    const receipt = this.receipt;
    return receipt !== null && receipt.order.lines.some((line) => isSome(leftOf(receipt, line.line_id, line.quantity)));
  }

  load = async (): Promise<void> => {
    try {
      this.receipt = await this.#app.till.ask('orders.get', { order_id: this.orderId });
    } catch (error) {
      const refused = readError(error);
      if (refused.code === 'not_found') this.missing = true;
      else if (!this.receipt) this.#app.report(refused);
    }
  };

  /** Prints the receipt again, marked COPY. */
  reprint = async (): Promise<void> => {
    if (this.busy) return;
    const { till, toasts, texts } = this.#app;
    this.busy = true;
    await this.#app.try(async () => {
      this.receipt = await till.change('orders.reprint', { order_id: this.orderId });
      toasts.show('success', texts.t('reprint-done'));
    });
    this.busy = false;
  };

  reprintRefund = async (refundId: string): Promise<void> => {
    if (this.busy) return;
    const { till, toasts, texts } = this.#app;
    this.busy = true;
    await this.#app.try(async () => {
      await till.change('refund.reprint', { refund_id: refundId });
      toasts.show('success', texts.t('reprint-done'));
    });
    this.busy = false;
  };

  refund = (): void => {
    const { till, router, toasts, texts } = this.#app;
    if (till.state?.drawer) return router.go({ name: 'refund', orderId: this.orderId });
    toasts.show('warning', texts.t('error-drawer_closed'), {
      label: texts.t('shift-open'),
      run: () => router.go({ name: 'shift' }),
    });
  };
}

/** Units of a line that can still be given back. */
export function leftOf(receipt: ReceiptView, lineId: string, sold: string): string {
  const before = receipt.refunded.find((line) => line.line_id === lineId);
  return left(sold, before?.quantity ?? '0');
}
