export type QuantityInput = {
/**
 * The line.
 */
line_id: string,
/**
 * The new quantity; zero removes the line.
 */
quantity: string,
};
