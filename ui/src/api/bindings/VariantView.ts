import type { Variant } from "./Variant";

export type VariantView = {
/**
 * The variant.
 */
variant: Variant,
/**
 * Price of one unit.
 */
price: string,
};
