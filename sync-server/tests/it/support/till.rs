//! A till without a screen: it computes, chains, signs and pushes like a real one.

use std::sync::Arc;

use futures_util::StreamExt as _;
use rand_core::RngCore as _;
use reqwest::{Method, Response};
use serde_json::Value;
use shared::drawer::DrawerOpened;
use shared::ids::{
    ApprovalId, CartId, DrawerSessionId, ItemId, LineId, OrderId, RefundId, StaffId, TenantId, TenderId,
    TerminalId,
};
use shared::journal::{Chained, Event, Fact, GENESIS_HASH, Hash, SigningKey, chain};
use shared::order::{Order, OrderLine, TenderGiven, TenderKind, settle};
use shared::outlet::Outlet;
use shared::pricing::{PriceLine, price};
use shared::refund::{AlreadyRefunded, Refund, refund_lines};
use shared::wire::{
    EnrolResponse, Live, PROTOCOL_VERSION, PushRequest, PushResponse, header, path, request_bytes,
};
use shared::{BusinessDate, Clock, Money, Quantity, Timestamp, UnitPrice};
use sync_server::RunningServer;
use sync_server::seams::SystemRandom;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::Role;

use super::site::{Shop, Site, TestClock};

/// What a listening till hears.
pub struct News(WebSocketStream<reqwest::Upgraded>);

impl News {
    /// The next number; None when the wire ends.
    pub async fn next(&mut self) -> Option<u64> {
        loop {
            match tokio::time::timeout(std::time::Duration::from_secs(30), self.0.next()).await.unwrap()? {
                Ok(Message::Text(text)) => {
                    return Some(serde_json::from_str::<Live>(&text).unwrap().newest);
                }
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }
}

/// The fixed id of the n-th item.
pub fn item(n: u8) -> ItemId {
    ItemId::from_bytes([n; 16])
}

pub struct Till {
    pub tenant_id: TenantId,
    pub outlet: Outlet,
    pub terminal_id: TerminalId,
    pub number: u32,
    pub key: SigningKey,
    pub staff_id: StaffId,
    pub drawer_session_id: DrawerSessionId,
    pub epoch: u32,
    pub seq: u64,
    pub head: Hash,
    pub clock: Arc<TestClock>,
    base_url: String,
    http: reqwest::Client,
    receipts: u32,
}

impl Till {
    pub fn new_key() -> SigningKey {
        let mut secret = [0; 32];
        SystemRandom.fill_bytes(&mut secret);
        SigningKey::from_bytes(&secret)
    }

    pub fn new(site: &Site, shop: &Shop, outlet: Outlet, enrolled: &EnrolResponse, key: SigningKey) -> Self {
        let clock = site.clock.clone();
        Self {
            tenant_id: enrolled.tenant_id,
            outlet,
            terminal_id: enrolled.terminal_id,
            number: enrolled.terminal_number,
            key,
            staff_id: shop.staff_id,
            drawer_session_id: DrawerSessionId::new(&*clock, &mut SystemRandom),
            epoch: enrolled.epoch,
            seq: 0,
            head: GENESIS_HASH,
            clock,
            base_url: site.server().url(),
            http: site.http.clone(),
            receipts: 0,
        }
    }

    /// Points the till at a server that was started again.
    pub fn reconnect(&mut self, site: &Site) {
        self.base_url = site.server().url();
    }

    /// The same till once more, for pushing over two ways at once.
    pub fn twin(&self, site: &Site) -> Self {
        Self {
            tenant_id: self.tenant_id,
            outlet: self.outlet.clone(),
            terminal_id: self.terminal_id,
            number: self.number,
            key: self.key.clone(),
            staff_id: self.staff_id,
            drawer_session_id: self.drawer_session_id,
            epoch: self.epoch,
            seq: self.seq,
            head: self.head,
            clock: self.clock.clone(),
            base_url: site.server().url(),
            http: self.http.clone(),
            receipts: self.receipts,
        }
    }

    /// Points the till at another server of the same database.
    pub fn turn_to(&mut self, server: &RunningServer) {
        self.base_url = server.url();
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn date(&self) -> BusinessDate {
        BusinessDate::of(self.now(), &self.outlet.zone, self.outlet.day_cutoff_minutes)
    }

    fn next_receipt(&mut self) -> String {
        self.receipts += 1;
        format!("{}-T{}-{:06}", self.outlet.code, self.number, self.receipts)
    }

    /// Writes any event, known kind or not.
    pub fn write(&mut self, kind: &str, version: u16, payload: Value) -> Chained {
        self.seq += 1;
        let event = Event {
            tenant_id: self.tenant_id,
            outlet_id: self.outlet.outlet_id,
            terminal_id: self.terminal_id,
            epoch: self.epoch,
            seq: self.seq,
            kind: kind.to_owned(),
            version,
            occurred_at: self.now(),
            business_date: self.date(),
            staff_id: Some(self.staff_id),
            payload,
        };
        let chained = chain(event, self.head, &self.key).unwrap();
        self.head = chained.hash;
        chained
    }

    pub fn record(&mut self, fact: &Fact) -> Chained {
        self.write(fact.kind(), Fact::VERSION, fact.to_payload().unwrap())
    }

    /// Begins a new life of the journal.
    pub fn begin_epoch(&mut self, epoch: u32) {
        (self.epoch, self.seq, self.head) = (epoch, 0, GENESIS_HASH);
    }

    /// A sale of (item, price of one in the major unit, thousandths), paid in cash.
    pub fn order(&mut self, goods: &[(ItemId, &str, i64)]) -> Order {
        self.order_paid(goods, TenderKind::Cash)
    }

    pub fn order_paid(&mut self, goods: &[(ItemId, &str, i64)], kind: TenderKind) -> Order {
        let (clock, rng) = (self.clock.clone(), &mut SystemRandom);
        let rules = &self.outlet.rules;
        let tax_ids: Vec<_> = rules.taxes.iter().map(|tax| tax.tax_id).collect();
        let lines: Vec<PriceLine> = goods
            .iter()
            .map(|(_, unit_price, thousandths)| PriceLine {
                line_id: LineId::new(&*clock, rng),
                unit_price: unit_price.parse::<UnitPrice>().unwrap(),
                quantity: Quantity::from_thousandths(*thousandths),
                tax_ids: tax_ids.clone(),
                discount: None,
            })
            .collect();
        let priced = price(rules, &lines, None).unwrap();
        let given = match kind {
            TenderKind::Cash => priced.total.add(Money::new(50_000, rules.currency)).unwrap(),
            _ => priced.total,
        };
        let settled =
            settle(priced.total, &[TenderGiven { kind, given }], rules.cash_rounding.as_ref()).unwrap();
        let cart_id = CartId::new(&*clock, rng);
        let tenders = settled.tenders(|| TenderId::new(&*clock, rng));
        let lines =
            goods.iter().zip(lines).zip(priced.lines).map(|(((item_id, ..), line), figures)| OrderLine {
                item_id: *item_id,
                variant_id: None,
                sku: format!("SKU-{item_id}"),
                name: "Kopi susu".to_owned(),
                category_id: None,
                unit_price: line.unit_price,
                quantity: line.quantity,
                modifiers: vec![],
                note: None,
                discount: None,
                price_override: None,
                weighed: false,
                tax_ids: None,
                figures,
            });
        Order {
            order_id: OrderId::new(&*clock, rng),
            cart_id,
            lines: lines.collect(),
            outlet_id: self.outlet.outlet_id,
            terminal_id: self.terminal_id,
            drawer_session_id: self.drawer_session_id,
            staff_id: self.staff_id,
            staff_name: "Sari".to_owned(),
            occurred_at: self.now(),
            business_date: self.date(),
            currency: self.outlet.currency,
            digits: self.outlet.digits,
            price_book_version: self.outlet.price_book_version,
            order_discount: None,
            terms: None,
            promotion_uses: Vec::new(),
            note: Some("meja 4".to_owned()),
            subtotal: priced.subtotal,
            discount_total: priced.discount_total,
            service_charge: priced.service_charge,
            taxes: priced.taxes,
            tax_total: priced.tax_total,
            total: priced.total,
            cash_rounding: settled.cash_rounding,
            tenders,
            change_due: settled.change_due,
            receipt_number: self.next_receipt(),
        }
    }

    /// A simple sale, written.
    pub fn sell(&mut self) -> Chained {
        let order = self.order(&[(item(1), "18000", 1_000), (item(2), "12500", 2_000)]);
        self.record(&Fact::OrderCompleted(Box::new(order)))
    }

    /// A refund of the first line of `order`.
    pub fn refund(&mut self, order: &Order, thousandths: i64) -> Refund {
        let line = &order.lines[0];
        let chosen = [(line.figures.line_id, Quantity::from_thousandths(thousandths), true)];
        let lines = refund_lines(order, &chosen, |_| AlreadyRefunded::default()).unwrap();
        let total = Money::sum(order.currency, lines.iter().map(|line| line.amount)).unwrap();
        let tax_total = Money::sum(order.currency, lines.iter().map(|line| line.tax)).unwrap();
        Refund {
            refund_id: RefundId::new(&*self.clock, &mut SystemRandom),
            order_id: Some(order.order_id),
            order_receipt_number: Some(order.receipt_number.clone()),
            receipt_number: self.next_receipt(),
            outlet_id: self.outlet.outlet_id,
            terminal_id: self.terminal_id,
            drawer_session_id: self.drawer_session_id,
            staff_id: self.staff_id,
            staff_name: "Sari".to_owned(),
            occurred_at: self.now(),
            business_date: self.date(),
            currency: order.currency,
            digits: order.digits,
            lines,
            total,
            tax_total,
            cash_rounding: Money::zero(order.currency),
            tender: TenderKind::Card,
            amount: total,
            reason: "cold".to_owned(),
            approval_id: Some(ApprovalId::new(&*self.clock, &mut SystemRandom)),
        }
    }

    pub fn drawer_opened(&self) -> DrawerOpened {
        DrawerOpened {
            drawer_session_id: self.drawer_session_id,
            outlet_id: self.outlet.outlet_id,
            terminal_id: self.terminal_id,
            staff_id: self.staff_id,
            staff_name: "Sari".to_owned(),
            opened_at: self.now(),
            business_date: self.date(),
            opening_float: Money::new(500_000, self.outlet.currency),
        }
    }

    pub fn push_message(&self, events: &[Chained]) -> PushRequest {
        PushRequest { protocol: PROTOCOL_VERSION, epoch: self.epoch, events: events.to_vec() }
    }

    pub async fn push(&self, events: &[Chained]) -> Response {
        let json = serde_json::to_vec(&self.push_message(events)).unwrap();
        self.push_bytes(zstd::bulk::compress(&json, 3).unwrap(), true).await
    }

    /// A push that must be held.
    pub async fn push_held(&self, events: &[Chained]) -> PushResponse {
        let response = self.push(events).await;
        assert_eq!(response.status(), 200, "{}", response.text().await.unwrap());
        response.json().await.unwrap()
    }

    pub async fn push_bytes(&self, body: Vec<u8>, zstd: bool) -> Response {
        let mut request = self.signed(Method::POST, path::PUSH, body, self.now());
        if zstd {
            request = request.header("content-encoding", "zstd");
        }
        request.send().await.unwrap()
    }

    pub fn signed(
        &self,
        method: Method,
        path: &str,
        body: Vec<u8>,
        time: Timestamp,
    ) -> reqwest::RequestBuilder {
        let signature = self.key.sign(&request_bytes(method.as_str(), path, time, &body));
        self.http
            .request(method, format!("{}{path}", self.base_url))
            .header(header::TENANT, self.tenant_id.to_string())
            .header(header::TERMINAL, self.terminal_id.to_string())
            .header(header::TIME, time.as_millis())
            .header(header::PROTOCOL, PROTOCOL_VERSION)
            .header(header::SIGNATURE, signature.to_string())
            .body(body)
    }

    /// Opens the wire on which the server tells of news.
    pub async fn listen(&self) -> Result<News, Response> {
        let request = self.signed(Method::GET, path::LIVE, Vec::new(), self.now());
        let response = request
            .header("connection", "upgrade")
            .header("upgrade", "websocket")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
            .send()
            .await
            .unwrap();
        if response.status() != 101 {
            return Err(response);
        }
        assert_eq!(response.headers()["sec-websocket-accept"], "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        let upgraded = response.upgrade().await.unwrap();
        Ok(News(WebSocketStream::from_raw_socket(upgraded, Role::Client, None).await))
    }

    pub async fn pull_response(&self, cursor: Option<&str>) -> Response {
        let path =
            cursor.map_or_else(|| path::PULL.to_owned(), |cursor| format!("{}?cursor={cursor}", path::PULL));
        self.signed(Method::GET, &path, Vec::new(), self.now()).send().await.unwrap()
    }

    pub async fn pull(&self, cursor: Option<&str>) -> shared::wire::PullResponse {
        let response = self.pull_response(cursor).await;
        assert_eq!(response.status(), 200);
        response.json().await.unwrap()
    }
}
