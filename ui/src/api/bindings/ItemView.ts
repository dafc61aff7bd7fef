import type { Item } from "./Item";
import type { ModifierGroup } from "./ModifierGroup";
import type { VariantView } from "./VariantView";

export type ItemView = {
/**
 * The item.
 */
item: Item,
/**
 * Prices of one unit as money, by variant; the first without a variant.
 */
price: string | null,
/**
 * Its variants with prices as money.
 */
variants: Array<VariantView>,
/**
 * Its choices with prices as money.
 */
groups: Array<ModifierGroup>,
};
