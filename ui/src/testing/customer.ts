import type { CustomerLineView } from '../api/bindings/CustomerLineView';
import type { CustomerScreenSetupView } from '../api/bindings/CustomerScreenSetupView';
import type { CustomerScreenView } from '../api/bindings/CustomerScreenView';

export function lineOf(line_id: string, more: Partial<CustomerLineView> = {}): CustomerLineView {
  return {
    line_id,
    name: 'Kopi',
    details: [],
    quantity: '1',
    unit: 'piece',
    unit_price: '25000 IDR',
    amount: '25000 IDR',
    ...more,
  };
}

/** A customer's screen in the middle of a sale. */
export function screenOf(lines: CustomerLineView[], more: Partial<CustomerScreenView> = {}): CustomerScreenView {
  return {
    is_on: true,
    stage: 'cart',
    outlet_name: 'Kedai',
    greeting: 'Selamat datang',
    locale: 'id',
    digits: 0,
    theme: 'day',
    lines,
    last_line_id: lines.at(-1)?.line_id ?? null,
    item_count: lines.length,
    sums: [],
    total: '25000 IDR',
    qr: null,
    paid: null,
    pictures: [],
    seconds: 8,
    ...more,
  };
}

export function setupOf(more: Partial<CustomerScreenSetupView> = {}): CustomerScreenSetupView {
  return {
    setup: { is_on: true, greeting: '', seconds: 8, pictures: ['a', 'b'], qris: '', viet_qr: '' },
    most_pictures: 10,
    most_picture_bytes: 150_000,
    most_greeting_chars: 200,
    least_seconds: 3,
    most_seconds: 60,
    asked_at: null,
    is_shown: false,
    has_monitor: null,
    ...more,
  };
}
