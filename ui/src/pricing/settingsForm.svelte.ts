import type { Writing } from '../app/figures';
import { PartForm, type Fields } from './form.svelte';
import type { Book, PriceBook, ROUNDINGS, TAX_ROUNDINGS, TIMINGS } from './parts';
import { moneyText, percentText, typedMoney, typedPercent } from './written';

/** How the outlet charges for service, rounds and takes cash. A new one begins with what holds now: it replaces all of it. */
export class SettingsForm extends PartForm {
  service = $state('');
  cashStep = $state('');
  cashMode = $state<(typeof ROUNDINGS)[number]>('half_up');
  taxRounding = $state<(typeof TAX_ROUNDINGS)[number]>('line');
  timing = $state<(typeof TIMINGS)[number]>('before_tax');
  readonly #from: Pick<PriceBook, 'service_charge' | 'cash_rounding' | 'rounding'>;
  readonly #writing: Writing;

  constructor(part: PriceBook | null, outletIds: readonly string[], writing: Writing, present: Book | null) {
    super(part, outletIds);
    this.#writing = writing;
    const from = part ?? present;
    this.#from = from ?? { service_charge: null, cash_rounding: null, rounding: 'half_up' };
    const { service_charge, cash_rounding } = this.#from;
    this.service = service_charge ? percentText(service_charge.rate_ppm, writing.locale) : '';
    this.cashStep = cash_rounding ? moneyText(`${cash_rounding.increment} ${writing.currency}`, writing) : '';
    this.cashMode = cash_rounding?.mode ?? 'half_up';
    this.taxRounding = from?.tax_rounding ?? 'line';
    this.timing = from?.discount_timing ?? 'before_tax';
    this.begun();
  }

  protected content(): Fields | null {
    const service_charge = this.#service();
    const cash_rounding = this.#cash();
    if (service_charge === undefined || cash_rounding === undefined) return null;
    return {
      rounding: this.#from.rounding,
      tax_rounding: this.taxRounding,
      discount_timing: this.timing,
      service_charge,
      cash_rounding,
    };
  }

  /** Its taxes and doors stay; `undefined` is no percentage. */
  #service(): PriceBook['service_charge'] | undefined {
    if (this.service.trim() === '') return null;
    const rate_ppm = typedPercent(this.service, this.#writing.locale);
    return rate_ppm === null ? undefined : { ...this.#from.service_charge, rate_ppm };
  }

  #cash(): PriceBook['cash_rounding'] | undefined {
    if (this.cashStep.trim() === '') return null;
    const money = typedMoney(this.cashStep, this.#writing);
    const increment = Number(money?.split(' ')[0] ?? '0');
    return increment > 0 ? { ...this.#from.cash_rounding, increment, mode: this.cashMode } : undefined;
  }
}
