export type ApprovalInput = {
/**
 * Who gives it.
 */
staff_id: string,
/**
 * Their PIN.
 */
pin: string,
};
