//! Completing a sale: checked first, then one transaction for everything it leaves behind.

use shared::cart::{Cart, CartLine};
use shared::ids::{CartId, OrderId, TaxId, TenderId};
use shared::journal::Fact;
use shared::money::Quantity;
use shared::order::{Order, OrderLine, Settlement, TenderKind, settle};
use shared::pricing::{Computed, PricedLine};
use shared::staff::Permission;

use crate::cards;
use crate::context::{CommandError, Context, Done, Moment};
use crate::history;
use crate::journal;
use crate::peripherals;
use crate::register::{self, Prices};
use crate::staff::require;
use crate::store::disk::FREE_SPACE_FLOOR_BYTES;
use crate::store::people::SignedIn;
use crate::store::print_jobs::{self, NewPrintJob, PrintKind};
use crate::store::stock::Moved;
use crate::store::{Store, StoreError, Tx, allowances, carts, drawer_sessions, orders, stock};
use crate::views::{Code, PayInput, PrintState, ReceiptView};

/// Completes the sale of this window's cart: order, journal event, movements of goods, print job and the settled cart in
/// one transaction. Paying the same cart again gives the same receipt.
///
/// # Errors
/// `cart_changed`, `cart_empty`, `drawer_closed`, `tender_missing`, `tender_overpaid`, `card_unsettled`, `invalid` about
/// `card_payments`, `disk_full`; `store_failed` only after the order was looked up again and is not there.
pub fn pay(store: &mut Store, ctx: &mut Context<'_>, input: PayInput) -> Done<ReceiptView> {
    let who = require(store.db(), ctx, Permission::Sell)?;
    if let Some(order_id) = orders::of_cart(store.db(), input.cart_id)? {
        return history::receipt(store.db(), ctx, order_id);
    }
    let outlet = ctx.outlet(store.db())?;
    // The instant of the sale is that of its prices: a happy hour that ends in between ends for all of it.
    let moment = ctx.moment(&outlet, Some(who.staff_id));
    let prices = Prices::at(store.db(), ctx, moment.at)?;
    check_room(store, ctx)?;
    let changed = |message| CommandError::new(Code::CartChanged, message);
    let active = register::active(store, ctx)?.ok_or_else(|| changed("there is no cart in this window"))?;
    let cart = &active.open.cart;
    let item_count = cart.item_count();
    let made = check(store, &prices, cart, &input).and_then(|(priced, settlement, session)| {
        let mut order = order_of(ctx, &prices, &who, moment, cart, priced, settlement)?;
        order.drawer_session_id = session;
        cards::count(store.db(), &mut order, &input.card_payments)?;
        Ok(order)
    });
    let mut order = match made {
        Ok(order) => order,
        Err(error) => {
            store.open_carts.put(active.open);
            return Err(error);
        }
    };
    let prefix = ctx.number_prefix(&outlet);
    let written = store.write(|tx| {
        cards::book(tx, &order)?;
        write(tx, ctx, &moment, &mut order, &prefix, item_count)
    });
    let print = match written {
        Ok(print) => print,
        Err(error) => return after_doubt(store, ctx, input.cart_id, error),
    };
    store.open_carts.settle(active.open);
    let text = crate::receipts::text(&crate::receipts::order(&outlet, &order, false));
    Ok(ReceiptView { order, text, print, refunded: Vec::new(), refunds: Vec::new() })
}

/// The disk must have room for the sale before anyone takes out a purse.
pub(crate) fn check_room(store: &Store, ctx: &Context<'_>) -> Done<()> {
    match ctx.disk.free_bytes(store.dir()) {
        Ok(free) if free < FREE_SPACE_FLOOR_BYTES => {
            Err(CommandError::new(Code::DiskFull, format!("only {free} bytes are left on the disk")))
        }
        Ok(_) => Ok(()),
        Err(error) => {
            // A file system that does not say is no reason to stop selling.
            tracing::warn!(%error, "the free space of the data folder cannot be read");
            Ok(())
        }
    }
}

type Checked = (Computed, Settlement, shared::ids::DrawerSessionId);

fn check(store: &Store, prices: &Prices, cart: &Cart, input: &PayInput) -> Done<Checked> {
    if cart.cart_id() != input.cart_id {
        return Err(CommandError::new(Code::CartChanged, "another cart is in this window"));
    }
    if cart.is_empty() {
        return Err(CommandError::new(Code::CartEmpty, "the cart is empty"));
    }
    let priced = prices.of(cart)?;
    let total = priced.order.total;
    if total != input.total {
        let message = format!("the total is {total}, not {} as shown", input.total);
        return Err(CommandError::new(Code::CartChanged, message));
    }
    let session = drawer_sessions::current(store.db())?
        .ok_or_else(|| CommandError::new(Code::DrawerClosed, "no drawer is open"))?;
    let settlement = settle(total, &input.tenders, prices.cash_rounding())?;
    Ok((priced, settlement, session.drawer_session_id))
}

/// The sale, complete but for its number and drawer session.
fn order_of(
    ctx: &mut Context<'_>,
    prices: &Prices,
    who: &SignedIn,
    moment: Moment,
    cart: &Cart,
    computed: Computed,
    settlement: Settlement,
) -> Done<Order> {
    let tenders = settlement.tenders(|| TenderId::new(ctx.clock, ctx.rng));
    let (priced, outlet) = (computed.order, &prices.outlet);
    let lines: Done<Vec<OrderLine>> = cart
        .lines()
        .zip(priced.lines)
        .map(|(line, figures)| {
            Ok(OrderLine {
                item_id: line.item_id,
                variant_id: line.variant_id,
                sku: line.sku.clone(),
                name: line.name.clone(),
                category_id: line.category_id,
                unit_price: CartLine::unit_price(line)?,
                quantity: line.quantity,
                modifiers: line.modifiers.clone(),
                note: line.note.clone(),
                discount: line.discount,
                price_override: line.price_override.clone(),
                weighed: line.weighed,
                tax_ids: uncounted(line, &figures),
                figures,
            })
        })
        .collect();
    Ok(Order {
        order_id: OrderId::new(ctx.clock, ctx.rng),
        cart_id: cart.cart_id(),
        receipt_number: String::new(),
        outlet_id: ctx.device.outlet_id,
        terminal_id: ctx.device.terminal_id,
        drawer_session_id: shared::ids::DrawerSessionId::from_bytes([0; 16]),
        staff_id: who.staff_id,
        staff_name: who.name.clone(),
        occurred_at: moment.at,
        business_date: moment.business_date,
        currency: outlet.currency,
        digits: outlet.digits,
        price_book_version: prices.book.book().version,
        order_discount: cart.order_discount(),
        terms: prices.terms_to_keep(cart),
        promotion_uses: computed.uses,
        note: cart.note().map(str::to_owned),
        lines: lines?,
        subtotal: priced.subtotal,
        discount_total: priced.discount_total,
        service_charge: priced.service_charge,
        taxes: priced.taxes,
        tax_total: priced.tax_total,
        total: priced.total,
        cash_rounding: settlement.cash_rounding,
        tenders,
        change_due: settlement.change_due,
    })
}

/// The taxes of a line, when its figures do not name just these.
fn uncounted(line: &CartLine, figures: &PricedLine) -> Option<Vec<TaxId>> {
    let counted = figures.taxes.iter().map(|tax| tax.tax_id);
    (!counted.eq(line.tax_ids.iter().copied())).then(|| line.tax_ids.clone())
}

/// Everything a sale leaves behind. The receipt's number is taken here, so that an aborted sale leaves no gap.
fn write(
    tx: &Tx<'_>,
    ctx: &mut Context<'_>,
    moment: &Moment,
    order: &mut Order,
    prefix: &str,
    item_count: u32,
) -> Done<Option<PrintState>> {
    let counter = orders::next_receipt_counter(tx)?;
    order.receipt_number = format!("{prefix}-{counter:06}");
    let fact = Fact::OrderCompleted(Box::new(order.clone()));
    let journal_key = journal::append(tx, ctx.device, moment, &fact)?;
    let job = NewPrintJob {
        kind: PrintKind::Order,
        subject_id: Some(&order.order_id.to_string()),
        body: None,
        title: &order.receipt_number,
        copy: false,
        open_drawer: order.tenders.iter().any(|tender| tender.kind == TenderKind::Cash),
    };
    let print_job_id = print_jobs::enqueue(tx, ctx.clock, ctx.rng, job)?;
    orders::insert(tx, counter, order, item_count, journal_key, print_job_id)?;
    peripherals::queue_tickets(tx, ctx.clock, ctx.rng, order)?;
    let moved: Result<Vec<Moved>, StoreError> = order
        .lines
        .iter()
        .map(|line| {
            let quantity = Quantity::ZERO
                .sub(line.quantity)
                .map_err(|error| StoreError::contradiction("a quantity", error))?;
            Ok(Moved { item_id: line.item_id, variant_id: line.variant_id, quantity })
        })
        .collect();
    stock::insert(tx, journal_key, "sold", None, &moved?)?;
    let customer_id = order.terms.as_ref().and_then(|terms| terms.customer_id);
    allowances::spend(tx, moment.business_date, &order.promotion_uses, customer_id)?;
    carts::complete(tx, order.cart_id, order.order_id)?;
    Ok(print_job_id.map(|_| PrintState::Waiting))
}

/// An error of the commit does not say that it did not happen: the order is looked up by its cart before anything is said.
fn after_doubt(
    store: &mut Store,
    ctx: &mut Context<'_>,
    cart_id: CartId,
    error: CommandError,
) -> Done<ReceiptView> {
    match orders::of_cart(store.db(), cart_id)? {
        Some(order_id) => {
            tracing::error!(%error, %order_id, "the commit of a sale was answered with an error, but it happened");
            history::receipt(store.db(), ctx, order_id)
        }
        None => Err(error),
    }
}
