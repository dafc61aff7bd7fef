import type { CustomerScreenInput } from '../api/bindings/CustomerScreenInput';
import type { CustomerScreenSetupView } from '../api/bindings/CustomerScreenSetupView';
import { readError } from '../api/errors';
import type { App } from '../app/app.svelte';
import { refusedOf, type SetupField } from './standing';

export const SECONDS_MIN = 3;
export const SECONDS_MAX = 60;

/** The customer's screen while a manager sets it up: what is typed, beside what is saved. */
export class CustomerSetup {
  /** As the engine has it; null until it answered. */
  view = $state.raw<CustomerScreenSetupView | null>(null);
  /** As it stands in the form. */
  draft = $state<CustomerScreenInput>({ is_on: false, greeting: '', seconds: 8, pictures: [], qris: '', viet_qr: '' });
  /** The field that was refused. */
  refused = $state<SetupField | null>(null);
  busy = $state(false);

  #app: App;
  /** Counts up when a change begins and when it is done. */
  #changes = 0;

  constructor(app: App) {
    this.#app = app;
  }

  /** Whether something was changed and not saved. */
  get unsaved(): boolean {
    return this.view !== null && JSON.stringify(this.draft) !== JSON.stringify(plain(this.view.setup));
  }

  /** Asks how it stands; what was typed stays. */
  look = async (): Promise<void> => {
    await this.#app.try(async () => {
      const changes = this.#changes;
      const view = await this.#app.till.ask('customer_screen.setup', {});
      // What was asked before or while something was changed here may be older than that.
      if (!this.busy && changes === this.#changes) this.#stand(view);
    });
  };

  #stand(view: CustomerScreenSetupView): void {
    const untouched = !this.unsaved;
    this.view = view;
    if (untouched) this.draft = plain(view.setup);
  }

  save = async (): Promise<void> => {
    const { till, toasts, texts } = this.#app;
    await this.#change(async () => {
      const view = await till.change('customer_screen.save', $state.snapshot(this.draft));
      this.view = view;
      this.draft = plain(view.setup);
      toasts.show('success', texts.t('settings-saved'));
    });
  };

  /** Adds a picture: the engine keeps it at once, and its place in the order once that is saved. */
  addPicture = (data: string): Promise<void> =>
    this.#change(async () => {
      const before = this.view?.setup.pictures ?? [];
      const view = await this.#app.till.change('customer_screen.add_picture', { data });
      const added = view.setup.pictures.filter((id) => !before.includes(id));
      this.view = view;
      this.draft.pictures = [...this.draft.pictures, ...added];
    });

  /** Moves a picture by so many places. */
  movePicture = (at: number, by: number): void => {
    const pictures = [...this.draft.pictures];
    const [moved] = pictures.splice(at, 1);
    if (moved === undefined) return;
    pictures.splice(at + by, 0, moved);
    this.draft.pictures = pictures;
  };

  removePicture = (at: number): void => {
    this.draft.pictures = this.draft.pictures.filter((_, other) => other !== at);
  };

  changeSeconds = (by: number): void => {
    this.draft.seconds = Math.min(SECONDS_MAX, Math.max(SECONDS_MIN, this.draft.seconds + by));
  };

  async #change(step: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.#changes += 1;
    this.refused = null;
    try {
      await step();
    } catch (error) {
      this.refused = refusedOf(readError(error));
      if (this.refused === null) this.#app.report(error);
    }
    this.busy = false;
    this.#changes += 1;
  }
}

/** The fields in one order, so that two setups can be compared. */
function plain({ is_on, greeting, seconds, pictures, qris, viet_qr }: CustomerScreenInput): CustomerScreenInput {
  return { is_on, greeting, seconds, pictures: [...pictures], qris, viet_qr };
}
