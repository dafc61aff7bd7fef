import type { CustomerScreenInput } from '../api/bindings/CustomerScreenInput';
import type { CustomerScreenSetupView } from '../api/bindings/CustomerScreenSetupView';
import { readError } from '../api/errors';
import type { App } from '../app/app.svelte';
import { refusedOf, type SetupField } from './standing';

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

  /** Takes how it stands; pictures that came from elsewhere meanwhile are not lost by saving what was typed here. */
  #stand(view: CustomerScreenSetupView): void {
    const { pictures } = this.draft;
    const known = [...pictures, ...(this.view?.setup.pictures ?? [])];
    if (!this.unsaved) this.draft = plain(view.setup);
    else this.draft.pictures = [...pictures, ...view.setup.pictures.filter((id) => !known.includes(id))];
    this.view = view;
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

  /** Adds a picture behind the others, once it is drawn; customers see it once that is saved. */
  addPicture = (draw: () => Promise<string | null>): Promise<void> =>
    this.#change(async () => {
      const data = await draw();
      if (data === null) {
        this.refused = 'picture';
        return;
      }
      const { picture_id } = await this.#app.till.change('customer_screen.add_picture', { data });
      this.draft.pictures = [...this.draft.pictures, picture_id];
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
    if (!this.view) return;
    const { least_seconds, most_seconds } = this.view;
    this.draft.seconds = Math.min(most_seconds, Math.max(least_seconds, this.draft.seconds + by));
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
