export type RefundChoice = {
/**
 * The line.
 */
line_id: string,
/**
 * How many.
 */
quantity: string,
/**
 * Whether the goods go back on the shelf.
 */
restock: boolean,
};
