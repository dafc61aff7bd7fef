import type { ExceptionRow } from '../api/bindings/ExceptionRow';
import type { ExceptionView } from '../api/bindings/ExceptionView';
import { readError } from '../api/errors';
import type { App } from '../app/app.svelte';

/** What a manager must look at, asked of the server page by page. */
export class Exceptions {
  open = $state(true);
  rows = $state.raw<readonly ExceptionRow[]>([]);
  openCount = $state(0);
  nextCursor = $state<string | null>(null);
  loaded = $state(false);
  busy = $state(false);
  /** The list is kept by the server: without it there is nothing to show. */
  unreachable = $state(false);
  chosen = $state.raw<ExceptionView | null>(null);
  note = $state('');

  #app: App;
  #asked = 0;

  constructor(app: App) {
    this.#app = app;
  }

  /** Reads the first page, or the one after the last row shown. */
  load = async (more = false): Promise<void> => {
    const number = (this.#asked += 1);
    this.busy = true;
    try {
      const cursor = more ? this.nextCursor : null;
      const page = await this.#app.till.ask('exceptions.list', { open: this.open, cursor });
      if (number !== this.#asked) return;
      this.rows = more ? [...this.rows, ...page.exceptions] : page.exceptions;
      this.openCount = page.open;
      this.nextCursor = page.next_cursor;
      this.unreachable = false;
      this.loaded = true;
    } catch (error) {
      if (number !== this.#asked) return;
      this.unreachable = readError(error).code === 'server_unreachable';
      if (!this.unreachable) this.#app.report(error);
    } finally {
      if (number === this.#asked) this.busy = false;
    }
  };

  show = (open: boolean): void => {
    this.open = open;
    this.chosen = null;
    void this.load();
  };

  look = async (row: ExceptionRow): Promise<void> => {
    await this.#app.try(async () => {
      this.#take(await this.#app.till.ask('exceptions.look', { exception_id: row.exception_id }));
      this.note = '';
    });
  };

  close = (): void => {
    this.chosen = null;
  };

  /** Settles what is shown, or has its event applied again; asks a manager for leave where that is needed. */
  settle = async (act: 'resolve' | 'reapply'): Promise<void> => {
    const chosen = this.chosen;
    if (!chosen || this.busy) return;
    const { approvals, till, toasts, texts } = this.#app;
    this.busy = true;
    const note = this.note.trim();
    await this.#app.try(async () => {
      const input = { exception_id: chosen.row.exception_id, act, note };
      const view = await approvals.with((approval) => till.change('exceptions.settle', { ...input, approval }));
      if (!view) return;
      this.#take(view);
      this.note = '';
      toasts.show('success', texts.t(act === 'resolve' ? 'exception-resolved' : 'exception-reapplied'));
    });
    this.busy = false;
    await this.load();
  };

  #take(view: ExceptionView): void {
    this.chosen = view;
    this.rows = this.rows.map((row) => (row.exception_id === view.row.exception_id ? view.row : row));
  }
}
