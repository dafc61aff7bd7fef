//! Card payments from the journal into their table: every fact once, also when a till that took a new epoch says it again.

use sha2::{Digest as _, Sha256};
use shared::Money;
use shared::ids::{ApprovalId, CardPaymentId, OrderId, RefundId};
use shared::journal::payload::{
    CardPaymentGivenBack, CardPaymentKind, CardPaymentRefunded, CardPaymentSettledByHand, CardPaymentUnsold,
};

use crate::database::{DatabaseError, Tx, word};
use crate::sync::apply::{Applied, Context, reason};

/// What a row says beside where and when.
struct CardFact<'a> {
    fact: &'static str,
    card_payment_id: CardPaymentId,
    kind: CardPaymentKind,
    reverses: Option<CardPaymentId>,
    order_id: Option<OrderId>,
    refund_id: Option<RefundId>,
    reader: Option<&'a str>,
    amount: Money,
    /// None is not known yet.
    moved: Option<Money>,
    reason: Option<&'a str>,
    approval_id: Option<ApprovalId>,
}

impl<'a> CardFact<'a> {
    /// What every fact says.
    fn of(
        fact: &'static str,
        kind: CardPaymentKind,
        card_payment_id: CardPaymentId,
        amount: Money,
    ) -> CardFact<'a> {
        CardFact {
            fact,
            card_payment_id,
            kind,
            reverses: None,
            order_id: None,
            refund_id: None,
            reader: None,
            amount,
            moved: None,
            reason: None,
            approval_id: None,
        }
    }
}

/// What the reader took was in no sale when its cart was voided or its drawer was closed.
///
/// # Errors
/// A failed statement.
pub async fn unsold(
    tx: &mut Tx,
    context: &Context<'_>,
    unsold: &CardPaymentUnsold,
) -> Result<Applied, DatabaseError> {
    let said = CardFact::of("unsold", CardPaymentKind::Payment, unsold.card_payment_id, unsold.amount);
    let fact = CardFact { reader: Some(&unsold.reader), moved: Some(unsold.amount), ..said };
    insert(tx, context, &fact).await
}

/// The reader was asked to give a payment back that became no sale.
///
/// # Errors
/// A failed statement.
pub async fn given_back(
    tx: &mut Tx,
    context: &Context<'_>,
    given_back: &CardPaymentGivenBack,
) -> Result<Applied, DatabaseError> {
    let id = given_back.refund_card_payment_id;
    let fact = CardFact {
        reverses: Some(given_back.card_payment_id),
        reader: Some(&given_back.reader),
        approval_id: given_back.approval_id,
        ..CardFact::of("given_back", CardPaymentKind::Refund, id, given_back.amount)
    };
    insert(tx, context, &fact).await
}

/// How giving back ended, of such a payment or of goods.
///
/// # Errors
/// A failed statement.
pub async fn refunded(
    tx: &mut Tx,
    context: &Context<'_>,
    refunded: &CardPaymentRefunded,
) -> Result<Applied, DatabaseError> {
    let nothing = Money::zero(refunded.amount.currency());
    let fact = CardFact {
        reverses: refunded.reverses,
        refund_id: refunded.refund_id,
        moved: Some(refunded.approved.unwrap_or(nothing)),
        ..CardFact::of("refunded", CardPaymentKind::Refund, refunded.card_payment_id, refunded.amount)
    };
    insert(tx, context, &fact).await
}

/// A manager said how a payment or refund ended.
///
/// # Errors
/// A failed statement.
pub async fn settled_by_hand(
    tx: &mut Tx,
    context: &Context<'_>,
    settled: &CardPaymentSettledByHand,
) -> Result<Applied, DatabaseError> {
    let nothing = Money::zero(settled.amount.currency());
    let fact = CardFact {
        reverses: settled.reverses,
        order_id: settled.order_id,
        refund_id: settled.refund_id,
        reader: Some(&settled.reader),
        moved: Some(if settled.money_moved { settled.amount } else { nothing }),
        reason: Some(&settled.reason),
        approval_id: settled.approval_id,
        ..CardFact::of("settled_by_hand", settled.kind, settled.card_payment_id, settled.amount)
    };
    insert(tx, context, &fact).await
}

async fn insert(tx: &mut Tx, context: &Context<'_>, fact: &CardFact<'_>) -> Result<Applied, DatabaseError> {
    if fact.moved.is_some_and(|moved| moved.currency() != fact.amount.currency()) {
        return Ok(Applied::Parked(reason::MIXED_CURRENCIES));
    }
    let event = context.event;
    sqlx::query(
        "INSERT INTO card_payments (tenant_id, fact_id, fact, outlet_id, terminal_id, card_payment_id, kind, reverses, \
         order_id, refund_id, reader, currency, amount, moved, reason, approval_id, staff_id, occurred_at, business_date) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) \
         ON CONFLICT (tenant_id, fact_id) DO NOTHING",
    )
    .bind(context.tenant.to_string())
    .bind(id_of(context))
    .bind(fact.fact)
    .bind(event.outlet_id.to_string())
    .bind(event.terminal_id.to_string())
    .bind(fact.card_payment_id.to_string())
    .bind(word(fact.kind))
    .bind(fact.reverses.map(|id| id.to_string()))
    .bind(fact.order_id.map(|id| id.to_string()))
    .bind(fact.refund_id.map(|id| id.to_string()))
    .bind(fact.reader)
    .bind(fact.amount.currency().to_string())
    .bind(fact.amount.minor())
    .bind(fact.moved.map(Money::minor))
    .bind(fact.reason)
    .bind(fact.approval_id.map(|id| id.to_string()))
    .bind(event.staff_id.map(|id| id.to_string()))
    .bind(event.occurred_at.as_millis())
    .bind(event.business_date.to_string())
    .execute(&mut **tx)
    .await?;
    Ok(Applied::Done)
}

/// The same for the same fact, whatever its place in the journal.
fn id_of(context: &Context<'_>) -> String {
    let event = context.event;
    let text = format!("{}\n{}\n{}", event.terminal_id, event.kind, event.payload);
    hex::encode(&Sha256::digest(text.as_bytes())[..16])
}
