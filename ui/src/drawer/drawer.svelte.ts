import type { App } from '../app/app.svelte';
import type { CashMovementKind } from '../api/bindings/CashMovementKind';
import type { ClosedView } from '../api/bindings/ClosedView';
import type { ReportView } from '../api/bindings/ReportView';
import type { Counting } from './counting.svelte';

/** The shift of this drawer: open, look, move cash, close. */
export class Drawer {
  report = $state.raw<ReportView | null>(null);
  closed = $state.raw<ClosedView | null>(null);
  busy = $state(false);
  #app: App;

  constructor(app: App) {
    this.#app = app;
  }

  async #step(run: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    const done = await this.#app.try(run);
    this.busy = false;
    return done;
  }

  async load(): Promise<void> {
    if (!this.#app.till.state?.drawer) {
      this.report = null;
      return;
    }
    await this.#app.try(async () => {
      this.report = await this.#app.till.ask('drawer.report', {});
    });
  }

  /** Opens the shift with the cash that is in the drawer. */
  open = async (openingFloat: string): Promise<void> => {
    const { till, router, toasts, texts } = this.#app;
    const done = await this.#step(() => till.changeState('drawer.open', { opening_float: openingFloat }));
    if (!done) return;
    toasts.show('success', texts.t('shift-opened'));
    router.go({ name: 'register' });
  };

  /** Prints the X report. */
  print = async (): Promise<void> => {
    const { till, toasts, texts } = this.#app;
    await this.#step(async () => {
      this.report = await till.change('drawer.print_report', {});
      toasts.show('success', texts.t('printing-queued'));
    });
  };

  /** Puts cash in or takes it out; true when it is done. The same id moves it once, however often it is asked. */
  move = async (id: string, kind: CashMovementKind, amount: string, reason: string): Promise<boolean> => {
    const { till, approvals, toasts, texts } = this.#app;
    let moved = false;
    await this.#step(async () => {
      const report = await approvals.with((approval) =>
        till.change('drawer.move_cash', { cash_movement_id: id, kind, amount, reason, approval }),
      );
      if (!report) return;
      moved = true;
      this.report = report;
      toasts.show('success', texts.t('shift-moved'));
    });
    return moved;
  };

  /** Opens the drawer without a sale; true when it is done. */
  kick = async (reason: string): Promise<boolean> => {
    const { till, approvals, toasts, texts } = this.#app;
    let opened = false;
    await this.#step(async () => {
      opened = (await approvals.with((approval) => till.change('drawer.kick', { reason, approval }))) !== null;
      if (opened) toasts.show('success', texts.t('shift-kicked'));
    });
    return opened;
  };

  /** Closes the shift with what was counted; it cannot be opened again, so a person confirms. */
  close = async (count: Pick<Counting, 'total' | 'denominations'>, note: string): Promise<void> => {
    const { till, questions, texts, figures } = this.#app;
    const input = { counted_cash: count.total, denominations: count.denominations, note: note.trim() || null };
    const yes = await questions.confirm({
      title: texts.t('count-confirm-title'),
      text: texts.t('count-confirm-text', { counted: figures.money(input.counted_cash) }),
      confirm: texts.t('shift-close'),
      danger: true,
    });
    if (!yes) return;
    await this.#step(async () => {
      this.closed = await till.change('drawer.close', input);
    });
    await till.refresh();
  };
}
