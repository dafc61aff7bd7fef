// The hand at the card reader and at the till before it, and every look of a card payment.
import { TEST_IDS, type Counter } from './counter';
import { deviceRow, toDevices, type Devices } from './devices';
import { emptyCart, fill, type Screen } from './screens';
import { eventually } from './shop.mjs';

export class CardHand {
  constructor(
    private readonly counter: Counter,
    private readonly devices: Devices,
    /** What the reader is called at this till. */
    readonly name: string,
  ) {}

  /** Sets the reader up by the screens. */
  async setUp() {
    const { counter } = this;
    await toDevices(counter);
    await counter.at(TEST_IDS.deviceAdd).click();
    await counter.at(TEST_IDS.deviceKind('card')).click();
    await counter.at(TEST_IDS.deviceName).fill(this.name);
    await counter.at(TEST_IDS.deviceProtocol).selectOption('zvt');
    await counter.at(TEST_IDS.deviceTarget).fill(this.devices.address('zvt'));
    await counter.at(TEST_IDS.deviceKeep).click();
    await counter.at(TEST_IDS.dialog).waitFor({ state: 'detached' });
    await eventually('the card reader answers', async () => {
      return (await this.row().getAttribute('data-condition')) === 'well';
    });
  }

  row = () => deviceRow(this.counter, this.name);

  edit = () => this.row().locator('[data-testid^="device-edit-"]').click();

  decide = (verdict: 'approve' | 'decline') => this.devices.hand('card', { verdict });

  fault = (name: string) => this.devices.hand('fault', { device: 'zvt', fault: name });

  /** Waits until a payment stands like this where `id` shows it. */
  stands(state: string, step: string | null = null, id: string = TEST_IDS.cardStanding) {
    return eventually(`the card payment is ${state} ${step ?? ''}`, async () => {
      const shown = this.counter.at(id);
      if ((await shown.getAttribute('data-state', { timeout: 1_000 })) !== state) return false;
      return step === null || (await shown.getAttribute('data-step')) === step;
    });
  }

  /** Rings one item up and stands before the card reader. */
  async toCard() {
    await emptyCart(this.counter);
    await fill(this.counter, 1);
    await this.counter.at(TEST_IDS.pay).click();
    await this.counter.at(TEST_IDS.tender('card')).click();
    await this.counter.at(TEST_IDS.cardTake).waitFor();
  }

  /** Takes what is missing, or the amount that was typed; then the reader waits for a card. */
  async take() {
    await this.counter.at(TEST_IDS.cardTake).click();
    await this.stands('going', 'present_card');
  }

  /** Takes a part of what is due. */
  async takePart() {
    for (const key of ['1', '000']) await this.counter.at(TEST_IDS.key(key)).click();
    await this.take();
    await this.decide('approve');
    await this.counter.at(TEST_IDS.givenTender(0)).waitFor();
  }

  /** Has the reader cut off while a card is at it; its approval is lost on the way. */
  async lose() {
    await this.take();
    await this.fault('close-after 0');
    await this.decide('approve');
    await this.stands('unknown');
  }

  /** Taps "Ask again" until the reader has told; the till asks by itself, too, and the button may be gone before it is tapped. */
  askUntil(what: string, told: () => Promise<boolean>, button: string) {
    return eventually(what, async () => {
      const ask = this.counter.at(button);
      if (await ask.isVisible()) await ask.click({ timeout: 1_000 }).catch(() => undefined);
      return told();
    });
  }

  async toCardPayments() {
    await this.counter.go('orders');
    await this.counter.at(TEST_IDS.cardPayments).click();
  }
}

/** Every look, one after the other: each goes on where the one before it ended. */
export function cardScreens(hand: CardHand): Screen[] {
  return [
    { name: 'card-reader', show: toDevices },
    {
      name: 'card-reader-editor',
      show: () => hand.edit(),
      leave: (counter) => counter.at(TEST_IDS.dialogClose).click(),
    },
    { name: 'card-amount', show: () => hand.toCard() },
    { name: 'card-going', show: () => hand.take() },
    {
      name: 'card-refused',
      show: async (counter) => {
        await counter.at(TEST_IDS.cardDo('cancel')).click();
        await hand.stands('refused');
      },
      leave: (counter) => counter.at(TEST_IDS.cardOtherAmount).click(),
    },
    { name: 'card-part', show: () => hand.takePart() },
    {
      name: 'card-unknown',
      show: async (counter) => {
        await counter.at(TEST_IDS.tender('card')).click();
        await counter.at(TEST_IDS.cardTake).waitFor();
        await hand.lose();
      },
    },
    {
      name: 'card-settle',
      show: async (counter) => {
        await counter.at(TEST_IDS.cardDo('settle')).click();
        await counter.at(TEST_IDS.cardSettled(false)).waitFor();
      },
      leave: (counter) => counter.at(TEST_IDS.dialogClose).click(),
    },
    {
      name: 'card-payments',
      show: async (counter) => {
        await hand.toCardPayments();
        await counter.at(TEST_IDS.cardPayment(1)).waitFor();
      },
      // The reader tells what it had taken, and both parts are the sale.
      leave: async (counter) => {
        await hand.fault('none');
        const first = counter.at(TEST_IDS.cardPaymentStanding(0));
        const told = async () => (await first.getAttribute('data-state', { timeout: 1_000 })) === 'approved';
        await hand.askUntil('the part that was lost', told, TEST_IDS.cardAction('ask', 0));
        await counter.at(TEST_IDS.cardAction('go_on', 0)).click();
        await counter.at(TEST_IDS.receiptNumber).waitFor();
        await counter.newSale();
      },
    },
    {
      name: 'card-payments-none',
      show: async (counter) => {
        await hand.toCardPayments();
        await counter.at(TEST_IDS.cardsNone).waitFor();
      },
      leave: (counter) => counter.go('register'),
    },
  ];
}
