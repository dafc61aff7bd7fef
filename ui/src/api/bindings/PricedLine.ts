import type { TaxAmount } from "./TaxAmount";

export type PricedLine = {
/**
 * The line.
 */
line_id: string,
/**
 * `round(unit price × quantity)`.
 */
gross: string,
/**
 * The line's own discount (not negative).
 */
line_discount: string,
/**
 * Its share of the order discount (not negative).
 */
order_discount: string,
/**
 * `gross − line_discount − order_discount`; holds included taxes.
 */
net: string,
/**
 * Taxes of the line, without those on its share of the service charge.
 */
taxes: Array<TaxAmount>,
/**
 * The sum of the line's taxes.
 */
tax: string,
/**
 * The line's share of the order's total, service charge and its taxes in it: the shares of all lines sum to the total exactly, and refunds give back parts of it.
 */
share: string,
/**
 * The line's share of all taxes of the order, those on the service charge in it.
 */
tax_share: string,
};
