import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { App } from '../app/app.svelte';
import { approved, cardPayment, cardsWith, refused } from '../testing/cards';
import { cartOfOne, FakeApi, refusal, stateWith } from '../testing/fakeApi';
import { CardRefund } from './cardRefund.svelte';

async function till(...payments: Parameters<typeof cardsWith>) {
  const api = new FakeApi({ 'app.state': () => stateWith(cartOfOne()), 'card.list': () => cardsWith(...payments) });
  const app = new App(api);
  app.till.start();
  await app.till.refresh();
  await app.cards.load();
  return { api, app };
}

const other = { cart_id: 'cart-0', here: false };

describe('card payments that need somebody', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('are asked for when word of the reader comes, and every two seconds while a card is at it', async () => {
    const { api, app } = await till(cardPayment());
    const end = app.cards.listen();
    await vi.advanceTimersByTimeAsync(0);
    const before = api.inputs('card.list').length;
    api.change('card');
    await vi.advanceTimersByTimeAsync(0);
    expect(api.inputs('card.list').length).toBe(before + 1);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(api.inputs('card.list').length).toBe(before + 3);
    end();
    await vi.advanceTimersByTimeAsync(4_000);
    expect(api.inputs('card.list').length).toBe(before + 3);
  });

  it('do not have the whole state asked for', async () => {
    const { api } = await till();
    const before = api.inputs('app.state').length;
    api.change('card');
    await vi.advanceTimersByTimeAsync(0);
    expect(api.inputs('app.state').length).toBe(before);
  });

  it('are counted, but for those that go and those of the order that is being paid', async () => {
    const unknown = cardPayment({ card_payment_id: 'card-2', state: 'unknown', step: null });
    const { app } = await till(cardPayment(), unknown, approved(cardPayment({ card_payment_id: 'card-3', ...other })));
    expect(app.cards.waiting).toBe(2);
    app.router.go({ name: 'pay' });
    expect(app.cards.waiting).toBe(1);
  });

  it('are shown by an answer that another question has overtaken, but never by an older one', async () => {
    const { api, app } = await till();
    const answers: ((view: ReturnType<typeof cardsWith>) => void)[] = [];
    api.answers['card.list'] = () => new Promise((answer) => void answers.push(answer));
    const asked = [app.cards.load(), app.cards.load(), app.cards.load()];
    answers[0]?.(cardsWith(cardPayment({ step: 'connecting' })));
    await asked[0];
    expect(app.cards.payments[0]?.step).toBe('connecting');
    answers[2]?.(cardsWith(cardPayment({ step: 'authorising' })));
    answers[1]?.(cardsWith(cardPayment({ step: 'present_card' })));
    await Promise.all(asked);
    expect(app.cards.payments[0]?.step).toBe('authorising');
  });

  it('belong to a cart by its id, not by what the list said of it before', async () => {
    const { app } = await till(approved(cardPayment({ ...other, here: true })));
    expect(app.cards.ofCart('cart-1')).toEqual([]);
    expect(app.cards.ofCart(null)).toEqual([]);
    expect(app.cards.ofCart('cart-0')).toHaveLength(1);
  });
});

describe('giving a card payment back', () => {
  const taken = approved(cardPayment(other));

  it('is asked about first, and needs the leave of a manager', async () => {
    const { api, app } = await till(taken);
    const leave = { staff_id: 'staff-2', pin: '1234' };
    api.answers['staff.list'] = () => ({ staff: [{ staff_id: 'staff-2', name: 'Manager', role: 'manager' }] }) as never;
    api.answers['card.give_back'] = ({ approval }) =>
      approval
        ? cardPayment({ kind: 'refund', card_payment_id: 'card-9' })
        : Promise.reject(refusal('approval_needed', { permission: 'refund' }));
    const given = app.cards.giveBack(taken);
    await expect.poll(() => app.questions.open).not.toBeNull();
    expect(api.inputs('card.give_back')).toEqual([]);
    app.questions.open?.answer(true);
    await expect.poll(() => app.approvals.asking).not.toBeNull();
    app.approvals.give(leave.staff_id, leave.pin);
    expect((await given)?.card_payment_id).toBe('card-9');
    expect(api.inputs('card.give_back').map((input) => input.approval)).toEqual([null, leave]);
  });

  it('is not done when it was not meant', async () => {
    const { api, app } = await till(taken);
    const given = app.cards.giveBack(taken);
    await expect.poll(() => app.questions.open).not.toBeNull();
    app.questions.open?.answer(false);
    expect(await given).toBeNull();
    expect(api.inputs('card.give_back')).toEqual([]);
  });
});

describe('a refund at the card reader', () => {
  const going = cardPayment({ kind: 'refund', cart_id: null, order_id: 'order-1', here: false });

  it('is followed until it is done, and stays on screen while nobody answers', async () => {
    const { api, app } = await till();
    const given = new CardRefund(app, 'card-1');
    api.answers['card.show'] = () => going;
    await given.look();
    expect(given.payment?.state).toBe('going');
    api.answers['card.show'] = () => {
      throw new Error('nobody answers');
    };
    await given.look();
    expect(given.payment?.state).toBe('going');
    api.answers['card.show'] = () => ({ ...approved(going), booked: true });
    await given.look();
    expect(given.payment?.state).toBe('approved');
    expect(api.inputs('card.show')[0]).toEqual({ card_payment_id: 'card-1' });
  });

  it('is tried again under the name that the engine gives it', async () => {
    const again = { ...going, card_payment_id: 'card-2' };
    const { api, app } = await till();
    const given = new CardRefund(app, 'card-1');
    api.answers['card.show'] = () => refused(going, 'not_reached');
    await given.look();
    api.answers['card.again'] = () => again;
    await given.again();
    expect(api.inputs('card.again')).toEqual([{ card_payment_id: 'card-1' }]);
    expect(given.payment).toEqual(again);
    api.answers['card.show'] = () => again;
    await given.look();
    expect(api.inputs('card.show').at(-1)).toEqual({ card_payment_id: 'card-2' });
  });
});
