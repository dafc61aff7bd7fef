//! What is sold, and the cart.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use shared::cart::CartTerms;
use shared::catalogue::{Category, Item, ModifierGroup, Unit, Variant};
use shared::clock::Timestamp;
use shared::ids::{CartId, CategoryId, CustomerId, ItemId, LineId, ModifierId, PictureId, VariantId};
use shared::money::{Money, Quantity, UnitPrice};
use shared::order::LineModifier;
use shared::pricing::sale::Withheld;
use shared::pricing::{AppliedPromotion, Channel, Discount, TaxAmount};

use super::ApprovalInput;

view! {
    /// Asking for tiles.
    GridInput {
        /// The category; None is the first.
        category_id: Option<CategoryId>,
    }

    /// Categories and the tiles of one of them.
    GridView {
        /// All categories, in order.
        categories: Vec<Category>,
        /// The one shown.
        category_id: Option<CategoryId>,
        /// Its tiles, in order, at most 200.
        tiles: Vec<Tile>,
    }

    /// An item on the grid or in the search.
    Tile {
        /// The item.
        item_id: ItemId,
        /// Its name.
        name: String,
        /// The business's code.
        sku: String,
        /// Its price; None is asked at the till or differs by variant.
        price: Option<Money>,
        /// The lowest price of its variants, when it has any.
        price_from: Option<Money>,
        /// The colour of its category's bar.
        color: String,
        /// Its picture.
        picture_id: Option<PictureId>,
        /// How it is counted.
        unit: Unit,
        /// Whether a choice, price or weight must be given before it is in the cart.
        asks: bool,
        /// Whether it can be sold now.
        available: bool,
    }

    /// Searching by name, code or barcode.
    SearchInput {
        /// What was typed.
        query: String,
    }

    /// What was found, at most 200.
    SearchView {
        /// The tiles.
        tiles: Vec<Tile>,
        /// Whether there are more.
        more: bool,
    }

    /// Asking for an item.
    ItemInput {
        /// The item.
        item_id: ItemId,
    }

    /// An item with its choices.
    ItemView {
        /// The item.
        item: Item,
        /// Prices of one unit as money, by variant; the first without a variant.
        price: Option<Money>,
        /// Its variants with prices as money.
        variants: Vec<VariantView>,
        /// Its choices with prices as money.
        groups: Vec<ModifierGroup>,
    }

    /// A variant with its price.
    VariantView {
        /// The variant.
        variant: Variant,
        /// Price of one unit.
        price: Money,
    }

    /// Asking for a picture.
    PictureInput {
        /// The picture.
        picture_id: PictureId,
    }

    /// A picture as a `data:` URL.
    PictureView {
        /// For `<img src>`.
        data_url: String,
    }

    /// A scanned or typed code.
    ScanInput {
        /// The code.
        code: String,
        /// How many; one unless given.
        quantity: Option<Quantity>,
    }

    /// Adding an item.
    AddItemInput {
        /// The item.
        item_id: ItemId,
        /// Its variant.
        variant_id: Option<VariantId>,
        /// The choices; one that is taken twice stands twice.
        modifiers: Vec<ModifierId>,
        /// How many; one unless given.
        quantity: Option<Quantity>,
        /// The price for an item of open price, or one that replaces its own (needs the permission or `approval`).
        price: Option<UnitPrice>,
        /// Why the price is replaced.
        price_reason: Option<String>,
        /// Stand on a line of its own even when an equal line is there.
        separate: bool,
        /// The quantity is what lies on the scale, less this packaging in grams: refused unless it is so at this moment.
        scale_tare_g: Option<u32>,
        /// A manager's leave.
        approval: Option<ApprovalInput>,
    }

    /// Changing a line's quantity.
    QuantityInput {
        /// The line.
        line_id: LineId,
        /// The new quantity; zero removes the line.
        quantity: Quantity,
    }

    /// Naming a line.
    LineInput {
        /// The line.
        line_id: LineId,
    }

    /// Setting a note.
    NoteInput {
        /// The line; None is the order.
        line_id: Option<LineId>,
        /// The note; None clears it.
        note: Option<String>,
    }

    /// Setting a discount.
    DiscountInput {
        /// The line; None is the order.
        line_id: Option<LineId>,
        /// The discount; None clears it.
        discount: Option<Discount>,
        /// A manager's leave.
        approval: Option<ApprovalInput>,
    }

    /// Replacing a line's price.
    PriceInput {
        /// The line.
        line_id: LineId,
        /// The new price of one unit.
        price: UnitPrice,
        /// Why.
        reason: String,
        /// A manager's leave.
        approval: Option<ApprovalInput>,
    }

    /// Saying through which door a cart goes, to whom, and with which codes.
    TermsInput {
        /// What holds from now on, all of it.
        terms: CartTerms,
        /// A manager's leave, which an exemption from tax needs.
        approval: Option<ApprovalInput>,
    }

    /// Giving a cart up.
    VoidInput {
        /// Why.
        reason: String,
        /// A manager's leave.
        approval: Option<ApprovalInput>,
    }

    /// Suspending a cart.
    HoldInput {
        /// What it is called; the time of day unless given.
        label: Option<String>,
    }

    /// Taking a held cart up again.
    RecallInput {
        /// The cart.
        cart_id: CartId,
    }

    /// The cart with every figure.
    CartView {
        /// The cart; None when nothing was rung up yet.
        cart_id: Option<CartId>,
        /// The lines, oldest first.
        lines: Vec<CartLineView>,
        /// The line that was added or changed last.
        last_line_id: Option<LineId>,
        /// Pieces in all.
        item_count: u32,
        /// Sum of the lines before discounts.
        subtotal: Option<Money>,
        /// All discounts (not negative).
        discount_total: Option<Money>,
        /// The service charge.
        service_charge: Option<Money>,
        /// The taxes by tax.
        taxes: Vec<TaxAmount>,
        /// What is due.
        total: Option<Money>,
        /// The discount on the order.
        order_discount: Option<Discount>,
        /// The note on the order.
        note: Option<String>,
        /// Through which door it goes, to whom, and with which codes.
        terms: CartTerms,
        /// Whom it is for, when the business knows them.
        customer: Option<CartCustomer>,
        /// What prices here depend on, so that there is something to ask.
        offers: CartOffers,
        /// Promotions that fit and are not given.
        withheld: Vec<WithheldView>,
        /// Codes that unlock nothing.
        idle_coupons: Vec<String>,
        /// Whether the last step can be taken back.
        can_undo: bool,
        /// How many carts are held.
        held_count: u32,
    }

    /// What prices depend on at this outlet now.
    CartOffers {
        /// The doors that make a difference, the counter first; none when no door does.
        channels: Vec<Channel>,
        /// Segments and tiers of customers that have prices or promotions of their own.
        segments: Vec<String>,
        /// Whether there are codes to show.
        coupons: bool,
        /// Whether the business knows any customers.
        customers: bool,
    }

    /// Whom a cart is for.
    CartCustomer {
        /// The customer.
        customer_id: CustomerId,
        /// What they are called; None once they were forgotten.
        name: Option<String>,
    }

    /// Looking for customers.
    CustomersInput {
        /// A card's code, the end of a telephone number or a part of the name.
        query: String,
    }

    /// A customer who was found.
    CustomerFound {
        /// The customer.
        customer_id: CustomerId,
        /// What they are called.
        name: String,
        /// The last digits of their telephone number.
        phone_end: Option<String>,
        /// The segments and tiers that they are in.
        segments: Vec<String>,
    }

    /// Customers who were found, by name.
    CustomersView {
        /// The customers, at most 30.
        customers: Vec<CustomerFound>,
        /// Whether there are more.
        more: bool,
    }

    /// Saying whom the cart is for.
    CustomerInput {
        /// The customer; None is nobody known.
        customer_id: Option<CustomerId>,
        /// A manager's leave, which somebody who pays no tax needs.
        approval: Option<ApprovalInput>,
    }

    /// A promotion that fits and is not given.
    WithheldView {
        /// Its name.
        name: String,
        /// Why.
        why: Withheld,
    }

    /// A line of the cart.
    CartLineView {
        /// The line.
        line_id: LineId,
        /// The item.
        item_id: ItemId,
        /// The name, variant in it.
        name: String,
        /// The choices.
        modifiers: Vec<LineModifier>,
        /// How many.
        quantity: Quantity,
        /// How it is counted.
        unit: Unit,
        /// Price of one unit, choices in it.
        unit_price: Money,
        /// The price list that it comes from, when it is not the item's own.
        listed: Option<String>,
        /// Whether the price was replaced.
        overridden: bool,
        /// Before discounts.
        gross: Money,
        /// The line's own discount.
        line_discount: Money,
        /// What promotions took off, and why.
        promotions: Vec<AppliedPromotion>,
        /// After its own discount and promotions.
        amount: Money,
        /// The discount by hand.
        discount: Option<Discount>,
        /// The note.
        note: Option<String>,
    }

    /// A held cart.
    HeldCart {
        /// The cart.
        cart_id: CartId,
        /// What it is called.
        label: String,
        /// Since when.
        held_at: Timestamp,
        /// Pieces in it.
        item_count: u32,
        /// What is due.
        total: Money,
        /// By whom.
        staff_name: String,
    }

    /// The held carts, oldest first.
    HeldView {
        /// The carts.
        carts: Vec<HeldCart>,
    }
}

impl CartView {
    /// No cart at all.
    pub fn nothing() -> Self {
        Self {
            cart_id: None,
            lines: Vec::new(),
            last_line_id: None,
            item_count: 0,
            subtotal: None,
            discount_total: None,
            service_charge: None,
            taxes: Vec::new(),
            total: None,
            order_discount: None,
            note: None,
            terms: CartTerms::default(),
            customer: None,
            offers: CartOffers {
                channels: Vec::new(),
                segments: Vec::new(),
                coupons: false,
                customers: false,
            },
            withheld: Vec::new(),
            idle_coupons: Vec::new(),
            can_undo: false,
            held_count: 0,
        }
    }
}
