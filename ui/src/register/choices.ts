import type { ItemView } from '../api/bindings/ItemView';

/** What was chosen on the sheet of an item so far. */
export interface Choices {
  variantId: string | null;
  /** Modifier ids; one that is taken twice stands twice. */
  modifiers: readonly string[];
}

type Group = ItemView['groups'][number];

/** How many choices of a group were made. */
export function chosenOf(group: Group, choices: Choices): number {
  return choices.modifiers.filter((id) => group.modifiers.some((modifier) => modifier.modifier_id === id)).length;
}

/** Takes or drops a choice: in a group of one the newest replaces, else it is switched within the most. */
export function toggle(group: Group, modifierId: string, choices: Choices): Choices {
  const inGroup = (id: string) => group.modifiers.some((modifier) => modifier.modifier_id === id);
  if (choices.modifiers.includes(modifierId)) {
    return { ...choices, modifiers: choices.modifiers.filter((id) => id !== modifierId) };
  }
  if (group.max === 1) {
    return { ...choices, modifiers: [...choices.modifiers.filter((id) => !inGroup(id)), modifierId] };
  }
  if (chosenOf(group, choices) >= group.max) return choices;
  return { ...choices, modifiers: [...choices.modifiers, modifierId] };
}

/** Whether everything that must be chosen is chosen. */
export function complete(view: ItemView, choices: Choices): boolean {
  const variant = view.variants.length === 0 || choices.variantId !== null;
  return variant && view.groups.every((group) => chosenOf(group, choices) >= group.min);
}

/** Whether a required group still has room, so that the sheet must not close by itself. */
export function hasRoom(view: ItemView, choices: Choices): boolean {
  return view.groups.some((group) => group.min > 0 && chosenOf(group, choices) < group.max);
}

/** Whether a group must be answered. */
export function isRequired(group: Group): boolean {
  return group.min > 0;
}
