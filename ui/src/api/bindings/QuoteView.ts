export type QuoteView = {
/**
 * What is due before cash rounding.
 */
total: string,
/**
 * What would be paid in cash for what is left after the other tenders.
 */
cash_due: string,
/**
 * The rounding in it.
 */
cash_rounding: string,
/**
 * What is still to be paid (zero when settled).
 */
missing: string,
/**
 * What is given back.
 */
change_due: string,
/**
 * Whether the tenders settle the order.
 */
settled: boolean,
/**
 * Notes that make sense for what is due in cash, ascending, the exact amount not among them.
 */
quick_notes: Array<string>,
};
