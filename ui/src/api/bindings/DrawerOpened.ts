export type DrawerOpened = {
/**
 * The drawer session.
 */
drawer_session_id: string,
/**
 * Where.
 */
outlet_id: string,
/**
 * On which till.
 */
terminal_id: string,
/**
 * By whom.
 */
staff_id: string,
/**
 * Their name.
 */
staff_name: string,
/**
 * When.
 */
opened_at: number,
/**
 * The day of business.
 */
business_date: string,
/**
 * What was in it.
 */
opening_float: string,
};
