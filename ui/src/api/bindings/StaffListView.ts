import type { StaffView } from "./StaffView";

export type StaffListView = {
/**
 * The people.
 */
staff: Array<StaffView>,
};
