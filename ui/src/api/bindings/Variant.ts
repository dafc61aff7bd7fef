export type Variant = {
/**
 * The variant.
 */
variant_id: string,
/**
 * The business's code.
 */
sku: string,
/**
 * What is added to the item's name.
 */
name: string,
/**
 * Price of one unit.
 */
unit_price: string,
/**
 * Printed codes.
 */
barcodes: Array<string>,
};
