// The card reader: set up by a manager, then paid at, called off, declined, cut off in the middle, and given back by.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { check } from '../src/access';
import { TEST_IDS } from '../src/counter';
import { CardHand, cardScreens } from '../src/cards';
import { deviceRow, Devices, deviceTest, toDevices } from '../src/devices';
import { look, THEMES } from '../src/screens';
import { setting } from '../src/setting';
import { eventually } from '../src/shop.mjs';

const at = setting({ outlet: 'CHO' });
let devices: Devices;
let hand: CardHand;

const NAME = 'Máy thẻ quầy';

beforeAll(async () => {
  devices = await Devices.open();
  hand = new CardHand(at.counter, devices, NAME);
  await at.counter.signIn(at.shop.person('manager'));
  await at.counter.openShift();
});

afterAll(() => devices?.close());

const receipt = () => at.counter.at(TEST_IDS.receiptNumber).waitFor();

/** The list is empty: nothing is left to do. */
async function nothingLeft() {
  await hand.toCardPayments();
  await at.counter.at(TEST_IDS.cardsNone).waitFor();
  expect(await at.counter.at(TEST_IDS.cardsWaiting).count()).toBe(0);
}

const noToasts = () => eventually('no message', async () => (await at.counter.at(TEST_IDS.toast).count()) === 0);

test('a manager sets the card reader up, what is wrong is said at its field, and it answers', async () => {
  const { counter } = at;
  await toDevices(counter);
  await counter.at(TEST_IDS.deviceAdd).click();
  await counter.at(TEST_IDS.deviceKind('card')).click();
  await counter.at(TEST_IDS.deviceName).fill(NAME);
  await counter.at(TEST_IDS.deviceProtocol).selectOption('stripe');
  await counter.at(TEST_IDS.deviceSuggested).click();
  await counter.at(TEST_IDS.deviceKeep).click();
  await eventually('the reader of the provider is missing', async () => {
    return (await counter.at(TEST_IDS.deviceReader).getAttribute('aria-invalid')) === 'true';
  });
  await counter.at(TEST_IDS.deviceProtocol).selectOption('zvt');
  await counter.at(TEST_IDS.deviceTarget).fill(devices.address('zvt'));
  await counter.at(TEST_IDS.deviceSecret).fill('123456');
  await counter.at(TEST_IDS.deviceKeep).click();
  await counter.at(TEST_IDS.dialog).waitFor({ state: 'detached' });
  const row = deviceRow(counter, NAME);
  await eventually('the card reader answers', async () => (await row.getAttribute('data-condition')) === 'well');
  await deviceTest(counter, NAME).click();
  await counter.at(TEST_IDS.toast).first().waitFor();
  // A password is never shown again.
  await row.locator('[data-testid^="device-edit-"]').click();
  expect(await counter.at(TEST_IDS.deviceSecret).inputValue()).toBe('');
  expect(await counter.at(TEST_IDS.deviceSecret).getAttribute('type')).toBe('password');
  await counter.at(TEST_IDS.deviceKeep).click();
  await counter.at(TEST_IDS.dialog).waitFor({ state: 'detached' });
});

test('a card that is approved completes the sale without another tap', async () => {
  const { counter } = at;
  await hand.toCard();
  await hand.take();
  expect(await counter.at(TEST_IDS.tender('cash')).isDisabled()).toBe(true);
  expect(await counter.at(TEST_IDS.payConfirm).isDisabled()).toBe(true);
  await hand.decide('approve');
  await receipt();
  await counter.newSale();
  await nothingLeft();
});

test('a card that is declined is said so, and the customer pays in cash', async () => {
  const { counter } = at;
  await hand.toCard();
  await hand.take();
  await hand.decide('decline');
  await hand.stands('refused');
  await counter.at(TEST_IDS.cardPayOtherwise).click();
  await counter.at(TEST_IDS.exact).click();
  await receipt();
  await counter.newSale();
});

test('a payment is called off, and tried again', async () => {
  const { counter } = at;
  await hand.toCard();
  await hand.take();
  await counter.at(TEST_IDS.cardDo('cancel')).click();
  await hand.stands('refused');
  await counter.at(TEST_IDS.cardDo('again')).click();
  await hand.stands('going', 'present_card');
  await hand.decide('approve');
  await receipt();
  await counter.newSale();
});

test('a payment goes on while another screen is shown', async () => {
  const { counter } = at;
  await hand.toCard();
  await hand.take();
  await counter.at(TEST_IDS.payBack).click();
  await counter.at(TEST_IDS.pay).click();
  await hand.stands('going', 'present_card');
  await hand.decide('approve');
  await receipt();
  await counter.newSale();
});

test('an answer that is lost is waited for, and asked for again', async () => {
  const { counter } = at;
  await hand.toCard();
  await hand.lose();
  // The same card must not be charged twice.
  expect(await counter.at(TEST_IDS.payConfirm).isDisabled()).toBe(true);
  expect(await counter.at(TEST_IDS.cardTake).count()).toBe(0);
  await hand.fault('none');
  await hand.askUntil('the sale', () => counter.at(TEST_IDS.receiptNumber).isVisible(), TEST_IDS.cardDo('ask'));
  await counter.newSale();
  await nothingLeft();
});

test('a manager settles by the paper of the reader what it does not tell', async () => {
  const { counter } = at;
  await hand.toCard();
  await hand.lose();
  await counter.at(TEST_IDS.cardPayOtherwise).click();
  await counter.at(TEST_IDS.exact).click();
  await receipt();
  await counter.newSale();
  // The sale is paid in cash; what happened to the card still waits for somebody.
  await counter.at(TEST_IDS.cardsWaiting).waitFor();
  await hand.toCardPayments();
  await hand.stands('unknown', null, TEST_IDS.cardPaymentStanding(0));
  await counter.at(TEST_IDS.cardAction('settle', 0)).click();
  await counter.at(TEST_IDS.cardSettled(true)).click();
  await counter.at(TEST_IDS.reason(0)).click();
  // The reader may have charged a part; never more than it was asked for.
  await counter.at(TEST_IDS.cardSettledAmount).fill('999999999');
  expect(await counter.at(TEST_IDS.confirm).isDisabled()).toBe(true);
  await counter.at(TEST_IDS.cardSettledAmount).fill('1000');
  await counter.at(TEST_IDS.confirm).click();
  await hand.stands('approved', null, TEST_IDS.cardPaymentStanding(0));
  await hand.fault('none');
  await counter.at(TEST_IDS.cardAction('give_back', 0)).click();
  await counter.at(TEST_IDS.confirm).click();
  await hand.stands('going', 'present_card', TEST_IDS.cardPaymentStanding(0));
  await hand.decide('approve');
  await counter.at(TEST_IDS.cardsNone).waitFor();
});

test('a part that was taken still counts after the power went', async () => {
  const { counter, shop, page } = at;
  await hand.toCard();
  await hand.takePart();
  await shop.killTerminal();
  await shop.startTerminal();
  await page.reload();
  await counter.signIn(shop.person('manager'));
  await counter.lines().first().waitFor();
  await counter.at(TEST_IDS.pay).click();
  await counter.at(TEST_IDS.givenTender(0)).waitFor();
  await counter.at(TEST_IDS.tender('cash')).click();
  await counter.at(TEST_IDS.exact).click();
  await receipt();
  await counter.newSale();
  await nothingLeft();
});

test('what was taken for an order is given back', async () => {
  const { counter } = at;
  await hand.toCard();
  await hand.takePart();
  await counter.at(TEST_IDS.cardAction('give_back', 0)).click();
  await counter.at(TEST_IDS.confirm).click();
  await counter.at(TEST_IDS.givenTender(0)).waitFor({ state: 'detached' });
  await hand.toCardPayments();
  await hand.stands('going', 'present_card', TEST_IDS.cardPaymentStanding(0));
  await hand.decide('approve');
  await counter.at(TEST_IDS.cardsNone).waitFor();
});

test('a refund goes back to the card, and is tried again when the reader refuses', async () => {
  const { counter } = at;
  await hand.toCard();
  await hand.take();
  await hand.decide('approve');
  await receipt();
  await counter.newSale();
  await counter.go('orders');
  await counter.at(TEST_IDS.order(0)).click();
  await counter.at(TEST_IDS.orderRefund).click();
  await counter.at(TEST_IDS.refundAll).click();
  await counter.at(TEST_IDS.reason(0)).click();
  await counter.at(TEST_IDS.refundConfirm).click();
  await hand.stands('going', 'present_card');
  await hand.decide('decline');
  await hand.stands('refused');
  await counter.at(TEST_IDS.cardDo('again')).click();
  await hand.stands('going', 'present_card');
  await hand.decide('approve');
  await hand.stands('approved');
  await counter.at(TEST_IDS.refundDone).click();
  await nothingLeft();
});

test('the card of another reader is keyed in by hand', async () => {
  const { counter } = at;
  await hand.toCard();
  await counter.at(TEST_IDS.cardOtherReader).click();
  await counter.at(TEST_IDS.confirm).click();
  await receipt();
  await counter.newSale();
});

test('the day of the reader is closed, and its lines are shown', async () => {
  const { counter } = at;
  await toDevices(counter);
  await counter.at(TEST_IDS.deviceCloseDay).click();
  await counter.at(TEST_IDS.confirm).click();
  await hand.stands('done', null, TEST_IDS.deviceDay);
  expect(await counter.at(TEST_IDS.deviceDay).innerText()).toContain('END OF DAY');
});

for (const theme of THEMES) {
  test(`everybody can take a card and set a reader up, ${theme}`, async () => {
    const { counter, shop, page } = at;
    await look(counter, shop, { theme });
    const checked = async (name: string) => {
      await noToasts();
      await check(page, `${name} ${theme}`);
    };
    for (const screen of cardScreens(hand)) {
      await screen.show(counter, shop);
      await checked(screen.name);
      await screen.leave?.(counter);
    }
    await toDevices(counter);
    await hand.edit();
    for (const protocol of ['adyen_local', 'stripe']) {
      await counter.at(TEST_IDS.deviceProtocol).selectOption(protocol);
      await checked(`editor of ${protocol}`);
    }
    await counter.at(TEST_IDS.dialogClose).click();
  });
}
