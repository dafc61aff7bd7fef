export type RefundQuoteView = {
/**
 * The sum of the lines.
 */
total: string,
/**
 * Rounding of cash.
 */
cash_rounding: string,
/**
 * What is given back.
 */
amount: string,
};
