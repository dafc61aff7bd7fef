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

/** A price of one unit in its smallest parts, of which the major unit has 10,000. */
function tenThousandths(price: string): bigint {
  const match = /^(-?)(\d+)(?:\.(\d{1,4}))?$/.exec(price);
  if (!match) return 0n;
  const parts = BigInt(`${match[2] ?? ''}${(match[3] ?? '').padEnd(4, '0')}`);
  return match[1] ? -parts : parts;
}

/**
 * What choices that were made of a group add to the price of one unit, each in the place of its full price: the dearest cost
 * nothing more as far as the group includes them. The till counts by the same rule, `ModifierGroup::prices_of` in Rust.
 */
export function pricesOf(group: Pick<Group, 'included'>, made: readonly string[]): string[] {
  const dearest = made
    .map((price, at) => ({ at, parts: tenThousandths(price) }))
    .filter(({ parts }) => parts > 0n)
    .sort((a, b) => (a.parts > b.parts ? -1 : Number(a.parts < b.parts)));
  const free = new Set(dearest.slice(0, group.included ?? 0).map(({ at }) => at));
  return made.map((price, at) => (free.has(at) ? '0' : price));
}

/** The choices of a group, as ids, that have a price and cost nothing more as it was chosen. */
export function includedOf(group: Group, choices: Choices): Set<string> {
  // In the order of the group, as the till counts them; one that is taken twice stands twice.
  const made = group.modifiers.flatMap(({ modifier_id, unit_price }) =>
    choices.modifiers.filter((id) => id === modifier_id).map(() => ({ modifier_id, unit_price })),
  );
  const prices = pricesOf(
    group,
    made.map(({ unit_price }) => unit_price),
  );
  const paid = new Set(made.filter((one, at) => prices[at] === one.unit_price).map(({ modifier_id }) => modifier_id));
  return new Set(made.map(({ modifier_id }) => modifier_id).filter((id) => !paid.has(id)));
}
