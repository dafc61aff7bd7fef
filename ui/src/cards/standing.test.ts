import { describe, expect, it } from 'vitest';
import { Texts } from '../i18n';
import { approved, cardPayment, refused } from '../testing/cards';
import { actionsOf, isPart, standingOf } from './standing';

const texts = new Texts();
const going = cardPayment();
const unknown = cardPayment({ state: 'unknown', step: null });
const refund = cardPayment({ kind: 'refund', cart_id: null, order_id: 'order-1', here: false });

describe('what can be done about a card payment', () => {
  it('is to call it off while it goes, and once only', () => {
    expect(actionsOf(going)).toEqual(['cancel']);
    expect(actionsOf(cardPayment({ step: 'cancelling' }))).toEqual([]);
  });

  it('is never to try again what nobody knows the end of', () => {
    expect(actionsOf(unknown)).toEqual(['ask', 'settle']);
    expect(actionsOf({ ...unknown, kind: 'refund' })).toEqual(['ask', 'settle']);
  });

  it('is to go on or to give back what is in no sale', () => {
    expect(actionsOf(approved(going))).toEqual(['go_on', 'give_back']);
    expect(actionsOf({ ...approved(going), here: false })).toEqual(['give_back']);
    expect(actionsOf({ ...approved(going), booked: true })).toEqual([]);
  });

  it('is to try a refund again that was refused, or to say that it was given otherwise', () => {
    expect(actionsOf(refused(refund, 'not_reached'))).toEqual(['again', 'settle']);
    expect(actionsOf(approved(refund))).toEqual([]);
    expect(actionsOf(refused(going, 'declined'))).toEqual([]);
  });
});

describe('what is said of a card payment', () => {
  it('is that it waits when its end is not known, never that it failed', () => {
    const { headline, help } = standingOf(unknown, texts);
    expect(headline).toMatch(/^Waiting/);
    expect(help).toMatch(/^Do not take it again/);
  });

  it('names every step and every refusal in words of its own', () => {
    const steps = ['connecting', 'present_card', 'at_reader', 'authorising', 'cancelling', null];
    const said = steps.map((step) => standingOf(cardPayment({ step }), texts).headline);
    const whys = ['declined', 'cancelled', 'card_timeout', 'busy', 'not_reached', 'not_set_up', 'by_hand'];
    said.push(...whys.map((why) => standingOf(refused(going, why), texts).headline));
    expect(new Set(said).size).toBe(steps.length + whys.length);
  });

  it('is of a refund that the money has not gone back, and why', () => {
    const { headline, help } = standingOf(refused(refund, 'not_reached'), texts);
    expect(headline).toContain('not gone back');
    expect(help).toContain('does not answer');
    expect(help).not.toContain('No money was taken');
  });

  it('tells when the card had less than was asked for', () => {
    expect([isPart(going), isPart(approved(going)), isPart(approved(going, '10000 IDR'))]).toEqual([
      false,
      false,
      true,
    ]);
  });
});
