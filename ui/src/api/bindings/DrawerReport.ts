import type { DrawerOpened } from "./DrawerOpened";
import type { TaxTotal } from "./TaxTotal";
import type { TenderTotal } from "./TenderTotal";

export type DrawerReport = {
/**
 * The opening.
 */
opened: DrawerOpened,
/**
 * The currency.
 */
currency: string,
/**
 * Decimals of its minor unit.
 */
digits: number,
/**
 * Completed orders.
 */
orders: number,
/**
 * Refunds.
 */
refunds: number,
/**
 * Voided carts.
 */
voids: number,
/**
 * The sum of the orders' totals, without cash rounding.
 */
sales_total: string,
/**
 * The sum of the refunds' totals, without cash rounding (not negative).
 */
refund_total: string,
/**
 * All discounts given.
 */
discount_total: string,
/**
 * All service charges.
 */
service_charge_total: string,
/**
 * Taxes of the orders by name.
 */
taxes: Array<TaxTotal>,
/**
 * Taxes given back with refunds.
 */
refund_tax_total: string,
/**
 * Cash roundings, of sales less of refunds.
 */
cash_rounding_total: string,
/**
 * By means of payment.
 */
tenders: Array<TenderTotal>,
/**
 * Cash put in and lent.
 */
cash_in: string,
/**
 * Cash paid out and picked up (not negative).
 */
cash_out: string,
/**
 * What should be in the drawer.
 */
expected_cash: string,
};
