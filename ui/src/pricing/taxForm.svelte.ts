import type { Writing } from '../app/figures';
import { PartForm, type Fields } from './form.svelte';
import type { Book, Tax } from './parts';
import { percentText, typedPercent } from './written';

export class TaxForm extends PartForm {
  percent = $state('');
  included = $state(false);
  channels = $state.raw<Tax['channels']>([]);
  /** The tax of the outlet whose place it takes; None is a tax of its own. */
  taxId = $state<string | null>(null);
  /** Taxes of another kind keep how they are counted. */
  readonly plain: boolean;
  readonly #part: Tax | null;
  readonly #writing: Writing;

  constructor(part: Tax | null, outletIds: readonly string[], writing: Writing) {
    super(part, outletIds);
    this.#part = part;
    this.#writing = writing;
    this.plain = part === null || part.kind === 'percent';
    this.percent = part?.rate_ppm === undefined ? '' : percentText(part.rate_ppm, writing.locale);
    this.included = part?.included ?? false;
    this.channels = part?.channels ?? [];
    this.taxId = part?.tax_id ?? null;
    this.begun();
  }

  /** Takes the place of a tax of the outlet, or stands by itself. */
  replace = (tax: Book['taxes'][number] | null): void => {
    this.taxId = tax?.tax_id ?? null;
    if (!tax) return;
    this.included = tax.included;
    if (this.name.trim() === '') this.name = tax.name;
  };

  protected content(): Fields | null {
    const terms = { included: this.included, channels: this.channels };
    if (!this.plain) return terms;
    const rate_ppm = typedPercent(this.percent, this.#writing.locale);
    if (rate_ppm === null) return null;
    const kind = this.#part ? {} : { kind: 'percent' };
    return { ...terms, ...kind, rate_ppm, ...(this.taxId === null ? {} : { tax_id: this.taxId }) };
  }
}
