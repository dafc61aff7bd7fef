//! What the screens get and give: one input and one output type for every command.
//!
//! The screens show these figures; they never add. Money crosses as `"<minor units> <currency>"`, quantities and prices as
//! decimal text, times as milliseconds UTC. TypeScript types are generated from here into `ui/src/api/bindings/`.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use shared::catalogue::{Category, Item, ModifierGroup, Unit, Variant};
use shared::clock::{BusinessDate, Timestamp};
use shared::drawer::{CashMovementKind, DrawerClosed, DrawerReport};
use shared::ids::{
    CartId, CategoryId, DrawerSessionId, ItemId, LineId, ModifierId, OrderId, OutletId, PictureId,
    PrintJobId, RefundId, StaffId, TerminalId, VariantId,
};
use shared::journal::payload::StockReason;
use shared::money::{CurrencyCode, Money, Quantity, UnitPrice};
use shared::order::{LineModifier, Order, TenderGiven, TenderKind};
use shared::pricing::{Discount, TaxAmount};
use shared::refund::Refund;
use shared::staff::{Permission, Role};

macro_rules! view {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident : $type:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
        pub struct $name { $($(#[$field_doc])* pub $field: $type,)* }
    )*};
}

/// Where the terminal is on its way to selling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// First start: it belongs to no outlet yet.
    NeedsEnrolment,
    /// It belongs, and loads the catalogue for the first time.
    Loading,
    /// Nobody is signed in here.
    SignedOut,
    /// Someone is signed in.
    SignedIn,
}

/// How a print job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PrintState {
    /// Waits in the queue.
    Waiting,
    /// Is being sent.
    Printing,
    /// The printer said that it is printed.
    Printed,
    /// The printer stopped answering on the way: it may be on paper; printing again is marked COPY.
    Unknown,
    /// Too old to print by itself.
    Expired,
    /// Given up by a person.
    Dropped,
}

/// Whether the server answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Link {
    /// The last exchange went well.
    Online,
    /// The last exchange failed; the till sells on.
    Offline,
}

view! {
    /// Nothing is asked.
    Nothing {}

    /// What the till is and who is at it.
    AppState {
        /// Where it is on its way to selling.
        stage: Stage,
        /// The version of the program.
        version: String,
        /// The outlet, once enrolled and loaded.
        outlet: Option<OutletView>,
        /// The terminal, once enrolled.
        terminal: Option<TerminalView>,
        /// Who is signed in at this window.
        staff: Option<StaffView>,
        /// What they may do.
        permissions: Vec<Permission>,
        /// The open drawer session.
        drawer: Option<DrawerView>,
        /// The cart of this window.
        cart: CartView,
        /// How the exchange with the server stands.
        sync: SyncView,
        /// How printing stands.
        printing: PrintingView,
        /// This terminal's settings.
        settings: Settings,
        /// While loading: rows had and rows in all.
        loading: Option<Progress>,
    }

    /// How far a long step is.
    Progress {
        /// Done.
        #[ts(as = "f64")]
        done: u64,
        /// In all.
        #[ts(as = "f64")]
        total: u64,
    }

    /// The outlet as the screens need it.
    OutletView {
        /// The outlet.
        outlet_id: OutletId,
        /// Its name.
        name: String,
        /// The business.
        tenant_name: String,
        /// Its code.
        code: String,
        /// Its currency.
        currency: CurrencyCode,
        /// Decimals of the minor unit in use.
        digits: u8,
        /// Its language.
        locale: String,
        /// Its time zone.
        zone: String,
        /// Notes that customers commonly hand over, ascending.
        notes: Vec<Money>,
        /// The means of payment taken, cash first.
        tenders: Vec<TenderKind>,
    }

    /// The terminal.
    TerminalView {
        /// The terminal.
        terminal_id: TerminalId,
        /// Its name in the outlet, `T3`.
        name: String,
        /// The server's address.
        server_url: String,
    }

    /// A person on the sign-in screen.
    StaffView {
        /// The person.
        staff_id: StaffId,
        /// Their name.
        name: String,
        /// What they are.
        role: Role,
    }

    /// An open drawer.
    DrawerView {
        /// The drawer session.
        drawer_session_id: DrawerSessionId,
        /// Since when.
        opened_at: Timestamp,
        /// By whom.
        staff_name: String,
        /// The day of business.
        business_date: BusinessDate,
    }

    /// How the exchange with the server stands.
    SyncView {
        /// Whether the server answers.
        link: Link,
        /// Events that wait.
        #[ts(as = "f64")]
        waiting: u64,
        /// When the oldest of them was made.
        oldest_at: Option<Timestamp>,
        /// The last good exchange.
        last_ok_at: Option<Timestamp>,
        /// The last error, a closed word for translation (see `sync-error-*` texts).
        error: Option<String>,
        /// More on the error, for the details page.
        error_detail: Option<String>,
        /// The journal's last number.
        #[ts(as = "f64")]
        last_seq: u64,
        /// The last number that the server holds.
        #[ts(as = "f64")]
        acked_seq: u64,
        /// How far this clock is off the server's, in milliseconds, when it is more than two minutes.
        #[ts(as = "Option<f64>")]
        clock_off_ms: Option<i64>,
        /// What a person at this terminal should see.
        notices: Vec<NoticeView>,
    }

    /// Something the server wants a person to see.
    NoticeView {
        /// A closed word for translation (`notice-*` texts).
        code: String,
        /// What it is about, such as a receipt number.
        subject: String,
        /// When.
        occurred_at: Timestamp,
    }

    /// How printing stands.
    PrintingView {
        /// Whether a receipt printer is set up.
        configured: bool,
        /// Jobs that wait.
        waiting: u32,
        /// Jobs whose outcome is not known.
        unknown: u32,
        /// Why the last attempt failed, a closed word (`printer-error-*` texts): `offline`, `paper_out`, `cover_open`, `unreachable`, `interrupted`.
        error: Option<String>,
    }

    /// A job of the print queue.
    PrintJobView {
        /// The job.
        print_job_id: PrintJobId,
        /// What it prints: a receipt number, `X`, `Z 12`.
        title: String,
        /// When it was queued.
        created_at: Timestamp,
        /// How it stands.
        state: PrintState,
        /// Attempts so far.
        attempts: u32,
        /// Why the last attempt failed.
        error: Option<String>,
    }

    /// This terminal's settings.
    Settings {
        /// The language of the screens; None is the outlet's.
        locale: Option<String>,
        /// `day`, `night` or `contrast`.
        theme: String,
        /// Size of the screens in percent (80–200).
        scale_percent: u16,
        /// Whether the cart stands left.
        mirrored: bool,
        /// The printer, such as `tcp://192.168.1.50:9100`; None is none.
        printer: Option<String>,
        /// The most milliseconds between two keys of a scanner.
        scan_gap_ms: u16,
    }

    /// Joining an outlet.
    EnrolInput {
        /// The server's address, such as `https://kedai.example`.
        server_url: String,
        /// The one-time code from the back office.
        pairing_code: String,
        /// What the device is called.
        device_name: String,
    }

    /// Signing in.
    SignInInput {
        /// Who.
        staff_id: StaffId,
        /// Their PIN.
        pin: String,
    }

    /// A manager's leave for a step above the cashier's role.
    ApprovalInput {
        /// Who gives it.
        staff_id: StaffId,
        /// Their PIN.
        pin: String,
    }

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
        /// Whether the last step can be taken back.
        can_undo: bool,
        /// How many carts are held.
        held_count: u32,
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
        /// Whether the price was replaced.
        overridden: bool,
        /// Before discounts.
        gross: Money,
        /// The line's own discount.
        line_discount: Money,
        /// After its own discount.
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

    /// What a tender would come to.
    QuoteInput {
        /// The tenders so far; empty asks for what is due.
        tenders: Vec<TenderGiven>,
    }

    /// What is due and what the tenders come to.
    QuoteView {
        /// What is due before cash rounding.
        total: Money,
        /// What would be paid in cash for what is left after the other tenders.
        cash_due: Money,
        /// The rounding in it.
        cash_rounding: Money,
        /// What is still to be paid (zero when settled).
        missing: Money,
        /// What is given back.
        change_due: Money,
        /// Whether the tenders settle the order.
        settled: bool,
        /// Notes that make sense for what is due in cash, ascending, the exact amount not among them.
        quick_notes: Vec<Money>,
    }

    /// Paying.
    PayInput {
        /// The cart that is shown, so that a second tap cannot pay another one.
        cart_id: CartId,
        /// The total that is shown: refused when it is another one.
        total: Money,
        /// The tenders.
        tenders: Vec<TenderGiven>,
    }

    /// A completed sale as shown.
    ReceiptView {
        /// The order.
        order: Order,
        /// The receipt as text, as wide as the printer.
        text: String,
        /// How printing stands; None without a printer.
        print: Option<PrintState>,
        /// Units given back so far, by line.
        refunded: Vec<RefundedLine>,
        /// Refunds of it.
        refunds: Vec<Refund>,
    }

    /// Units given back so far of a line.
    RefundedLine {
        /// The line.
        line_id: LineId,
        /// How many.
        quantity: Quantity,
    }

    /// Looking for orders of this terminal.
    OrdersInput {
        /// Part of a receipt number, an amount or an item's name; empty is all.
        query: String,
        /// Before this order, for the next page.
        before: Option<OrderId>,
    }

    /// Orders, newest first, at most 50.
    OrdersView {
        /// The orders.
        orders: Vec<OrderSummary>,
        /// Whether there are more.
        more: bool,
    }

    /// An order in a list.
    OrderSummary {
        /// The order.
        order_id: OrderId,
        /// Its number.
        receipt_number: String,
        /// When.
        occurred_at: Timestamp,
        /// By whom.
        staff_name: String,
        /// Pieces in it.
        item_count: u32,
        /// What was due.
        total: Money,
        /// How it was paid.
        tenders: Vec<TenderKind>,
        /// What was given back so far.
        refunded: Money,
        /// Whether the server holds it.
        synced: bool,
        /// How printing stands; None without a printer.
        print: Option<PrintState>,
    }

    /// Naming an order.
    OrderInput {
        /// The order.
        order_id: OrderId,
    }

    /// Naming an order by its receipt number or the code on it.
    FindOrderInput {
        /// A receipt number or the text of the receipt's QR code.
        code: String,
    }

    /// Units chosen to be given back.
    RefundChoice {
        /// The line.
        line_id: LineId,
        /// How many.
        quantity: Quantity,
        /// Whether the goods go back on the shelf.
        restock: bool,
    }

    /// Giving money back for an order.
    RefundInput {
        /// The order.
        order_id: OrderId,
        /// What comes back.
        lines: Vec<RefundChoice>,
        /// By which means.
        tender: TenderKind,
        /// Why.
        reason: String,
        /// A manager's leave.
        approval: Option<ApprovalInput>,
    }

    /// What giving back would come to.
    RefundQuoteView {
        /// The sum of the lines.
        total: Money,
        /// Rounding of cash.
        cash_rounding: Money,
        /// What is given back.
        amount: Money,
    }

    /// An item given back without a receipt.
    LooseRefundLine {
        /// The item.
        item_id: ItemId,
        /// Its variant.
        variant_id: Option<VariantId>,
        /// How many.
        quantity: Quantity,
        /// Price of one unit; its present price unless given.
        unit_price: Option<UnitPrice>,
        /// Whether the goods go back on the shelf.
        restock: bool,
    }

    /// Giving money back without a receipt.
    LooseRefundInput {
        /// What comes back.
        lines: Vec<LooseRefundLine>,
        /// By which means.
        tender: TenderKind,
        /// Why.
        reason: String,
        /// A manager's leave.
        approval: Option<ApprovalInput>,
    }

    /// A refund as shown.
    RefundView {
        /// The refund.
        refund: Refund,
        /// Its receipt as text.
        text: String,
        /// How printing stands.
        print: Option<PrintState>,
    }

    /// Opening a drawer.
    OpenDrawerInput {
        /// What is in it.
        opening_float: Money,
    }

    /// Moving drawer cash.
    MoveCashInput {
        /// What it is.
        kind: CashMovementKind,
        /// How much.
        amount: Money,
        /// Why.
        reason: String,
        /// A manager's leave.
        approval: Option<ApprovalInput>,
    }

    /// Opening the drawer without a sale.
    KickInput {
        /// Why.
        reason: String,
        /// A manager's leave.
        approval: Option<ApprovalInput>,
    }

    /// Counting a drawer.
    CloseDrawerInput {
        /// What was counted in all.
        counted_cash: Money,
        /// (value of one piece in minor units, pieces), when counted so.
        #[ts(as = "Vec<(f64, u32)>")]
        denominations: Vec<(i64, u32)>,
        /// A word on the difference.
        note: Option<String>,
    }

    /// An X report.
    ReportView {
        /// The figures.
        report: DrawerReport,
        /// As text, as wide as the printer.
        text: String,
    }

    /// A Z report.
    ClosedView {
        /// The figures and the count.
        closed: DrawerClosed,
        /// As text, as wide as the printer.
        text: String,
        /// How printing stands.
        print: Option<PrintState>,
    }

    /// The print queue, newest first.
    PrintJobsView {
        /// The jobs.
        jobs: Vec<PrintJobView>,
    }

    /// Naming a print job.
    PrintJobInput {
        /// The job.
        print_job_id: PrintJobId,
    }

    /// Items for the back office.
    ItemsInput {
        /// Part of a name, code or barcode; empty is all.
        query: String,
        /// Rows to skip.
        offset: u32,
    }

    /// Items for the back office, at most 100.
    ItemsView {
        /// The items.
        items: Vec<ItemRow>,
        /// How many there are in all.
        total: u32,
    }

    /// An item in the back office.
    ItemRow {
        /// The item.
        item_id: ItemId,
        /// The business's code.
        sku: String,
        /// Its name.
        name: String,
        /// Its shelf.
        category: Option<String>,
        /// Its price.
        price: Option<Money>,
        /// How it is counted.
        unit: Unit,
        /// Its codes.
        barcodes: Vec<String>,
        /// Whether it can be sold now.
        available: bool,
    }

    /// Asking the server to change an item.
    EditItemInput {
        /// The item.
        item_id: ItemId,
        /// A new name.
        name: Option<String>,
        /// Whether it can be sold now.
        available: Option<bool>,
        /// A new price of one unit; a request, the server decides.
        unit_price: Option<UnitPrice>,
    }

    /// Events that wait and what the server last said, for the sync page.
    SyncDetailView {
        /// The state.
        sync: SyncView,
        /// The first events that wait, oldest first, at most 50.
        waiting: Vec<WaitingEvent>,
        /// When the feed was last read to its end.
        pulled_at: Option<Timestamp>,
        /// Items held.
        items: u32,
        /// The data folder's free space in MiB.
        #[ts(as = "f64")]
        free_mib: u64,
    }

    /// An event that waits.
    WaitingEvent {
        /// Its number.
        #[ts(as = "f64")]
        seq: u64,
        /// Its kind.
        kind: String,
        /// When.
        occurred_at: Timestamp,
        /// What it is about, such as a receipt number.
        subject: String,
    }

    /// The people who may sign in here, by name.
    StaffListView {
        /// The people.
        staff: Vec<StaffView>,
    }

    /// Moving goods by hand.
    MoveStockInput {
        /// Why.
        reason: StockReason,
        /// A word on it.
        note: String,
        /// What moved; below zero left the shelf.
        lines: Vec<MoveStockLine>,
        /// A manager's leave.
        approval: Option<ApprovalInput>,
    }

    /// Goods of one item that moved.
    MoveStockLine {
        /// The item.
        item_id: ItemId,
        /// Its variant.
        variant_id: Option<VariantId>,
        /// How many.
        quantity: Quantity,
    }

    /// Asking for a refund by id.
    RefundIdInput {
        /// The refund.
        refund_id: RefundId,
    }

    /// An error as the screens get it: the code decides the reaction, the text is chosen by `error-<code>`.
    CommandErrorView {
        /// One of the closed codes.
        code: Code,
        /// For the log and for support, in English.
        message: String,
        /// More by code: `{"retry_at": …}` for `pin_locked`, `{"permission": …}` for `approval_needed`, `{"line_id": …}`, `{"total": …}`.
        details: ErrorDetails,
    }

    /// What an error says more; each only with its code.
    ErrorDetails {
        /// `pin_locked`: when to try again.
        retry_at: Option<Timestamp>,
        /// `approval_needed`, `not_allowed`: the permission.
        permission: Option<Permission>,
        /// What was wrong, for `invalid`.
        reason: Option<String>,
        /// The code that was scanned, for `unknown_code`; the item for `choice_needed`.
        subject: Option<String>,
    }

    /// Something changed; the screens ask again for what they show. Also says what changed.
    Changed {
        /// `app`, `sync`, `printing`, `catalogue`, `cart`, `loading`.
        what: Vec<String>,
    }
}

/// The closed list of errors, one for each reaction of the screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// The input could not be read or is out of bounds.
    Invalid,
    /// What was named is not there.
    NotFound,
    /// The scanned code belongs to no item.
    UnknownCode,
    /// The item needs a choice, a weight or a price first.
    ChoiceNeeded,
    /// Nobody is signed in here.
    NotSignedIn,
    /// The PIN is wrong.
    PinWrong,
    /// Too many wrong PINs; wait.
    PinLocked,
    /// The role may not do it, and a manager's leave is needed.
    ApprovalNeeded,
    /// The role may not do it.
    NotAllowed,
    /// No drawer is open.
    DrawerClosed,
    /// A drawer is open already.
    DrawerOpen,
    /// The cart is empty.
    CartEmpty,
    /// The cart or its total is not the one that was shown.
    CartChanged,
    /// The tenders do not settle the order.
    TenderMissing,
    /// Only cash gives change.
    TenderOverpaid,
    /// More than what is left to be given back.
    RefundTooMuch,
    /// A figure is beyond range.
    OutOfRange,
    /// The disk is nearly full: refused before payment starts.
    DiskFull,
    /// The store failed; the outcome of a payment was looked up again before this was said.
    StoreFailed,
    /// No printer is set up.
    NoPrinter,
    /// The server could not be reached.
    ServerUnreachable,
    /// The server's certificate is not to be trusted.
    ServerUntrusted,
    /// The server answered something that is not its protocol.
    ServerGarbled,
    /// The pairing code is unknown, used or out of date.
    PairingInvalid,
    /// The server speaks another version of the protocol.
    ProtocolUnsupported,
    /// The terminal belongs to an outlet already.
    AlreadyEnrolled,
    /// The terminal belongs to no outlet yet.
    NotEnrolled,
    /// There is no such command.
    UnknownCommand,
    /// A fault of ours; it is in the log.
    Internal,
}

impl Changed {
    /// Every word there is: for a listener that missed some.
    pub fn everything() -> Self {
        Self::of(&["app", "sync", "printing", "catalogue", "cart", "loading"])
    }

    /// These words.
    pub fn of(what: &[&str]) -> Self {
        Self { what: what.iter().map(|word| (*word).to_owned()).collect() }
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
            can_undo: false,
            held_count: 0,
        }
    }
}
