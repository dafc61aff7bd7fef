//! By what a cart is priced at a moment.

use std::sync::Arc;

use rusqlite::Connection;
use shared::cart::{Cart, CartLine, CartTerms};
use shared::outlet::Outlet;
use shared::pricing::{
    CashRounding, Computed, PriceBook, PriceLine, PricedOrder, PricingError, ReadyBook, Sale, SaleLine,
    SaleTerms,
};
use shared::{BusinessDate, Timestamp};

use crate::context::{Context, Done};
use crate::store::allowances::Left;

/// The price book in force at a moment, and what the till knows beside it.
#[derive(Debug, Clone)]
pub(crate) struct Prices {
    pub(crate) outlet: Arc<Outlet>,
    pub(crate) book: Arc<ReadyBook>,
    at: Timestamp,
    left: Left,
}

impl Prices {
    /// Those of now.
    ///
    /// # Errors
    /// When the outlet is not loaded or the store cannot be read.
    pub(crate) fn now(db: &Connection, ctx: &Context<'_>) -> Done<Self> {
        Self::at(db, ctx, ctx.clock.now())
    }

    /// Those of a moment.
    ///
    /// # Errors
    /// As [`Self::now`].
    pub(crate) fn at(db: &Connection, ctx: &Context<'_>, at: Timestamp) -> Done<Self> {
        let outlet = ctx.outlet(db)?;
        let book = ctx.book(db, &outlet, at)?;
        let left = if book.offers().shared_limits {
            let date = BusinessDate::of(at, &outlet.zone, outlet.day_cutoff_minutes);
            Left::on(db, book.book(), date)?
        } else {
            Left::default()
        };
        Ok(Self { outlet, book, at, left })
    }

    /// The cart with every figure.
    ///
    /// # Errors
    /// See [`PricingError`].
    pub(crate) fn of(&self, cart: &Cart) -> Result<Computed, PricingError> {
        let lines: Result<Vec<SaleLine>, _> = cart.lines().map(CartLine::to_sale_line).collect();
        let (lines, terms) = (lines?, self.terms(cart));
        self.book.price(&Sale { lines: &lines, order_discount: cart.order_discount(), terms: &terms })
    }

    /// One line of a cart by itself, without the discount on the order.
    ///
    /// # Errors
    /// See [`PricingError`].
    pub(super) fn of_line(&self, cart: &Cart, line: &CartLine) -> Result<Computed, PricingError> {
        let (line, terms) = (line.to_sale_line()?, self.terms(cart));
        self.book.price(&Sale { lines: std::slice::from_ref(&line), order_discount: None, terms: &terms })
    }

    /// What goods come to that are given back by themselves: by the taxes of the book alone, since service and promotions were
    /// for the sale.
    ///
    /// # Errors
    /// See [`PricingError`].
    pub(crate) fn of_goods_back(&self, lines: Vec<PriceLine>) -> Result<PricedOrder, PricingError> {
        let book = PriceBook {
            service_charge: None,
            promotions: Vec::new(),
            price_lists: Vec::new(),
            ..self.book.book().clone()
        };
        let lines: Vec<SaleLine> = lines.into_iter().map(SaleLine::plain).collect();
        let terms = CartTerms::default().at(self.at, &self.outlet, Vec::new());
        let sale = Sale { lines: &lines, order_discount: None, terms: &terms };
        ReadyBook::new(book)?.price(&sale).map(|computed| computed.order)
    }

    /// Where, when and to whom the cart is sold.
    pub(crate) fn terms(&self, cart: &Cart) -> SaleTerms {
        let allowances = self.left.allowances(self.book.book(), cart.terms().customer_id);
        cart.terms().at(self.at, &self.outlet, allowances)
    }

    /// The terms as the sale keeps them: only where a figure can depend on them.
    pub(crate) fn terms_to_keep(&self, cart: &Cart) -> Option<SaleTerms> {
        (self.book.book().is_timed() || !cart.terms().is_usual()).then(|| self.terms(cart))
    }

    /// The coupon that a code is, as it is printed, however it was typed.
    pub(super) fn coupon(&self, code: &str) -> Option<String> {
        let mut coupons = self.book.book().promotions.iter().flat_map(|promotion| &promotion.coupons);
        let coupon = coupons.find(|coupon| coupon.code.eq_ignore_ascii_case(code.trim()));
        coupon.map(|coupon| coupon.code.clone())
    }

    /// How cash is rounded.
    pub(crate) fn cash_rounding(&self) -> Option<&CashRounding> {
        self.book.book().cash_rounding.as_ref()
    }
}
