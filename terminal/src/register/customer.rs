//! Whom a cart is for: with a customer come their segments and the taxes that they do not pay.

use rusqlite::Connection;
use shared::cart::{CartOperation as Op, CartTerms};
use shared::customer::Customer;
use shared::staff::Permission;

use super::change::{Step, change};
use super::own_leave;
use crate::context::{CommandError, Context, Done};
use crate::staff::{Leave, leave, require};
use crate::store::{Store, customers};
use crate::views::{CartCustomer, CartView, CustomerFound, CustomerInput, CustomersInput, CustomersView};

/// The most customers that a search shows.
const MOST_FOUND: u32 = 30;
/// Less is typed by nobody who looks for somebody.
const LEAST_CHARS: usize = 2;
/// Of a telephone number so many digits are shown: enough to ask for.
const PHONE_END: usize = 4;

/// Customers by card, end of the telephone number or part of the name.
///
/// # Errors
/// `not_signed_in`, `not_allowed`.
pub fn find(db: &Connection, ctx: &Context<'_>, input: CustomersInput) -> Done<CustomersView> {
    require(db, ctx, Permission::Sell)?;
    let typed = input.query.trim();
    if typed.chars().count() < LEAST_CHARS {
        return Ok(CustomersView { customers: Vec::new(), more: false });
    }
    let mut found = customers::find(db, typed, MOST_FOUND + 1)?;
    let more = found.len() > usize::try_from(MOST_FOUND).unwrap_or(usize::MAX);
    if more {
        found.pop();
    }
    let found = found.into_iter().map(|customer| CustomerFound {
        customer_id: customer.customer_id,
        name: customer.name,
        phone_end: customer.phone.map(|phone| {
            let from = phone.len().saturating_sub(PHONE_END);
            phone.get(from..).unwrap_or_default().to_owned()
        }),
        segments: customer.segments,
    });
    Ok(CustomersView { customers: found.collect(), more })
}

/// Says whom this window's cart is for.
///
/// # Errors
/// `not_found` for somebody who is not known here, `approval_needed` for somebody who pays no tax: without their card it is the
/// cashier's word alone that it is they.
pub fn set_customer(store: &mut Store, ctx: &mut Context<'_>, input: CustomerInput) -> Done<CartView> {
    let own = own_leave(store.db(), ctx)?;
    let unknown = || CommandError::not_found("there is no such customer");
    let known = |id| customers::get(store.db(), id)?.ok_or_else(unknown);
    let customer = input.customer_id.map(known).transpose()?;
    let is_exempt = customer.as_ref().is_some_and(|customer| customer.exemption.is_some());
    let leave = if is_exempt { leave(store, ctx, Permission::PriceOverride, input.approval)? } else { own };
    sell_to(store, ctx, &leave, customer)
}

/// Says whom this window's cart is for.
pub(super) fn sell_to(
    store: &mut Store,
    ctx: &mut Context<'_>,
    leave: &Leave,
    customer: Option<Customer>,
) -> Done<CartView> {
    change(store, ctx, leave, |cart| {
        let line = cart.lines().last().map(|line| line.line_id);
        let terms = terms_for(cart.terms().clone(), customer);
        Ok(Step::one(Op::SetTerms(Box::new(terms)), line))
    })
}

fn terms_for(terms: CartTerms, customer: Option<Customer>) -> CartTerms {
    match customer {
        Some(Customer { customer_id, segments, exemption, .. }) => {
            CartTerms { customer_id: Some(customer_id), segments, exemption, ..terms }
        }
        None if terms.customer_id.is_some() => {
            CartTerms { customer_id: None, segments: Vec::new(), exemption: None, ..terms }
        }
        None => terms,
    }
}

/// Whom the cart is for, as the screen names them; without a name once they were forgotten.
pub(super) fn shown(db: &Connection, terms: &CartTerms) -> Done<Option<CartCustomer>> {
    let Some(customer_id) = terms.customer_id else { return Ok(None) };
    let known = customers::get(db, customer_id)?;
    Ok(Some(CartCustomer { customer_id, name: known.map(|customer| customer.name) }))
}
