import type { CustomerScreenSetupView } from '../api/bindings/CustomerScreenSetupView';
import type { CommandError } from '../api/errors';

/** Whether anybody shows the customer's screen, and when nobody does, why. */
export type Standing = 'off' | 'shown' | 'no_monitor' | 'silent' | 'no_browser';

export function standingOf({ setup, is_shown, has_monitor }: CustomerScreenSetupView): Standing {
  if (!setup.is_on) return 'off';
  if (is_shown) return 'shown';
  if (has_monitor === null) return 'no_browser';
  return has_monitor ? 'silent' : 'no_monitor';
}

const FIELDS = ['greeting', 'seconds', 'pictures', 'picture', 'qris', 'viet_qr'] as const;
export type SetupField = (typeof FIELDS)[number];

/** The field that a refusal is about; null when it is about something else. */
export function refusedOf(error: CommandError): SetupField | null {
  if (error.code !== 'invalid') return null;
  return FIELDS.find((field) => field === error.details.reason) ?? null;
}
