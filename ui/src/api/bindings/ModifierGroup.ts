import type { Modifier } from "./Modifier";

export type ModifierGroup = {
/**
 * The group.
 */
modifier_group_id: string,
/**
 * What is asked.
 */
name: string,
/**
 * The fewest choices; 1 or more makes it required.
 */
min: number,
/**
 * The most choices.
 */
max: number,
/**
 * The choices, in order.
 */
modifiers: Array<Modifier>,
};
