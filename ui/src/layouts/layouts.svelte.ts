import type { LayoutKind } from '../api/bindings/LayoutKind';
import type { LayoutsInput } from '../api/bindings/LayoutsInput';
import type { LayoutsPreviewView } from '../api/bindings/LayoutsPreviewView';
import type { LayoutsView } from '../api/bindings/LayoutsView';
import { readError } from '../api/errors';
import type { App } from '../app/app.svelte';
import { linesOf } from './lines';

/** A preview is made when the writer pauses this long. */
const PAUSE_MS = 300;

export const KINDS = ['receipt', 'ticket'] as const satisfies readonly LayoutKind[];

/** How this outlet's receipts and tickets look, while somebody changes it. */
export class Layouts {
  view = $state.raw<LayoutsView | null>(null);
  kind = $state<LayoutKind>('receipt');
  /** The templates; null is the built-in one. */
  receipt = $state<string | null>(null);
  ticket = $state<string | null>(null);
  header = $state('');
  footer = $state('');
  legal = $state('');
  logo = $state<string | null>(null);
  /** Whether the last order of this till is previewed rather than a sample. */
  last = $state(false);
  copy = $state(false);
  preview = $state.raw<LayoutsPreviewView | null>(null);
  /** Why saving was refused, in words. */
  problem = $state<string | null>(null);
  busy = $state(false);

  #app: App;
  #asked = 0;
  /** As the server keeps it. */
  #saved = '';
  #pause: ReturnType<typeof setTimeout> | undefined;

  constructor(app: App) {
    this.#app = app;
  }

  get template(): string | null {
    return this[this.kind];
  }

  get input(): LayoutsInput {
    const { receipt, ticket, logo } = this;
    const lines = { header: linesOf(this.header), footer: linesOf(this.footer), legal: linesOf(this.legal) };
    return { receipt, ticket, logo, ...lines };
  }

  /** Whether something was changed and not saved. */
  get unsaved(): boolean {
    return this.view !== null && JSON.stringify(this.input) !== this.#saved;
  }

  load = async (): Promise<void> => {
    await this.#app.try(async () => this.#take(await this.#app.till.ask('layouts.show', {})));
    await this.look();
  };

  show = (kind: LayoutKind): void => {
    this.kind = kind;
    void this.look();
  };

  write = (template: string | null): void => {
    this[this.kind] = template;
    this.changed();
  };

  /** Begins a template from the built-in one. */
  begin = (): void => {
    const view = this.view;
    if (view) this.write(this.kind === 'receipt' ? view.built_in_receipt : view.built_in_ticket);
  };

  /** Previews what is written once the writer pauses. */
  changed = (): void => {
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => void this.look(), PAUSE_MS);
  };

  end = (): void => clearTimeout(this.#pause);

  look = async (): Promise<void> => {
    const number = (this.#asked += 1);
    const { input: layouts, kind, last, copy } = this;
    await this.#app.try(async () => {
      const preview = await this.#app.till.ask('layouts.preview', { layouts, kind, last, copy });
      if (number === this.#asked) this.preview = preview;
    });
  };

  save = async (): Promise<void> => {
    if (this.busy) return;
    const { till, toasts, texts } = this.#app;
    this.busy = true;
    this.problem = null;
    try {
      this.#take(await till.change('layouts.save', this.input));
      toasts.show('success', texts.t('layouts-saved'));
    } catch (error) {
      const refused = readError(error);
      if (refused.code === 'server_unreachable') this.problem = texts.t('layouts-offline');
      else if (refused.code === 'invalid') this.problem = refused.message;
      else this.#app.report(error);
    } finally {
      this.busy = false;
    }
    await this.look();
  };

  #take(view: LayoutsView): void {
    this.view = view;
    const { layouts } = view;
    this.receipt = layouts.receipt;
    this.ticket = layouts.ticket;
    this.logo = layouts.logo;
    this.header = layouts.header.join('\n');
    this.footer = layouts.footer.join('\n');
    this.legal = layouts.legal.join('\n');
    this.#saved = JSON.stringify(this.input);
  }
}
