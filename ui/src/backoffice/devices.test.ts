import { describe, expect, it } from 'vitest';
import type { CounterDeviceView } from '../api/bindings/CounterDeviceView';
import type { CounterView } from '../api/bindings/CounterView';
import { refusal } from '../testing/fakeApi';
import { draftOf, inputOf, refusedField, suggestedTarget, typedGrams, withKind, type DeviceDraft } from './devices';

const SCALE: CounterDeviceView = {
  counter_device_id: 'd-1',
  kind: 'scale',
  name: 'Front scale',
  target: 'serial:///dev/ttyS0?bits=7&parity=even',
  protocol: 'mettler',
  unit: 'lb',
  capacity_g: 6_500,
  reader: null,
  has_secret: false,
  key_name: null,
  key_version: null,
  well: true,
  asked_at: 1,
  last_error_at: null,
};
const READER: CounterDeviceView = {
  ...SCALE,
  counter_device_id: 'd-2',
  kind: 'card',
  name: 'Front reader',
  target: 'https://192.168.1.50:8443/nexo',
  protocol: 'adyen_local',
  unit: null,
  capacity_g: null,
  reader: 'V400m-123456789',
  has_secret: true,
  key_name: 'shop',
  key_version: 2,
};
const EMPTY: CounterView = {
  devices: [],
  protocols: ['mettler', 'nci', 'cas', 'adam'],
  card_protocols: ['zvt', 'adyen_local', 'adyen_cloud', 'stripe'],
};

const draft = (more: Partial<DeviceDraft> = {}): DeviceDraft => ({ ...draftOf(null, EMPTY, 'en'), ...more });

describe('the form of a device', () => {
  it('sends kilograms as whole grams, however they are typed', () => {
    for (const [typed, locale, grams] of [
      ['15', 'en', 15_000],
      ['6.5', 'en', 6_500],
      ['6,5', 'id', 6_500],
      ['6.5', 'vi', 6_500],
      ['0,001', 'id', 1],
      ['29.999', 'en', 29_999],
      ['1000', 'en', 1_000_000],
    ] as const) {
      expect(typedGrams(typed, locale), `${typed} in ${locale}`).toBe(grams);
    }
  });

  it('takes no capacity of nothing, below a gram or beyond a counter', () => {
    for (const typed of ['0', '0.000', '1.2345', '1001', '1000.001', 'heavy', '-5']) {
      expect(typedGrams(typed, 'en'), typed).toBeNull();
      expect(inputOf(draft({ capacity: typed }), 'en'), typed).toBeNull();
    }
  });

  it('gives back what it began with', () => {
    const input = inputOf(draftOf(SCALE, { ...EMPTY, devices: [SCALE] }, 'vi'), 'vi');
    const { well: _well, asked_at: _asked, last_error_at: _error, has_secret: _has, ...set } = SCALE;
    expect(input).toEqual({ ...set, secret: null });
  });

  it('leaves the capacity to the engine when none is typed, and says of other devices nothing of scales', () => {
    expect(inputOf(draft({ name: ' Scale ', target: ' tcp://scale:1 ' }), 'en')).toEqual({
      counter_device_id: null,
      kind: 'scale',
      name: 'Scale',
      target: 'tcp://scale:1',
      protocol: 'mettler',
      unit: 'kg',
      capacity_g: null,
      reader: null,
      secret: null,
      key_name: null,
      key_version: null,
    });
    expect(inputOf(draft({ kind: 'scanner', capacity: 'nonsense' }), 'en')).toMatchObject({
      protocol: null,
      unit: null,
      capacity_g: null,
    });
  });

  it('begins with what is not there yet', () => {
    const display = { ...SCALE, kind: 'display' };
    const kindWith = (...devices: CounterDeviceView[]) => draftOf(null, { ...EMPTY, devices }, 'en').kind;
    expect([kindWith(), kindWith(SCALE), kindWith(SCALE, display)]).toEqual(['scale', 'scanner', 'scanner']);
  });

  it('suggests how the port of a scale is set', () => {
    const suggested = (target: string, protocol: string, kind = 'scale') =>
      suggestedTarget(draft({ target, protocol, kind }));
    expect(suggested('serial:///dev/ttyS0', 'mettler')).toBe('serial:///dev/ttyS0?bits=7&parity=even');
    expect(suggested('serial://COM3?baud=2400', 'mettler')).toBe('serial://COM3?baud=2400&bits=7&parity=even');
    expect(suggested(' serial:///dev/ttyUSB0 ', 'adam')).toBe('serial:///dev/ttyUSB0?baud=4800');
    // Whoever says it has a reason.
    expect(suggested('serial:///dev/ttyS0?bits=8', 'mettler')).toBeNull();
    expect(suggested('serial:///dev/ttyS0?baud=9600', 'adam')).toBeNull();
    expect(suggested('serial:///dev/ttyS0', 'cas')).toBeNull();
    expect(suggested('serial://', 'mettler')).toBeNull();
    expect(suggested('tcp://192.168.1.60:4001', 'mettler')).toBeNull();
    expect(suggested('serial:///dev/ttyS0', 'mettler', 'scanner')).toBeNull();
  });

  it('knows the field that was refused', () => {
    expect(refusedField(refusal('invalid', { reason: 'capacity_g' }))).toBe('capacity_g');
    expect(refusedField(refusal('invalid', { reason: 'devices' }))).toBe('devices');
    expect(refusedField(refusal('invalid', { reason: 'key_version' }))).toBe('key_version');
    expect(refusedField(refusal('invalid', { reason: 'another' }))).toBeNull();
    expect(refusedField(refusal('not_allowed', { reason: 'name' }))).toBeNull();
  });
});

describe('the form of a card reader', () => {
  const card = (more: Partial<DeviceDraft> = {}): DeviceDraft => ({
    ...withKind(draft(), 'card', EMPTY),
    name: 'Reader',
    target: 'tcp://192.168.1.50:20007',
    ...more,
  });

  it('speaks what card readers speak as soon as the kind is chosen, and a scale what scales speak', () => {
    expect(card().protocol).toBe('zvt');
    expect(withKind(card({ protocol: 'stripe' }), 'card', EMPTY).protocol).toBe('stripe');
    expect(withKind(card({ protocol: 'stripe' }), 'scale', EMPTY).protocol).toBe('mettler');
  });

  it('gives back what it began with, and keeps the secret that it never showed', () => {
    const begun = draftOf(READER, { ...EMPTY, devices: [READER] }, 'en');
    const { well: _well, asked_at: _asked, last_error_at: _error, has_secret: _has, ...set } = READER;
    expect(begun.secret).toBe('');
    expect(inputOf(begun, 'en')).toEqual({ ...set, secret: null });
    expect(inputOf({ ...begun, secret: ' another ' }, 'en')?.secret).toBe('another');
  });

  it('does not keep the secret of another protocol', () => {
    const begun = draftOf(READER, { ...EMPTY, devices: [READER] }, 'en');
    expect(inputOf({ ...begun, protocol: 'stripe' }, 'en')?.secret).toBe('');
  });

  it('sends of every protocol only what belongs to it', () => {
    const typed = { reader: 'tmr_1', secret: 'abc', keyName: 'shop', keyVersion: '3' };
    const sent = (protocol: string) => {
      const { reader, secret, key_name, key_version } = inputOf(card({ ...typed, protocol }), 'en') ?? {};
      return { reader, secret, key_name, key_version };
    };
    const without = { key_name: null, key_version: null };
    expect(sent('zvt')).toEqual({ reader: null, secret: 'abc', ...without });
    expect(sent('adyen_local')).toEqual({ reader: 'tmr_1', secret: 'abc', key_name: 'shop', key_version: 3 });
    expect(sent('adyen_cloud')).toEqual({ reader: 'tmr_1', secret: 'abc', ...without });
    expect(sent('stripe')).toEqual({ reader: 'tmr_1', secret: 'abc', ...without });
  });

  it('takes no version of a key that is no whole number', () => {
    for (const keyVersion of ['0', '1.5', '-1', 'two', '1e3']) {
      expect(inputOf(card({ protocol: 'adyen_local', keyVersion }), 'en'), keyVersion).toBeNull();
    }
    expect(inputOf(card({ protocol: 'zvt', keyVersion: 'two' }), 'en')?.key_version).toBeNull();
  });

  it('suggests where a provider is, until it stands there', () => {
    const suggested = (protocol: string, target = '') => suggestedTarget(card({ protocol, target }));
    expect(suggested('adyen_cloud')).toBe('https://terminal-api-live.adyen.com/sync');
    expect(suggested('stripe', 'tcp://192.168.1.50:20007')).toBe('https://api.stripe.com');
    expect(suggested('stripe', ' https://api.stripe.com ')).toBeNull();
    expect([suggested('zvt'), suggested('adyen_local')]).toEqual([null, null]);
  });
});
