export type RefundLine = {
/**
 * The line of the order; a line of its own for a refund without a receipt.
 */
line_id: string,
/**
 * What came back.
 */
item_id: string,
/**
 * Its variant.
 */
variant_id: string | null,
/**
 * The business's code at the time.
 */
sku: string,
/**
 * The name at the time.
 */
name: string,
/**
 * Price of one unit at the sale.
 */
unit_price: string,
/**
 * How many come back.
 */
quantity: string,
/**
 * The money given back for them: their share of the order, discounts, service and taxes in it.
 */
amount: string,
/**
 * The taxes in that amount.
 */
tax: string,
/**
 * Whether the goods go back on the shelf.
 */
restock: boolean,
};
