export type SignInInput = {
/**
 * Who.
 */
staff_id: string,
/**
 * Their PIN.
 */
pin: string,
};
