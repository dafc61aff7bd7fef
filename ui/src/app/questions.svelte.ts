import type { Texts } from '../i18n';
import { Turns } from './turns';

/** A question that must be answered before a step that cannot be taken back. */
export interface Question {
  title: string;
  text: string;
  confirm: string;
  danger: boolean;
}

export class Questions {
  open = $state.raw<(Question & { answer: (yes: boolean) => void }) | null>(null);

  #texts: Pick<Texts, 't'>;
  #turns = new Turns();

  constructor(texts: Pick<Texts, 't'>) {
    this.#texts = texts;
  }

  /** Resolves to whether the person confirmed; a question waits until the one before it is answered. */
  confirm = (question: Question): Promise<boolean> =>
    this.#turns.run(async () => {
      const yes = await new Promise<boolean>((answer) => (this.open = { ...question, answer }));
      this.open = null;
      return yes;
    });

  /** Asks whether what was changed and not saved may be lost. */
  leave = (): Promise<boolean> =>
    this.confirm({
      title: this.#texts.t('unsaved-title'),
      text: this.#texts.t('unsaved-text'),
      confirm: this.#texts.t('unsaved-leave'),
      danger: true,
    });
}
