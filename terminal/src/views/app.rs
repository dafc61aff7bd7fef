//! The till itself: what it is, who is at it, its settings.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use shared::clock::{BusinessDate, Timestamp};
use shared::ids::{DrawerSessionId, OutletId, StaffId, TerminalId};
use shared::money::{CurrencyCode, Money};
use shared::order::TenderKind;
use shared::staff::{Permission, Role};

use super::CartView;

/// Where the terminal is on its way to selling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// It belongs to an outlet, but its store cannot be used: a person decides.
    NeedsRescue,
    /// First start: it belongs to no outlet yet.
    NeedsEnrolment,
    /// It belongs, and loads the catalogue for the first time.
    Loading,
    /// Nobody is signed in here.
    SignedOut,
    /// Someone is signed in.
    SignedIn,
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
        /// Why the store cannot be used, in the stage `needs_rescue`.
        rescue: Option<RescueView>,
    }

    /// An enrolled terminal whose store cannot be used.
    RescueView {
        /// `missing`, `empty`, `foreign` or `damaged`.
        found: String,
        /// The terminal's name in the outlet, `T3`.
        terminal: String,
        /// The data folder.
        folder: String,
    }

    /// What was exported.
    RescueExportView {
        /// The file.
        file: String,
        /// Events in it.
        #[ts(as = "f64")]
        events: u64,
        /// Events that could not be read or do not hold.
        #[ts(as = "f64")]
        damaged: u64,
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
        /// The name of the printer that said so, where there are several.
        printer: Option<String>,
        /// Since when the cash drawer stands open, once that is too long.
        drawer_open_since: Option<Timestamp>,
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

    /// The people who may sign in here, by name.
    StaffListView {
        /// The people.
        staff: Vec<StaffView>,
    }

    /// Something changed; the screens ask again for what they show. Also says what changed.
    Changed {
        /// What.
        what: Vec<ChangedWord>,
    }
}

macro_rules! words {
    ($($(#[$doc:meta])* $word:ident)*) => {
        /// What may have changed; screens ask again for what they show of it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
        #[serde(rename_all = "snake_case")]
        pub enum ChangedWord { $($(#[$doc])* $word,)* }

        impl ChangedWord {
            /// Every word there is.
            pub const ALL: [Self; [$(stringify!($word)),*].len()] = [$(Self::$word),*];
        }
    };
}
words! {
    /// The till itself: who is at it, its settings, its drawer.
    App
    /// What is sent and fetched.
    Sync
    /// Print jobs and printers.
    Printing
    /// Items, prices, people.
    Catalogue
    /// Carts that are open or held.
    Cart
    /// How far the first catalogue is.
    Loading
    /// Devices on the counter.
    Counter
    /// What lies on the scale.
    Scale
    /// A scanner read a code.
    Scan
    /// Payments at the card reader.
    Card
    /// What the customer sees.
    Customer
}

impl Changed {
    /// Every word there is: for a listener that missed some.
    pub fn everything() -> Self {
        Self::of(&ChangedWord::ALL)
    }

    /// These words.
    pub fn of(what: &[ChangedWord]) -> Self {
        Self { what: what.to_vec() }
    }
}
