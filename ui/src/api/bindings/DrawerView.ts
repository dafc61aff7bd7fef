export type DrawerView = {
/**
 * The drawer session.
 */
drawer_session_id: string,
/**
 * Since when.
 */
opened_at: number,
/**
 * By whom.
 */
staff_name: string,
/**
 * The day of business.
 */
business_date: string,
};
