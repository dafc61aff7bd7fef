import type { CounterDeviceInput } from '../api/bindings/CounterDeviceInput';
import type { CounterDeviceView } from '../api/bindings/CounterDeviceView';
import type { CounterView } from '../api/bindings/CounterView';
import type { CommandError } from '../api/errors';
import type { Locale } from '../i18n';
import { decimalText, typedDecimal } from '../pricing/written';
import { fromThousandths, thousandths } from '../register/quantity';

export const KINDS = ['scale', 'scanner', 'display', 'card'] as const;
export const UNITS = ['kg', 'g', 'lb', 'oz'] as const;

/** Whether a device is tested by looking at what it says, and not just once. */
export function isWatched(kind: string): boolean {
  return kind === 'scale' || kind === 'scanner';
}

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

/** Where the providers are that are reached over the internet. */
const PROVIDERS: Record<string, string> = {
  adyen_cloud: 'https://terminal-api-live.adyen.com/sync',
  stripe: 'https://api.stripe.com',
};

/** An address of a card reader as it is written. */
const CARD_EXAMPLES: Record<string, string> = {
  zvt: 'tcp://192.168.1.50:20007',
  adyen_local: 'https://192.168.1.50:8443/nexo',
  ...PROVIDERS,
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
  /** What the provider calls a card reader. */
  reader: string;
  /** A new password, passphrase or key; the one that is set is never shown. */
  secret: string;
  /** The protocol that the secret which is set belongs to; null when none is. */
  secretOf: string | null;
  keyName: string;
  keyVersion: string;
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
    protocol: device?.protocol ?? protocolsOf(device?.kind ?? free ?? 'scanner', view)[0] ?? '',
    unit: device?.unit ?? 'kg',
    capacity: grams === null ? '' : decimalText(fromThousandths(grams), locale),
    reader: device?.reader ?? '',
    secret: '',
    secretOf: device?.has_secret ? device.protocol : null,
    keyName: device?.key_name ?? '',
    keyVersion: device?.key_version?.toString() ?? '',
  };
}

/** What devices of a kind can speak. */
export function protocolsOf(kind: string, view: CounterView): readonly string[] {
  return kind === 'card' ? view.card_protocols : view.protocols;
}

/** The form with another kind of device; what it speaks must be of that kind. */
export function withKind(draft: DeviceDraft, kind: string, view: CounterView): DeviceDraft {
  const protocols = protocolsOf(kind, view);
  const protocol = protocols.includes(draft.protocol) ? draft.protocol : (protocols[0] ?? '');
  return { ...draft, kind, protocol };
}

/** Whether the provider has a name for the reader. */
export function wantsReader(protocol: string): boolean {
  return protocol !== 'zvt';
}

/** Whether till and reader share a key. */
export function wantsKey(protocol: string): boolean {
  return protocol === 'adyen_local';
}

/** Whether the secret that is set stays when none is typed: one of another protocol would open nothing. */
export function keepsSecret({ secretOf, protocol }: Pick<DeviceDraft, 'secretOf' | 'protocol'>): boolean {
  return secretOf !== null && secretOf === protocol;
}

/** A typed version of a key; null when it is no whole number above zero. */
export function typedVersion(typed: string): number | null {
  return /^[1-9]\d{0,8}$/.test(typed.trim()) ? Number(typed.trim()) : null;
}

/** An address as it is written, for an empty field. */
export function targetExample({ kind, protocol }: Pick<DeviceDraft, 'kind' | 'protocol'>): string {
  return (kind === 'card' ? CARD_EXAMPLES[protocol] : null) ?? 'serial:///dev/ttyUSB0?baud=9600';
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
  const isCard = draft.kind === 'card';
  const shares = isCard && wantsKey(draft.protocol);
  const version = shares ? typedVersion(draft.keyVersion) : null;
  if (shares && draft.keyVersion.trim() !== '' && version === null) return null;
  return {
    counter_device_id: draft.counter_device_id,
    kind: draft.kind,
    name: draft.name.trim(),
    target: draft.target.trim(),
    protocol: isScale || isCard ? draft.protocol : null,
    unit: isScale ? draft.unit : null,
    capacity_g: grams,
    reader: isCard && wantsReader(draft.protocol) ? filled(draft.reader) : null,
    secret: isCard ? secretOf(draft) : null,
    key_name: shares ? filled(draft.keyName) : null,
    key_version: version,
  };
}

/** What was typed; null when nothing was. */
function filled(typed: string): string | null {
  return typed.trim() === '' ? null : typed.trim();
}

/** The secret that is sent: null keeps the one that is set, nothing at all takes one away that is of no use any more. */
function secretOf(draft: DeviceDraft): string | null {
  return filled(draft.secret) ?? (draft.secretOf === null || keepsSecret(draft) ? null : '');
}

/**
 * The address with the port set as the scale wants it, or the provider's of a card reader; null when it is so, or when
 * there is nothing to suggest.
 */
export function suggestedTarget({ kind, target, protocol }: DeviceDraft): string | null {
  if (kind === 'card') return PROVIDERS[protocol] === target.trim() ? null : (PROVIDERS[protocol] ?? null);
  const [port = '', query = ''] = target.trim().split('?');
  if (kind !== 'scale' || !/^serial:\/\/./i.test(port)) return null;
  const set = query.split('&').filter((pair) => pair !== '');
  const names = new Set(set.map((pair) => pair.split('=')[0]));
  const wanted = FACTORY[protocol] ?? [];
  if (wanted.length === 0 || wanted.some(([name]) => names.has(name))) return null;
  return `${port}?${[...set, ...wanted.map((pair) => pair.join('='))].join('&')}`;
}

const FIELDS = [
  'kind',
  'name',
  'target',
  'protocol',
  'unit',
  'capacity_g',
  'reader',
  'secret',
  'key_name',
  'key_version',
  'devices',
] as const;
/** What the engine refuses about a device; `devices` is that there are enough. */
export type DeviceField = (typeof FIELDS)[number];

/** The field that was refused; null when it was something else. */
export function refusedField(error: CommandError): DeviceField | null {
  if (error.code !== 'invalid') return null;
  return FIELDS.find((field) => field === error.details.reason) ?? null;
}
