import * as v from 'valibot';

/** Goods that something is about, as they stand in a form; nothing named is all goods, once that was chosen. */
export interface TargetForm {
  all: boolean;
  itemIds: string[];
  categoryIds: string[];
  exceptItemIds: string[];
}

const ids = v.optional(v.array(v.string()), []);

/** Goods inside of what a promotion does; fields that the form does not know would be lost there, so there are none. */
export const TARGET = v.strictObject({ item_ids: ids, category_ids: ids, except_item_ids: ids });

export type Target = v.InferOutput<typeof TARGET>;

export const NO_GOODS: Target = { item_ids: [], category_ids: [], except_item_ids: [] };

/** Goods that nobody has chosen yet. */
export function blankTarget(): TargetForm {
  return { ...targetFormOf(NO_GOODS), all: false };
}

export function targetFormOf({ item_ids, category_ids, except_item_ids }: Target): TargetForm {
  return {
    all: item_ids.length === 0 && category_ids.length === 0,
    itemIds: [...item_ids],
    categoryIds: [...category_ids],
    exceptItemIds: [...except_item_ids],
  };
}

/** Whether it says what it is about: everything is only meant where somebody chose it. */
export function isChosen({ all, itemIds, categoryIds }: TargetForm): boolean {
  return all || itemIds.length > 0 || categoryIds.length > 0;
}

/** What the form names; null while nothing is chosen. */
export function targetOf(form: TargetForm): Target | null {
  if (!isChosen(form)) return null;
  return {
    item_ids: [...form.itemIds],
    category_ids: [...form.categoryIds],
    except_item_ids: [...form.exceptItemIds],
  };
}
