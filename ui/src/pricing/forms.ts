import type { Writing } from '../app/figures';
import { CampaignForm } from './campaignForm.svelte';
import type { Book, Campaign, Kind, Part, PriceBook, PriceList, Tax } from './parts';
import { PriceListForm } from './priceListForm.svelte';
import { SettingsForm } from './settingsForm.svelte';
import { TaxForm } from './taxForm.svelte';

/** The form of a part, by its kind. */
export type KindForm =
  | { kind: 'campaigns'; form: CampaignForm }
  | { kind: 'pricing-rules'; form: PriceListForm }
  | { kind: 'taxes'; form: TaxForm }
  | { kind: 'price-books'; form: SettingsForm };

interface Ground {
  /** The outlets that a new part is for. */
  outletIds: readonly string[];
  writing: Writing;
  present: Book | null;
}

/** Opens the form of a part, or an empty one. */
export function formFor(kind: Kind, part: Part | null, { outletIds, writing, present }: Ground): KindForm {
  switch (kind) {
    case 'campaigns':
      return { kind, form: new CampaignForm(part as Campaign | null, outletIds, writing) };
    case 'pricing-rules':
      return { kind, form: new PriceListForm(part as PriceList | null, outletIds, writing) };
    case 'taxes':
      return { kind, form: new TaxForm(part as Tax | null, outletIds, writing) };
    case 'price-books':
      return { kind, form: new SettingsForm(part as PriceBook | null, outletIds, writing, present) };
  }
}
