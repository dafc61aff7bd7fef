import type { CustomerLineView } from '../api/bindings/CustomerLineView';
import type { CustomerScreenInput } from '../api/bindings/CustomerScreenInput';
import type { CustomerScreenView } from '../api/bindings/CustomerScreenView';
import type { OutletView } from '../api/bindings/OutletView';
import { NO_SALE } from '../customer/customer.svelte';
import type { Texts } from '../i18n';

/** The shop between two sales as the form has it. */
export function idleOf(outlet: OutletView, setup: CustomerScreenInput, theme: string): CustomerScreenView {
  return {
    ...NO_SALE,
    is_on: true,
    outlet_name: outlet.name,
    greeting: setup.greeting.trim(),
    locale: outlet.locale,
    digits: outlet.digits,
    theme,
    pictures: setup.pictures,
    seconds: setup.seconds,
  };
}

/** A sale as this outlet writes its figures. */
export function cartOf(idle: CustomerScreenView, currency: string, texts: Texts): CustomerScreenView {
  // Prices in the thousands where there is no smaller unit, else in whole units.
  const zeros = '0'.repeat(idle.digits === 0 ? 3 : idle.digits);
  const money = (figure: number): string => `${figure}${zeros} ${currency}`;
  const line = (line_id: string, name: string, more: Partial<CustomerLineView>): CustomerLineView => ({
    line_id,
    name,
    details: [],
    quantity: '1',
    unit: 'piece',
    unit_price: money(25),
    amount: money(25),
    ...more,
  });
  return {
    ...idle,
    stage: 'cart',
    lines: [
      line('drink', texts.t('customer-screen-sample-drink'), {
        details: [texts.t('customer-screen-sample-choice')],
        quantity: '2',
        unit_price: money(18),
        amount: money(36),
      }),
      line('dish', texts.t('customer-screen-sample-dish'), {}),
    ],
    last_line_id: 'dish',
    item_count: 3,
    total: money(61),
  };
}
