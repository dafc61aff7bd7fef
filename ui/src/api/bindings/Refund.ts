import type { RefundLine } from "./RefundLine";
import type { TenderKind } from "./TenderKind";

export type Refund = {
/**
 * The refund.
 */
refund_id: string,
/**
 * The order it belongs to; None without a receipt.
 */
order_id: string | null,
/**
 * That order's receipt number.
 */
order_receipt_number: string | null,
/**
 * Its own number in the terminal's gapless row of receipts.
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
 * The currency.
 */
currency: string,
/**
 * Decimals of its minor unit.
 */
digits: number,
/**
 * What came back.
 */
lines: Array<RefundLine>,
/**
 * The sum of the lines.
 */
total: string,
/**
 * The taxes in it.
 */
tax_total: string,
/**
 * Rounding of what is given back in cash.
 */
cash_rounding: string,
/**
 * By which means it is given back.
 */
tender: TenderKind,
/**
 * What is given back: `total + cash_rounding`.
 */
amount: string,
/**
 * Why.
 */
reason: string,
/**
 * The leave of a manager, when one was needed.
 */
approval_id: string | null,
};
