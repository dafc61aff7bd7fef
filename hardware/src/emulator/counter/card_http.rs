//! Card readers behind HTTP without a bank: an Adyen terminal (its envelope too) and Stripe's server, at one port.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Device;
use crate::card::adyen::crypto::SharedKey;

/// What is done with the next payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Verdict {
    /// Approves it at once.
    #[default]
    Approve,
    /// Approves less, in the minor unit.
    ApprovePart(u64),
    /// Declines it.
    Decline,
    /// Waits until [`CardHttpDevice::decide`] or until it is called off.
    Wait,
    /// Approves it and never says so: the answer is lost.
    ApproveAndVanish,
    /// Is busy with another till.
    Busy,
}

/// A payment as the provider knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The amount approved, in the minor unit; 0 for one that was not.
    pub minor: u64,
    /// What was asked.
    pub asked: u64,
    /// `approved`, `declined`, `cancelled` or `open`.
    pub state: &'static str,
    /// What was given back of it.
    pub refunded: u64,
}

/// Both providers.
#[derive(Debug, Default)]
pub struct CardHttpDevice {
    /// What is done with the next payments.
    pub verdict: Verdict,
    /// Payments by the till's name of them (service id or idempotency key).
    pub taken: BTreeMap<String, Taken>,
    /// What came of refunds, by the till's name of them: the amount, or None for no.
    pub given_back: BTreeMap<String, Option<u64>>,
    /// Requests that named a payment it knew already.
    pub repeated: u32,
    /// The key shared with the till; None speaks plainly, as the cloud does.
    pub key: Option<SharedKey>,
    /// The connection that speaks, and what it has sent so far.
    connection: u64,
    received: BTreeMap<u64, Vec<u8>>,
    /// A payment that waits for a hand: its connection, name and header.
    waiting: Option<(u64, String, Value)>,
    nonces: u64,
    /// The connection whose answer is lost.
    vanished: Option<u64>,
}

impl CardHttpDevice {
    /// Whether a payment waits for a hand, and of how much.
    pub fn waiting(&self) -> Option<u64> {
        let open = self.taken.values().find(|taken| taken.state == "open");
        open.map(|taken| taken.asked)
    }

    /// The hand at the reader.
    pub fn decide(&mut self, approve: bool) {
        for taken in self.taken.values_mut().filter(|taken| taken.state == "open") {
            settle(taken, approve);
        }
    }

    /// What was approved in all.
    pub fn sum_minor(&self) -> u64 {
        self.taken.values().map(|taken| taken.minor).sum()
    }

    fn begin(&mut self, name: &str, asked: u64) -> &Taken {
        if self.taken.contains_key(name) {
            self.repeated += 1;
        } else {
            let mut taken = Taken { minor: 0, asked, state: "open", refunded: 0 };
            match self.verdict {
                Verdict::Approve | Verdict::ApproveAndVanish => settle(&mut taken, true),
                Verdict::ApprovePart(minor) => {
                    settle(&mut taken, true);
                    taken.minor = minor;
                }
                Verdict::Decline => settle(&mut taken, false),
                Verdict::Wait | Verdict::Busy => {}
            }
            self.vanished = (self.verdict == Verdict::ApproveAndVanish).then_some(self.connection);
            self.taken.insert(name.to_owned(), taken);
        }
        &self.taken[name]
    }

    /// Gives back once under one name, and never more than was paid.
    fn give_back(&mut self, name: &str, of: &str, amount: u64) -> Option<u64> {
        if let Some(given) = self.given_back.get(name) {
            self.repeated += 1;
            return *given;
        }
        let paid = self.taken.get_mut(of).filter(|taken| taken.refunded + amount <= taken.minor);
        let given = paid.map(|taken| {
            taken.refunded += amount;
            amount
        });
        self.given_back.insert(name.to_owned(), given);
        self.vanished = (self.verdict == Verdict::ApproveAndVanish).then_some(self.connection);
        given
    }

    // Adyen

    fn nexo(&mut self, body: &Value) -> Option<Value> {
        let plain = match &self.key {
            None => body.clone(),
            Some(key) => serde_json::from_str(&key.open(body).ok()?).ok()?,
        };
        let request = plain.get("SaleToPOIRequest")?;
        let header = request.get("MessageHeader")?.clone();
        let service = header.get("ServiceID")?.as_str()?.to_owned();
        let response = if let Some(payment) = request.get("PaymentRequest") {
            if self.verdict == Verdict::Busy {
                json!({ "PaymentResponse": { "Response": { "Result": "Failure", "ErrorCondition": "Busy" } } })
            } else {
                let amount = payment.pointer("/PaymentTransaction/AmountsReq/RequestedAmount")?;
                let asked = minor(&amount.to_string())?;
                let taken = self.begin(&service, asked).clone();
                if taken.state == "open" {
                    self.waiting = Some((self.connection, service, header));
                    return None;
                }
                json!({ "PaymentResponse": payment_of(&service, &taken) })
            }
        } else if let Some(status) = request.get("TransactionStatusRequest")
            && status.pointer("/MessageReference/MessageCategory").is_some_and(|of| of == "Reversal")
        {
            let name = status.pointer("/MessageReference/ServiceID")?.as_str()?;
            match self.given_back.get(name) {
                None => json!({ "TransactionStatusResponse": {
                    "Response": { "Result": "Failure", "ErrorCondition": "NotFound" } } }),
                Some(given) => json!({ "TransactionStatusResponse": {
                    "Response": { "Result": "Success" },
                    "RepeatedMessageResponse": { "RepeatedResponseMessageBody": {
                        "ReversalResponse": reversal_of(*given) } } } }),
            }
        } else if let Some(status) = request.get("TransactionStatusRequest") {
            let name = status.pointer("/MessageReference/ServiceID")?.as_str()?;
            match self.taken.get(name) {
                None => json!({ "TransactionStatusResponse": {
                    "Response": { "Result": "Failure", "ErrorCondition": "NotFound" } } }),
                Some(taken) if taken.state == "open" => json!({ "TransactionStatusResponse": {
                    "Response": { "Result": "Failure", "ErrorCondition": "InProgress" } } }),
                Some(taken) => json!({ "TransactionStatusResponse": {
                    "Response": { "Result": "Success" },
                    "RepeatedMessageResponse": { "RepeatedResponseMessageBody": {
                        "PaymentResponse": payment_of(name, taken) } } } }),
            }
        } else if let Some(abort) = request.get("AbortRequest") {
            let name = abort.pointer("/MessageReference/ServiceID")?.as_str()?.to_owned();
            if let Some(taken) = self.taken.get_mut(&name).filter(|taken| taken.state == "open") {
                taken.state = "cancelled";
            }
            json!({})
        } else if request.get("DiagnosisRequest").is_some() {
            json!({ "DiagnosisResponse": { "Response": { "Result": "Success" } } })
        } else if let Some(reversal) = request.get("ReversalRequest") {
            let of = reversal.pointer("/OriginalPOITransaction/POITransactionID/TransactionID")?.as_str()?;
            let amount = minor(&reversal.get("ReversedAmount")?.to_string())?;
            let given = self.give_back(&service, of.trim_start_matches("tx-"), amount);
            json!({ "ReversalResponse": reversal_of(given) })
        } else {
            return None;
        };
        Some(self.answer(&header, response))
    }

    fn answer(&mut self, header: &Value, mut response: Value) -> Value {
        let mut header = header.clone();
        header["MessageType"] = json!("Response");
        response["MessageHeader"] = header.clone();
        let message = json!({ "SaleToPOIResponse": response });
        match &self.key {
            None => message,
            Some(key) => {
                self.nonces += 1;
                let mut nonce = [0; 16];
                nonce[..8].copy_from_slice(&self.nonces.to_be_bytes());
                key.close("SaleToPOIResponse", &header, &message.to_string(), nonce)
            }
        }
    }

    /// The answer to the Adyen payment that waited, once someone has decided.
    fn late(&mut self) -> Option<Value> {
        let (connection, taken) = (self.connection, &self.taken);
        let (_, service, header) = self.waiting.take_if(|(waiting, service, _)| {
            *waiting == connection && taken.get(service).is_none_or(|taken| taken.state != "open")
        })?;
        let taken = self.taken.get(&service)?.clone();
        Some(self.answer(&header, json!({ "PaymentResponse": payment_of(&service, &taken) })))
    }

    // Stripe

    fn stripe(
        &mut self,
        method: &str,
        path: &str,
        key: Option<&str>,
        form: &BTreeMap<String, String>,
    ) -> (u16, Value) {
        let path = path.split('?').next().unwrap_or(path);
        let parts: Vec<&str> = path.trim_start_matches("/v1/").split('/').collect();
        let missing = || (404, json!({ "error": { "code": "resource_missing" } }));
        match (method, parts.as_slice()) {
            ("POST", ["payment_intents"]) => {
                let Some(name) = key else { return (400, json!({ "error": { "code": "no_key" } })) };
                if self.taken.contains_key(name) {
                    self.repeated += 1;
                } else {
                    let asked = form.get("amount").and_then(|amount| amount.parse().ok()).unwrap_or(0);
                    let made = Taken { minor: 0, asked, state: "made", refunded: 0 };
                    self.taken.insert(name.to_owned(), made);
                }
                (200, intent(name, &self.taken[name]))
            }
            ("GET", ["payment_intents", id]) => {
                let name = id.trim_start_matches("pi_");
                self.taken.get(name).map_or_else(missing, |taken| (200, intent(name, taken)))
            }
            ("POST", ["payment_intents", id, "cancel"]) => {
                let name = id.trim_start_matches("pi_").to_owned();
                match self.taken.get_mut(&name) {
                    Some(taken) if matches!(taken.state, "made" | "open") => {
                        taken.state = "cancelled";
                        (200, intent(&name, taken))
                    }
                    Some(_) => (400, json!({ "error": { "code": "payment_intent_unexpected_state" } })),
                    None => missing(),
                }
            }
            ("GET", ["terminal", "readers", id]) => {
                (200, json!({ "id": id, "object": "terminal.reader", "status": "online" }))
            }
            ("POST", ["terminal", "readers", _, "process_payment_intent"]) => {
                if self.verdict == Verdict::Busy {
                    return (400, json!({ "error": { "code": "terminal_reader_busy" } }));
                }
                let id = form.get("payment_intent").cloned().unwrap_or_default();
                let name = id.trim_start_matches("pi_").to_owned();
                let Some(made) = self.taken.get(&name) else { return missing() };
                if made.state == "made" {
                    let asked = made.asked;
                    self.taken.remove(&name);
                    self.begin(&name, asked);
                } else {
                    self.repeated += 1;
                }
                (200, json!({ "id": "tmr_1", "action": { "status": "in_progress" } }))
            }
            ("POST", ["terminal", "readers", _, "cancel_action"]) => {
                for taken in self.taken.values_mut().filter(|taken| taken.state == "open") {
                    taken.state = "made";
                }
                (200, json!({ "id": "tmr_1" }))
            }
            ("GET", ["refunds"]) => {
                let made = self.given_back.iter().filter_map(|(name, given)| {
                    let given = (*given)?;
                    Some(json!({ "id": "re_1", "status": "succeeded", "amount": given,
                        "metadata": { "reference": name } }))
                });
                (200, json!({ "object": "list", "data": made.collect::<Vec<Value>>() }))
            }
            ("POST", ["refunds"]) => {
                let id = form.get("payment_intent").cloned().unwrap_or_default();
                let amount = form.get("amount").and_then(|amount| amount.parse().ok()).unwrap_or(0);
                let Some(name) = key else { return (400, json!({ "error": { "code": "no_key" } })) };
                match self.give_back(name, id.trim_start_matches("pi_"), amount) {
                    Some(amount) => (200, json!({ "id": "re_1", "status": "succeeded", "amount": amount })),
                    None => (400, json!({ "error": { "code": "charge_already_refunded" } })),
                }
            }
            _ => missing(),
        }
    }

    /// One request, when it is all there.
    fn request(&mut self) -> Option<Vec<u8>> {
        let received = self.received.get_mut(&self.connection)?;
        let end = received.windows(4).position(|four| four == b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(&received[..end]).into_owned();
        let header = |wanted: &str| {
            head.lines().skip(1).find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case(wanted).then(|| value.trim().to_owned())
            })
        };
        let length: usize = header("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
        if received.len() < end + 4 + length {
            return None;
        }
        let body: Vec<u8> = received.drain(..end + 4 + length).skip(end + 4).collect();
        let mut words = head.lines().next().unwrap_or_default().split(' ');
        let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let (status, answer) = if path.starts_with("/v1/") {
            let form = String::from_utf8_lossy(&body)
                .split('&')
                .filter_map(|pair| pair.split_once('='))
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect();
            self.stripe(method, path, header("idempotency-key").as_deref(), &form)
        } else {
            let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
            match self.nexo(&body) {
                Some(answer) => (200, answer),
                None if self.waiting.is_some() => return None,
                None => (400, json!({})),
            }
        };
        Some(http(status, &answer))
    }
}

fn settle(taken: &mut Taken, approve: bool) {
    taken.state = if approve { "approved" } else { "declined" };
    taken.minor = if approve { taken.asked } else { 0 };
}

fn reversal_of(given: Option<u64>) -> Value {
    match given {
        Some(_) => json!({ "Response": { "Result": "Success" } }),
        None => json!({ "Response": { "Result": "Failure", "ErrorCondition": "Refusal" } }),
    }
}

fn http(status: u16, body: &Value) -> Vec<u8> {
    let body = body.to_string();
    let head = "Content-Type: application/json\r\nConnection: close";
    format!("HTTP/1.1 {status} -\r\n{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// A decimal of at most two places in hundredths.
fn minor(text: &str) -> Option<u64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{part:0<2}").parse().ok()
}

fn payment_of(name: &str, taken: &Taken) -> Value {
    let response = match taken.state {
        "approved" if taken.minor < taken.asked => json!({ "Result": "Partial" }),
        "approved" => json!({ "Result": "Success" }),
        "cancelled" => json!({ "Result": "Failure", "ErrorCondition": "Aborted" }),
        _ => json!({ "Result": "Failure", "ErrorCondition": "Refusal" }),
    };
    let amount: Value =
        serde_json::from_str(&format!("{}.{:02}", taken.minor / 100, taken.minor % 100)).unwrap_or_default();
    json!({
        "Response": response,
        "POIData": { "POITransactionID": { "TransactionID": format!("tx-{name}"), "TimeStamp": "2026-11-20T03:00:00Z" } },
        "PaymentResult": {
            "AmountsResp": { "AuthorizedAmount": amount },
            "PaymentAcquirerData": { "ApprovalCode": "123456" },
            "PaymentInstrumentData": { "CardData": { "PaymentBrand": "visa", "MaskedPan": "411111 **** 1111" } },
        },
    })
}

fn intent(name: &str, taken: &Taken) -> Value {
    let status = match taken.state {
        "approved" => "succeeded",
        "cancelled" => "canceled",
        _ => "requires_payment_method",
    };
    let mut intent = json!({ "id": format!("pi_{name}"), "status": status, "amount_received": taken.minor });
    if taken.state == "declined" {
        intent["last_payment_error"] =
            json!({ "code": "card_declined", "decline_code": "insufficient_funds" });
    }
    if taken.state == "approved" {
        intent["latest_charge"] = json!({ "payment_method_details": { "card_present": {
            "brand": "visa", "last4": "1111", "receipt": { "authorization_code": "123456" } } } });
    }
    intent
}

impl Device for CardHttpDevice {
    fn poll(&mut self, received: &[u8]) -> Vec<Vec<u8>> {
        self.poll_on(0, received)
    }

    fn poll_on(&mut self, connection: u64, received: &[u8]) -> Vec<Vec<u8>> {
        self.connection = connection;
        let held = self.received.entry(connection).or_default();
        held.extend_from_slice(received);
        if held.len() > 1024 * 1024 {
            held.clear();
        }
        while self.received.len() > 64 {
            self.received.pop_first();
        }
        let answer = self.request().or_else(|| self.late().map(|answer| http(200, &answer)));
        if self.vanished == Some(connection) {
            return Vec::new();
        }
        answer.into_iter().collect()
    }

    fn damage(&self, frame: &mut [u8]) {
        // Within the body, so that it is no JSON or no envelope of ours any more.
        if let Some(at) = frame.len().checked_sub(10) {
            frame[at] = b'?';
        }
    }
}
