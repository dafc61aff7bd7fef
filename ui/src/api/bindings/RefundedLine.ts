export type RefundedLine = {
/**
 * The line.
 */
line_id: string,
/**
 * How many.
 */
quantity: string,
};
