import type { Writing } from '../app/figures';
import { blankEffect } from './effect';
import { PartForm, type Fields } from './form.svelte';
import type { Campaign, Promotion } from './parts';
import { applied, blankPromotion, promotionFormOf, type PromotionForm } from './promotion';

/** A promotion with its form, for as long as the form is open. */
export class PromotionEntry {
  readonly promotion: Promotion;
  readonly number: number;
  form = $state<PromotionForm>() as PromotionForm;

  constructor(promotion: Promotion, form: PromotionForm, number: number) {
    this.promotion = promotion;
    this.number = number;
    this.form = form;
  }
}

export class CampaignForm extends PartForm {
  entries = $state.raw<readonly PromotionEntry[]>([]);
  readonly writing: Writing;
  #made = 0;

  constructor(part: Campaign | null, outletIds: readonly string[], writing: Writing) {
    super(part, outletIds);
    this.writing = writing;
    this.entries = (part?.promotions ?? []).map((one) => this.#entry(one, promotionFormOf(one, writing)));
    if (!part) this.add('');
    this.begun();
  }

  #entry(promotion: Promotion, form: PromotionForm): PromotionEntry {
    this.#made += 1;
    return new PromotionEntry(promotion, form, this.#made);
  }

  add = (name: string): void => {
    const blank = blankPromotion(name);
    const form = { ...promotionFormOf(blank, this.writing), effect: blankEffect() };
    this.entries = [...this.entries, this.#entry(blank, form)];
  };

  drop = (entry: PromotionEntry): void => {
    this.entries = this.entries.filter((other) => other !== entry);
  };

  protected content(): Fields | null {
    // One promotion alone may go without a name of its own: the campaign's stands on the receipt.
    const promotions = this.entries.map(({ promotion, form }) =>
      applied(promotion, form.name.trim() === '' ? { ...form, name: this.name } : form, this.writing),
    );
    return promotions.length === 0 || promotions.includes(null) ? null : { promotions };
  }
}
