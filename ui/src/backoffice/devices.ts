import type { CounterDeviceInput } from '../api/bindings/CounterDeviceInput';
import type { CounterDeviceView } from '../api/bindings/CounterDeviceView';
import type { CounterView } from '../api/bindings/CounterView';
import type { CommandError } from '../api/errors';
import type { Locale } from '../i18n';
import { decimalText, typedDecimal } from '../pricing/written';
import { fromThousandths, thousandths } from '../register/quantity';

export const KINDS = ['scale', 'scanner', 'display'] as const;
export const UNITS = ['kg', 'g', 'lb', 'oz'] as const;

/** What scales speak, by the names that stand on them; the same in every language. */
const PROTOCOLS: Record<string, string> = {
  mettler: 'Mettler-Toledo 8217',
  nci: 'NCI / Weigh-Tronix / Avery',
  cas: 'CAS',
  adam: 'Adam',
};

export function protocolName(protocol: string): string {
  return PROTOCOLS[protocol] ?? protocol;
}

/** How the port of a scale stands when it leaves the factory, where that is not what every port is set to. */
const FACTORY: Record<string, readonly (readonly [string, string])[]> = {
  mettler: [
    ['bits', '7'],
    ['parity', 'even'],
  ],
  adam: [['baud', '4800']],
};

/** The heaviest scale that may be set, as the engine has it. */
const MOST_CAPACITY_G = 1_000_000;

/** A device as it stands in the form. */
export interface DeviceDraft {
  counter_device_id: string | null;
  kind: string;
  name: string;
  target: string;
  protocol: string;
  unit: string;
  /** Kilograms as they are typed. */
  capacity: string;
}

/** The form for a device, or for a new one: a scale first, since there is one of it. */
export function draftOf(device: CounterDeviceView | null, view: CounterView, locale: Locale): DeviceDraft {
  const free = KINDS.find((kind) => kind === 'scanner' || !view.devices.some((one) => one.kind === kind));
  const grams = device?.capacity_g ?? null;
  return {
    counter_device_id: device?.counter_device_id ?? null,
    kind: device?.kind ?? free ?? 'scanner',
    name: device?.name ?? '',
    target: device?.target ?? '',
    protocol: device?.protocol ?? view.protocols[0] ?? '',
    unit: device?.unit ?? 'kg',
    capacity: grams === null ? '' : decimalText(fromThousandths(grams), locale),
  };
}

/** Typed kilograms in whole grams; null when they are none, or more than a scale of a counter weighs. */
export function typedGrams(typed: string, locale: Locale): number | null {
  const kilograms = typedDecimal(typed, 3, locale);
  const grams = kilograms === null ? 0 : thousandths(kilograms);
  return grams > 0 && grams <= MOST_CAPACITY_G ? grams : null;
}

/** What is sent; null while a figure in the form is none. */
export function inputOf(draft: DeviceDraft, locale: Locale): CounterDeviceInput | null {
  const isScale = draft.kind === 'scale';
  const grams = isScale && draft.capacity.trim() !== '' ? typedGrams(draft.capacity, locale) : null;
  if (isScale && draft.capacity.trim() !== '' && grams === null) return null;
  return {
    counter_device_id: draft.counter_device_id,
    kind: draft.kind,
    name: draft.name.trim(),
    target: draft.target.trim(),
    protocol: isScale ? draft.protocol : null,
    unit: isScale ? draft.unit : null,
    capacity_g: grams,
  };
}

/** The address with the port set as the scale wants it; null when it is so, or says itself how it is set. */
export function suggestedTarget({ kind, target, protocol }: DeviceDraft): string | null {
  const [port = '', query = ''] = target.trim().split('?');
  if (kind !== 'scale' || !/^serial:\/\/./i.test(port)) return null;
  const set = query.split('&').filter((pair) => pair !== '');
  const names = new Set(set.map((pair) => pair.split('=')[0]));
  const wanted = FACTORY[protocol] ?? [];
  if (wanted.length === 0 || wanted.some(([name]) => names.has(name))) return null;
  return `${port}?${[...set, ...wanted.map((pair) => pair.join('='))].join('&')}`;
}

const FIELDS = ['kind', 'name', 'target', 'protocol', 'unit', 'capacity_g', 'devices'] as const;
/** What the engine refuses about a device; `devices` is that there are enough. */
export type DeviceField = (typeof FIELDS)[number];

/** The field that was refused; null when it was something else. */
export function refusedField(error: CommandError): DeviceField | null {
  if (error.code !== 'invalid') return null;
  return FIELDS.find((field) => field === error.details.reason) ?? null;
}
