import type { App } from '../app/app.svelte';
import type { PricingAsk } from '../api/bindings/PricingAsk';
import { readError } from '../api/errors';
import type { Fields } from './form.svelte';
import { readPart, readParts, readPresent, type Book, type Kind, type Part } from './parts';

/** What is open beside the list: a part, a new one that is not saved yet, or the report of what promotions took off. */
export type Chosen = { name: 'none' } | { name: 'new' } | { name: 'given' } | { name: 'part'; part: Part };

/** Prices as the server keeps them, one kind at a time: without it there is nothing to show. */
export class Prices {
  kind = $state<Kind>('campaigns');
  parts = $state.raw<readonly Part[]>([]);
  loaded = $state(false);
  busy = $state(false);
  unreachable = $state(false);
  chosen = $state.raw<Chosen>({ name: 'none' });
  /** Why the last step was refused, in words. */
  problem = $state<string | null>(null);
  /** The outlet's book of now; null while the server has none. */
  present = $state.raw<Book | null>(null);

  /** Whether the form that is open has changes that were not saved; the form says so. */
  unsaved: () => boolean = () => false;

  #app: App;
  #asked = 0;

  constructor(app: App) {
    this.#app = app;
  }

  get part(): Part | null {
    return this.chosen.name === 'part' ? this.chosen.part : null;
  }

  /** Whether a part may be changed here: one for more than this outlet is headquarters' own. */
  mayEdit(part: Part | null): boolean {
    const here = this.#app.till.state?.outlet?.outlet_id;
    if (part === null || this.#app.till.may('edit_business')) return true;
    return part.outlet_ids.length === 1 && part.outlet_ids[0] === here;
  }

  load = async (): Promise<void> => {
    const number = (this.#asked += 1);
    const kind = this.kind;
    this.busy = true;
    try {
      const [list, versions] = await Promise.all([this.ask({ ask: 'list', kind }), this.ask({ ask: 'versions' })]);
      if (number !== this.#asked) return;
      this.parts = readParts(kind, list);
      this.present = readPresent(versions);
      this.unreachable = false;
      this.loaded = true;
    } catch (error) {
      if (number === this.#asked) this.#refused(error);
    } finally {
      if (number === this.#asked) this.busy = false;
    }
  };

  show = async (kind: Kind): Promise<void> => {
    if (!(await this.#go({ name: 'none' }))) return;
    this.kind = kind;
    this.parts = [];
    this.loaded = false;
    await this.load();
  };

  begin = (): Promise<boolean> => this.#go({ name: 'new' });

  open = (part: Part): Promise<boolean> => this.#go({ name: 'part', part });

  showGiven = (): Promise<boolean> => this.#go({ name: 'given' });

  close = (): Promise<boolean> => this.#go({ name: 'none' });

  /** Opens something else; what was typed and not saved is asked about first. */
  async #go(chosen: Chosen): Promise<boolean> {
    if (this.unsaved() && !(await this.#app.questions.leave())) return false;
    this.problem = null;
    this.chosen = chosen;
    return true;
  }

  save = (fields: Fields): Promise<boolean> =>
    this.#change({ ask: 'save', kind: this.kind, id: this.part?.id ?? null, fields }, 'prices-saved');

  activate = (starts_at: number | null, ends_at: number | null): Promise<boolean> =>
    this.#changePart((id) => ({ ask: 'activate', kind: this.kind, id, starts_at, ends_at }), 'prices-activated');

  deactivate = (): Promise<boolean> =>
    this.#changePart((id) => ({ ask: 'deactivate', kind: this.kind, id }), 'prices-deactivated');

  remove = (): Promise<boolean> => this.#changePart((id) => ({ ask: 'delete', kind: this.kind, id }), 'prices-deleted');

  #changePart(
    ask: (id: string) => PricingAsk,
    said: 'prices-activated' | 'prices-deactivated' | 'prices-deleted',
  ): Promise<boolean> {
    const id = this.part?.id;
    return id === undefined ? Promise.resolve(false) : this.#change(ask(id), said);
  }

  async #change(
    ask: PricingAsk,
    said: 'prices-saved' | 'prices-activated' | 'prices-deactivated' | 'prices-deleted',
  ): Promise<boolean> {
    if (this.busy) return false;
    const { kind, chosen } = this;
    this.busy = true;
    this.problem = null;
    try {
      const body = await this.ask(ask);
      if (kind === this.kind) this.#take(chosen, body === null ? null : readPart(kind, body));
      this.#app.toasts.show('success', this.#app.texts.t(said));
      return true;
    } catch (error) {
      this.#refused(error);
      return false;
    } finally {
      this.busy = false;
    }
  }

  /** Shows a part as the server has it now; null is one that is gone. What was opened meanwhile stays open. */
  #take(from: Chosen, part: Part | null): void {
    const gone = from.name === 'part' ? from.part.id : null;
    const known = part !== null && this.parts.some((other) => other.id === part.id);
    if (part === null) this.parts = this.parts.filter((other) => other.id !== gone);
    else if (known) this.parts = this.parts.map((other) => (other.id === part.id ? part : other));
    else this.parts = [part, ...this.parts];
    if (this.chosen === from) this.chosen = part === null ? { name: 'none' } : { name: 'part', part };
  }

  /** Asks the server; what it answers is read by who asks. */
  ask = async (ask: PricingAsk): Promise<unknown> => (await this.#app.till.ask('pricing.ask', ask)).body;

  #refused(error: unknown): void {
    this.unreachable = readError(error).code === 'server_unreachable';
    if (!this.unreachable) this.problem = this.explain(error);
  }

  /** Why a step was refused: our sentence, and what the server says is wrong. */
  explain(error: unknown): string {
    const refused = readError(error);
    if (refused.code !== 'invalid') return this.#app.explain(refused);
    const field = refused.details.subject ?? '';
    return this.#app.texts.t('prices-refused', { detail: refused.message, field });
  }
}
