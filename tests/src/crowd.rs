//! Tills without screens or stores: each computes, chains and signs sales as a real one does, and sends them over a
//! connection of its own. For measuring the server with more tills than this machine could run.

mod wire;

use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use rand_core::RngCore as _;
use shared::ids::TerminalId;
use shared::ids::{CartId, DrawerSessionId, ItemId, LineId, OrderId, OutletId, StaffId, TenantId, TenderId};
use shared::journal::{Chained, Event, Fact, GENESIS_HASH, Hash, SigningKey, chain};
use shared::order::{Order, OrderLine, TenderGiven, TenderKind, settle};
use shared::outlet::Outlet;
use shared::pricing::{PriceLine, price};
use shared::wire::{EnrolRequest, EnrolResponse, PROTOCOL_VERSION, PushRequest, PushResponse, header, path};
use shared::{BusinessDate, Clock as _, Quantity, UnitPrice};
use sync_server::seams::{SystemClock, SystemRandom};

pub use wire::{Answer, Wire};

/// A till without a screen.
pub struct Teller {
    /// The business.
    pub tenant_id: TenantId,
    /// Where it stands.
    pub outlet: Arc<Outlet>,
    /// The till.
    pub terminal_id: TerminalId,
    key: SigningKey,
    staff_id: StaffId,
    drawer_session_id: DrawerSessionId,
    epoch: u32,
    /// The last event written.
    pub seq: u64,
    head: Hash,
    receipts: u32,
    number: u32,
    takings: i64,
}

/// A push ready to be sent, and what must be acknowledged.
pub struct Parcel {
    /// The whole request as it goes over the wire.
    pub request: Vec<u8>,
    /// How many events.
    pub events: usize,
    /// The bytes of the events' canonical forms.
    pub bytes: usize,
    /// The last event.
    pub last_seq: u64,
    /// Its hash.
    pub last_hash: Hash,
}

impl Parcel {
    /// Whether an answer says that the server holds all of it.
    ///
    /// # Errors
    /// What it says instead.
    pub fn check(&self, answer: &Answer) -> Result<()> {
        ensure!(answer.status == 200, "{}: {}", answer.status, String::from_utf8_lossy(&answer.body));
        let held: PushResponse = serde_json::from_slice(&answer.body)?;
        ensure!(held.acked_seq >= self.last_seq, "acknowledged {}, sent {}", held.acked_seq, self.last_seq);
        ensure!(held.acked_seq > self.last_seq || held.acked_hash == Some(self.last_hash), "another hash");
        Ok(())
    }
}

impl Teller {
    /// A till with a new key, not known to any server yet.
    pub fn new(tenant_id: TenantId, outlet: Arc<Outlet>, terminal_id: TerminalId) -> Self {
        let mut secret = [0; 32];
        SystemRandom.fill_bytes(&mut secret);
        Self {
            tenant_id,
            outlet,
            terminal_id,
            key: SigningKey::from_bytes(&secret),
            staff_id: StaffId::new(&SystemClock, &mut SystemRandom),
            drawer_session_id: DrawerSessionId::new(&SystemClock, &mut SystemRandom),
            epoch: 1,
            seq: 0,
            head: GENESIS_HASH,
            receipts: 0,
            number: 9,
            takings: 0,
        }
    }

    /// Enrols a till with a pairing code; `outlet` makes the settings of the outlet that the code is for.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn enrol(url: &str, code: &str, outlet: impl FnOnce(OutletId) -> Outlet) -> Result<Self> {
        let mut secret = [0; 32];
        SystemRandom.fill_bytes(&mut secret);
        let key = SigningKey::from_bytes(&secret);
        let request = EnrolRequest {
            protocol: PROTOCOL_VERSION,
            pairing_code: code.to_owned(),
            public_key: key.public_key(),
            device_name: "Teller".to_owned(),
        };
        let answer =
            reqwest::Client::new().post(format!("{url}{}", path::ENROL)).json(&request).send().await?;
        let enrolled: EnrolResponse = answer.error_for_status()?.json().await?;
        let outlet = Arc::new(outlet(enrolled.outlet_id));
        Ok(Self { key, epoch: enrolled.epoch, ..Self::new(enrolled.tenant_id, outlet, enrolled.terminal_id) })
    }

    /// The public half of its key, as a server keeps it.
    pub fn public_key(&self) -> String {
        self.key.public_key().to_string()
    }

    /// Its number in the outlet begins its receipt numbers.
    #[must_use]
    pub fn numbered(mut self, number: u32) -> Self {
        self.number = number;
        self
    }

    /// What all sales so far came to, in minor units.
    pub fn takings(&self) -> i64 {
        self.takings
    }

    /// Sells `lines` things and writes the sale into the journal.
    ///
    /// # Errors
    /// Never for these prices.
    pub fn sell(&mut self, lines: usize) -> Result<Chained> {
        let order = self.order(lines)?;
        let fact = Fact::OrderCompleted(Box::new(order));
        self.seq += 1;
        let now = SystemClock.now();
        let event = Event {
            tenant_id: self.tenant_id,
            outlet_id: self.outlet.outlet_id,
            terminal_id: self.terminal_id,
            epoch: self.epoch,
            seq: self.seq,
            kind: fact.kind().to_owned(),
            version: Fact::VERSION,
            occurred_at: now,
            business_date: BusinessDate::of(now, &self.outlet.zone, self.outlet.day_cutoff_minutes),
            staff_id: Some(self.staff_id),
            payload: fact.to_payload()?,
        };
        let chained = chain(event, self.head, &self.key)?;
        self.head = chained.hash;
        Ok(chained)
    }

    fn order(&mut self, lines: usize) -> Result<Order> {
        let (clock, rng) = (&SystemClock, &mut SystemRandom);
        let rules = &self.outlet.rules;
        let goods: Vec<(usize, PriceLine)> = (0..lines)
            .map(|place| {
                let item = usize::try_from(rng.next_u32() % 200).unwrap_or(0) + place * 200;
                let unit_price: UnitPrice = format!("{}.{:02}", 1 + item % 40, item % 100).parse()?;
                let quantity = Quantity::from_thousandths(1_000 * i64::from(1 + rng.next_u32() % 3));
                let tax_ids = rules.taxes.iter().map(|tax| tax.tax_id).collect();
                let line_id = LineId::new(clock, rng);
                Ok((item, PriceLine { line_id, unit_price, quantity, tax_ids, discount: None }))
            })
            .collect::<Result<_>>()?;
        let priced_lines: Vec<PriceLine> = goods.iter().map(|(_, line)| line.clone()).collect();
        let priced = price(rules, &priced_lines, None)?;
        let given = TenderGiven { kind: TenderKind::Card, given: priced.total };
        let settled = settle(priced.total, &[given], rules.cash_rounding.as_ref())?;
        let tenders = settled.tenders(|| TenderId::new(clock, rng));
        let lines = goods.into_iter().zip(priced.lines).map(|((item, line), figures)| OrderLine {
            item_id: item_id(item),
            variant_id: None,
            sku: format!("SKU-{item:05}"),
            name: format!("Thing number {item} of the shelf"),
            category_id: None,
            unit_price: line.unit_price,
            quantity: line.quantity,
            modifiers: Vec::new(),
            note: None,
            discount: None,
            price_override: None,
            weighed: false,
            tax_ids: None,
            figures,
        });
        self.receipts += 1;
        self.takings += priced.total.minor();
        let now = clock.now();
        Ok(Order {
            order_id: OrderId::new(clock, rng),
            cart_id: CartId::new(clock, rng),
            lines: lines.collect(),
            outlet_id: self.outlet.outlet_id,
            terminal_id: self.terminal_id,
            drawer_session_id: self.drawer_session_id,
            staff_id: self.staff_id,
            staff_name: "Manager".to_owned(),
            occurred_at: now,
            business_date: BusinessDate::of(now, &self.outlet.zone, self.outlet.day_cutoff_minutes),
            currency: self.outlet.currency,
            digits: self.outlet.digits,
            price_book_version: self.outlet.price_book_version,
            order_discount: None,
            terms: None,
            promotion_uses: Vec::new(),
            note: None,
            subtotal: priced.subtotal,
            discount_total: priced.discount_total,
            service_charge: priced.service_charge,
            taxes: priced.taxes,
            tax_total: priced.tax_total,
            total: priced.total,
            cash_rounding: settled.cash_rounding,
            tenders,
            change_due: settled.change_due,
            receipt_number: format!("{}-T{}-{:06}", self.outlet.code, self.number, self.receipts),
        })
    }

    /// Packs events into a signed request, compressed as a till does it.
    ///
    /// # Errors
    /// When there are no events, or they cannot be packed.
    pub fn parcel(&self, events: Vec<Chained>) -> Result<Parcel> {
        let last = events.last().context("nothing to send")?;
        let (last_seq, last_hash, count) = (last.event.seq, last.hash, events.len());
        let push = PushRequest { protocol: PROTOCOL_VERSION, epoch: self.epoch, events };
        let json = serde_json::to_vec(&push)?;
        let body = zstd::bulk::compress(&json, 3)?;
        let time = SystemClock.now();
        let signature = self.key.sign(&shared::wire::request_bytes("POST", path::PUSH, time, &body));
        let mut request = format!(
            "POST {} HTTP/1.1\r\nhost: kedai\r\n{}: {}\r\n{}: {}\r\n{}: {}\r\n{}: {PROTOCOL_VERSION}\r\n{}: {signature}\r\n\
             content-type: application/json\r\ncontent-encoding: zstd\r\ncontent-length: {}\r\n\r\n",
            path::PUSH,
            header::TENANT,
            self.tenant_id,
            header::TERMINAL,
            self.terminal_id,
            header::TIME,
            time.as_millis(),
            header::PROTOCOL,
            header::SIGNATURE,
            body.len(),
        )
        .into_bytes();
        request.extend_from_slice(&body);
        Ok(Parcel { request, events: count, bytes: json.len(), last_seq, last_hash })
    }

    /// Sells `sales` times and packs them, `batch` to a push.
    ///
    /// # Errors
    /// As [`Teller::sell`] and [`Teller::parcel`].
    pub fn parcels(&mut self, sales: usize, batch: usize, lines: usize) -> Result<Vec<Parcel>> {
        let mut parcels = Vec::with_capacity(sales.div_ceil(batch));
        let mut left = sales;
        while left > 0 {
            let count = left.min(batch);
            let events = (0..count).map(|_| self.sell(lines)).collect::<Result<Vec<_>>>()?;
            parcels.push(self.parcel(events)?);
            left -= count;
        }
        Ok(parcels)
    }
}

/// The fixed id of the n-th thing.
fn item_id(n: usize) -> ItemId {
    let mut bytes = [7_u8; 16];
    bytes[8..].copy_from_slice(&u64::try_from(n).unwrap_or(0).to_be_bytes());
    ItemId::from_bytes(bytes)
}
