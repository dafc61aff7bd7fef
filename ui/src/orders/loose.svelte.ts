import type { ItemView } from '../api/bindings/ItemView';
import type { RefundQuoteView } from '../api/bindings/RefundQuoteView';
import type { SearchView } from '../api/bindings/SearchView';
import type { TenderKind } from '../api/bindings/TenderKind';
import type { Tile } from '../api/bindings/Tile';
import type { VariantView } from '../api/bindings/VariantView';
import { beep } from '../app/beep';
import { plus } from '../register/quantity';
import { GivingBack } from './givingBack.svelte';
import { lackOf, looseInput, returnedOf, withReturned, type Returned } from './returned';
import { stepDown } from './steps';

/** What stands over the screen: sizes to choose from, or a figure of a line to type. */
export type LoosePanel =
  | { name: 'none' }
  | { name: 'variant'; view: ItemView }
  | { name: 'quantity'; at: number }
  | { name: 'price'; at: number };

/** Giving money back without a receipt: goods are picked or scanned, a manager gives leave. */
export class LooseRefund extends GivingBack {
  query = $state('');
  found = $state.raw<SearchView | null>(null);
  lines = $state.raw<readonly Returned[]>([]);
  panel = $state.raw<LoosePanel>({ name: 'none' });

  #searches = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  get means(): TenderKind[] {
    return this.app.till.state?.outlet?.tenders ?? ['cash'];
  }

  get some(): boolean {
    return this.lines.length > 0;
  }

  get ready(): boolean {
    return (
      this.quote !== null &&
      this.lines.every((line) => lackOf(line) === null) &&
      this.reason.trim() !== '' &&
      !this.busy
    );
  }

  search = (query: string): void => {
    this.query = query;
    clearTimeout(this.#timer);
    if (query.trim() === '') {
      this.#searches += 1;
      this.found = null;
      return;
    }
    this.#timer = setTimeout(() => void this.#search(), this.app.keys.wedge.gapMs + 5);
  };

  async #search(): Promise<void> {
    const number = (this.#searches += 1);
    await this.app.try(async () => {
      const found = await this.app.till.ask('catalogue.search', { query: this.query.trim() });
      if (number === this.#searches) this.found = found;
    });
  }

  clearSearch = (): void => this.search('');

  /** A scanned code: takes the item when there is just one, else shows what was found. */
  scan = async (code: string): Promise<void> => {
    this.clearSearch();
    const { till, toasts, texts } = this.app;
    await this.app.try(async () => {
      const found = await till.ask('catalogue.search', { query: code });
      const only = found.tiles[0];
      if (only && found.tiles.length === 1) return this.pick(only);
      if (only) {
        this.query = code;
        this.found = found;
        return;
      }
      beep();
      toasts.show('warning', texts.t('loose-code-unknown', { code }));
    });
  };

  pick = async (tile: Tile): Promise<void> => {
    this.clearSearch();
    await this.app.try(async () => {
      const view = await this.app.till.ask('catalogue.item', { item_id: tile.item_id });
      if (view.variants.length > 0) this.panel = { name: 'variant', view };
      else this.take(view, null);
    });
  };

  take = (view: ItemView, variant: VariantView | null): void => {
    const added = returnedOf(view, variant);
    this.lines = withReturned(this.lines, added);
    this.panel = { name: 'none' };
    // Only a line that was added just now can lack anything.
    if (lackOf(added)) this.#askLack(this.lines.length - 1);
    else void this.ask();
  };

  /** Opens the pad for what a line lacks. */
  #askLack(at: number): void {
    const line = this.lines[at];
    const lack = line ? lackOf(line) : null;
    if (lack) this.panel = { name: lack, at };
  }

  close = (): void => {
    this.panel = { name: 'none' };
    // A line that never got its weight or price was not meant.
    this.lines = this.lines.filter((line) => lackOf(line) === null);
    void this.ask();
  };

  #change(at: number, change: Partial<Returned>): void {
    this.lines = this.lines.map((line, index) => (index === at ? { ...line, ...change } : line));
  }

  setQuantity = (at: number, quantity: string): void => {
    this.#change(at, { quantity });
    const line = this.lines[at];
    if (line && lackOf(line) === 'price') this.#askLack(at);
    else this.close();
  };

  setPrice = (at: number, override: string | null): void => {
    this.#change(at, { override });
    this.close();
  };

  more = (at: number): void => {
    this.#change(at, { quantity: plus(this.lines[at]?.quantity ?? '0', 1) });
    void this.ask();
  };

  less = (at: number): void => {
    this.#change(at, { quantity: stepDown(this.lines[at]?.quantity ?? '0') });
    this.close();
  };

  #input() {
    return looseInput(this.id, this.lines, this.restock, this.tender, this.reason);
  }

  protected fetchQuote(): Promise<RefundQuoteView> {
    return this.app.till.ask('refund.loose_quote', this.#input());
  }

  complete = async (): Promise<void> => {
    if (!this.ready) return;
    const { approvals, till, toasts, texts, router } = this.app;
    if (!till.state?.drawer) {
      toasts.show('warning', texts.t('error-drawer_closed'), {
        label: texts.t('shift-open'),
        run: () => router.go({ name: 'shift' }),
      });
      return;
    }
    const input = this.#input();
    this.busy = true;
    await this.app.try(async () => {
      this.done = await approvals.with((approval) => till.change('refund.loose', { ...input, approval }));
    });
    this.busy = false;
  };
}
