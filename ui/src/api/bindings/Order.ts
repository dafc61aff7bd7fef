import type { Discount } from "./Discount";
import type { OrderLine } from "./OrderLine";
import type { TaxAmount } from "./TaxAmount";
import type { Tender } from "./Tender";

export type Order = {
/**
 * The order.
 */
order_id: string,
/**
 * The cart it was.
 */
cart_id: string,
/**
 * Gapless per terminal, `OUT-T3-000123`.
 */
receipt_number: string,
/**
 * Where.
 */
outlet_id: string,
/**
 * On which till.
 */
terminal_id: string,
/**
 * In which drawer session.
 */
drawer_session_id: string,
/**
 * By whom.
 */
staff_id: string,
/**
 * Their name at the time.
 */
staff_name: string,
/**
 * When (UTC).
 */
occurred_at: number,
/**
 * The day of business.
 */
business_date: string,
/**
 * The currency of every figure.
 */
currency: string,
/**
 * Decimals of its minor unit.
 */
digits: number,
/**
 * The price book it was computed with.
 */
price_book_version: number,
/**
 * The discount on the whole order.
 */
order_discount: Discount | null,
/**
 * A note on the order.
 */
note: string | null,
/**
 * The lines.
 */
lines: Array<OrderLine>,
/**
 * Sum of the lines' gross.
 */
subtotal: string,
/**
 * All discounts.
 */
discount_total: string,
/**
 * The service charge.
 */
service_charge: string,
/**
 * The taxes by tax.
 */
taxes: Array<TaxAmount>,
/**
 * All taxes, included ones too.
 */
tax_total: string,
/**
 * What was due before cash rounding.
 */
total: string,
/**
 * Rounding of the cash part (may be below zero).
 */
cash_rounding: string,
/**
 * How it was paid.
 */
tenders: Array<Tender>,
/**
 * Given back in cash.
 */
change_due: string,
};
