import type { Role } from "./Role";

export type StaffView = {
/**
 * The person.
 */
staff_id: string,
/**
 * Their name.
 */
name: string,
/**
 * What they are.
 */
role: Role,
};
