export type FindOrderInput = {
/**
 * A receipt number or the text of the receipt's QR code.
 */
code: string,
};
