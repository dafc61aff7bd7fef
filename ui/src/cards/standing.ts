import type { CardPaymentView } from '../api/bindings/CardPaymentView';
import type { Texts } from '../i18n';

/** What a person can do about a payment or refund at the card reader. */
export type CardAction = 'go_on' | 'cancel' | 'ask' | 'settle' | 'give_back' | 'again';

/** What a payment or refund is told as. */
export interface Standing {
  headline: string;
  /** What is safe, and what to do next. */
  help: string;
}

/** What can be done about it, the best first. */
export function actionsOf({ kind, state, step, here, booked }: CardPaymentView): CardAction[] {
  switch (state) {
    case 'going':
      return step === 'cancelling' ? [] : ['cancel'];
    case 'unknown':
      return ['ask', 'settle'];
    case 'approved':
      if (kind === 'refund' || booked) return [];
      return here ? ['go_on', 'give_back'] : ['give_back'];
    case 'refused':
      return kind === 'refund' && !booked ? ['again', 'settle'] : [];
    default:
      return [];
  }
}

/** Whether the card had less than was asked for. Both are the engine's own text of one currency. */
export function isPart({ amount, approved }: CardPaymentView): boolean {
  return approved !== null && approved !== amount;
}

/** How it stands, in words. */
export function standingOf(payment: CardPaymentView, texts: Pick<Texts, 't' | 'word'>): Standing {
  return payment.kind === 'refund' ? refundStanding(payment, texts) : paymentStanding(payment, texts);
}

function goingStanding({ step }: CardPaymentView, { t, word }: Pick<Texts, 't' | 'word'>): Standing {
  return {
    headline: word(`card-step-${step ?? 'starting'}`, 'card-step-starting'),
    help: t(step === 'cancelling' ? 'card-cancelling-text' : 'card-going-text'),
  };
}

function paymentStanding(payment: CardPaymentView, texts: Pick<Texts, 't' | 'word'>): Standing {
  const { t, word } = texts;
  switch (payment.state) {
    case 'going':
      return goingStanding(payment, texts);
    case 'approved':
      if (payment.booked) return { headline: t('card-approved'), help: '' };
      return { headline: t('card-loose'), help: t(payment.here ? 'card-loose-here' : 'card-loose-text') };
    case 'refused':
      return {
        headline: word(`card-refused-${payment.why ?? 'other'}`, 'card-refused-other'),
        help: word(`card-refused-help-${payment.why ?? 'other'}`, 'card-refused-help-other'),
      };
    default:
      return { headline: t('card-unknown'), help: t('card-unknown-text') };
  }
}

function refundStanding(refund: CardPaymentView, texts: Pick<Texts, 't' | 'word'>): Standing {
  const { t, word } = texts;
  switch (refund.state) {
    case 'going':
      return goingStanding(refund, texts);
    case 'approved':
      return { headline: t('card-refund-approved'), help: '' };
    case 'refused': {
      const why = word(`card-refused-${refund.why ?? 'other'}`, 'card-refused-other');
      return { headline: t('card-refund-refused'), help: `${why} ${t('card-refund-refused-text')}` };
    }
    default:
      return { headline: t('card-refund-unknown'), help: t('card-refund-unknown-text') };
  }
}
