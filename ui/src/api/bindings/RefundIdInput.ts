export type RefundIdInput = {
/**
 * The refund.
 */
refund_id: string,
};
