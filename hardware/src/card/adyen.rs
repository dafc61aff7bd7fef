//! Adyen Terminal API: messages of the nexo retailer protocol 3.0 as JSON, to a terminal on the shop's network (closed in
//! an encrypted envelope) or through the provider's cloud (with an API key).

pub mod crypto;

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::http::{Exchange, HttpError, Request};
use super::{
    Approval, CardError, CardReader, Outcome, Payment, Refund, Refusal, Step, Totals, Watch, bounded,
};
use crypto::SharedKey;

/// How a terminal is reached; not to be shown, because of the keys in it.
#[derive(Clone)]
pub enum Route {
    /// At `https://<address>:8443/nexo` on the shop's network.
    Local {
        /// The whole address.
        url: String,
        /// The key shared with the terminal.
        key: SharedKey,
    },
    /// Through the cloud's synchronous endpoint.
    Cloud {
        /// The whole address, such as `https://terminal-api-live.adyen.com/sync`.
        url: String,
        /// The API key.
        api_key: String,
    },
}

/// How a terminal is set up.
#[derive(Clone)]
pub struct AdyenOptions {
    /// How it is reached.
    pub route: Route,
    /// The terminal, such as `V400m-123456789`.
    pub poi_id: String,
    /// This till, as the terminal knows it.
    pub sale_id: String,
    /// How long it may take a customer to pay.
    pub payment: Duration,
    /// How long any other answer may take.
    pub answer: Duration,
}

/// An Adyen terminal.
pub struct AdyenReader {
    exchange: Arc<dyn Exchange>,
    options: AdyenOptions,
    /// Fresh random bytes for each envelope.
    nonce: Box<dyn FnMut() -> [u8; 16] + Send>,
}

/// What came back, or why nothing usable did.
enum Came {
    Response(Value),
    NotSent(String),
    Lost(String),
    Refused(String),
}

impl AdyenReader {
    /// A terminal that is not called yet; `nonce` gives fresh random bytes.
    pub fn new(
        exchange: Arc<dyn Exchange>,
        options: AdyenOptions,
        nonce: Box<dyn FnMut() -> [u8; 16] + Send>,
    ) -> Self {
        Self { exchange, options, nonce }
    }

    fn header(&self, category: &str, service_id: &str) -> Value {
        json!({
            "MessageCategory": category,
            "MessageClass": "Service",
            "MessageType": "Request",
            "POIID": self.options.poi_id,
            "ProtocolVersion": "3.0",
            "SaleID": self.options.sale_id,
            "ServiceID": service_id,
        })
    }

    fn send(
        &mut self,
        category: &str,
        service_id: &str,
        name: &str,
        body: &Value,
        timeout: Duration,
    ) -> Came {
        let header = self.header(category, service_id);
        let message = json!({ "SaleToPOIRequest": { "MessageHeader": header, name: body } });
        let mut headers = vec![("Content-Type", "application/json".to_owned())];
        let (url, body) = match &self.options.route {
            Route::Local { url, key } => {
                let nonce = (self.nonce)();
                (url.clone(), key.close("SaleToPOIRequest", &header, &message.to_string(), nonce).to_string())
            }
            Route::Cloud { url, api_key } => {
                headers.push(("x-API-key", api_key.clone()));
                (url.clone(), message.to_string())
            }
        };
        let request = Request { method: "POST", url, headers, body: body.into_bytes(), timeout };
        let answer = match self.exchange.exchange(&request) {
            Ok(answer) => answer,
            Err(HttpError::NotSent(why)) => return Came::NotSent(why),
            Err(HttpError::Lost(why)) => return Came::Lost(why),
        };
        match answer.status {
            200 => {}
            // The request itself was refused before any terminal saw it.
            status @ (400 | 401 | 403 | 404 | 415 | 422) => return Came::Refused(format!("HTTP {status}")),
            status => return Came::Lost(format!("HTTP {status}")),
        }
        let Ok(mut value) = serde_json::from_slice::<Value>(&answer.body) else {
            return Came::Lost("the answer is no JSON".to_owned());
        };
        if let Route::Local { key, .. } = &self.options.route {
            let opened = key.open(&value).ok().and_then(|message| serde_json::from_str(&message).ok());
            match opened {
                Some(opened) => value = opened,
                // Whoever answered, it was not our terminal: what ours did is not known.
                None => return Came::Lost("the answer was not closed with our key".to_owned()),
            }
        }
        let response = value.get("SaleToPOIResponse").cloned().unwrap_or(Value::Null);
        let answered = response.pointer("/MessageHeader/ServiceID").and_then(Value::as_str);
        if answered.is_some_and(|answered| answered != service_id) {
            return Came::Lost("the answer is to another request".to_owned());
        }
        Came::Response(response)
    }

    fn pay(
        &mut self,
        reference: &str,
        body: &Value,
        asked_minor: u64,
        digits: u32,
        watch: &dyn Watch,
    ) -> Outcome {
        watch.step(Step::Connecting);
        let service_id = service_id(reference);
        watch.step(Step::PresentCard);
        match self.send("Payment", &service_id, "PaymentRequest", body, self.options.payment) {
            Came::NotSent(why) => Outcome::refused(Refusal::NotReached, why),
            Came::Refused(why) => Outcome::refused(Refusal::NotSetUp, why),
            Came::Lost(why) => Outcome::unknown(why),
            Came::Response(response) => match response.get("PaymentResponse") {
                Some(payment) => judge(payment, asked_minor, digits),
                None => Outcome::unknown("the answer holds no payment"),
            },
        }
    }
}

/// The terminal's name of a request: at most ten letters and digits, the same for the same reference.
fn service_id(reference: &str) -> String {
    let letters: Vec<char> = reference.chars().filter(char::is_ascii_alphanumeric).collect();
    letters[letters.len().saturating_sub(10)..].iter().collect()
}

/// An amount as the protocol's decimal number, exactly.
fn decimal(minor: u64, digits: u32) -> Value {
    let text = match digits {
        0 => minor.to_string(),
        digits => {
            let scale = 10_u64.saturating_pow(digits);
            format!("{}.{:0width$}", minor / scale, minor % scale, width = digits as usize)
        }
    };
    serde_json::from_str(&text).unwrap_or(Value::Null)
}

/// A decimal number of the protocol in the minor unit.
fn minor_of(value: &Value, digits: u32) -> Option<u64> {
    let text = value.to_string();
    let (whole, part) = text.trim_matches('"').split_once('.').unwrap_or((text.trim_matches('"'), ""));
    let width = digits as usize;
    if part.len() > width && part[width..].bytes().any(|byte| byte != b'0') {
        return None;
    }
    format!("{whole}{:0<width$}", &part[..part.len().min(width)]).parse().ok()
}

/// Decimals of a currency; most have two.
fn digits_of(currency: &str) -> u32 {
    super::currency(currency).map_or(2, |currency| u32::from(currency.digits))
}

fn judge(payment: &Value, asked_minor: u64, digits: u32) -> Outcome {
    let response = payment.get("Response").unwrap_or(&Value::Null);
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let condition = text(response.get("ErrorCondition"));
    match response.get("Result").and_then(Value::as_str) {
        Some("Success" | "Partial") => {
            let amounts = payment.pointer("/PaymentResult/AmountsResp/AuthorizedAmount");
            let amount_minor = match amounts {
                None => asked_minor,
                Some(amount) => match minor_of(amount, digits) {
                    Some(minor) => minor,
                    None => return Outcome::unknown("the approved amount cannot be read"),
                },
            };
            let acquirer = payment.pointer("/PaymentResult/PaymentAcquirerData");
            let of = |pointer: &str| text(payment.pointer(pointer));
            Outcome::Approved(Approval {
                amount_minor,
                authorisation: bounded(text(acquirer.and_then(|data| data.get("ApprovalCode")))),
                provider_reference: format!(
                    "{} {}",
                    of("/POIData/POITransactionID/TransactionID"),
                    of("/POIData/POITransactionID/TimeStamp")
                )
                .trim()
                .to_owned(),
                card: bounded(of("/PaymentResult/PaymentInstrumentData/CardData/PaymentBrand")),
                receipt: receipt(payment),
            })
        }
        Some("Failure") => match condition.as_str() {
            "InProgress" => Outcome::Pending,
            "Busy" | "DeviceOut" | "UnavailableService" => Outcome::refused(Refusal::Busy, condition),
            "Aborted" | "Cancel" => Outcome::refused(Refusal::Cancelled, condition),
            "NotAllowed" | "MessageFormat" | "LoggedOut" => Outcome::refused(Refusal::NotSetUp, condition),
            // The terminal could not ask the bank to the end, or not tell what it said.
            "UnreachableHost" | "" => Outcome::unknown(format!("failed: {condition}")),
            _ => Outcome::refused(Refusal::Declined, condition),
        },
        _ => Outcome::unknown("the answer says neither yes nor no"),
    }
}

/// The lines of the customer's receipt: names and values of the provider's form, without long numbers.
fn receipt(payment: &Value) -> Vec<String> {
    let receipts = payment.get("PaymentReceipt").and_then(Value::as_array);
    let mut lines = Vec::new();
    for receipt in receipts.into_iter().flatten() {
        if receipt.get("DocumentQualifier").and_then(Value::as_str) != Some("CustomerReceipt") {
            continue;
        }
        let texts = receipt.pointer("/OutputContent/OutputText").and_then(Value::as_array);
        for text in texts.into_iter().flatten().filter_map(|text| text.get("Text")?.as_str()).take(100) {
            let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
            let named = |wanted: &str| {
                pairs.clone().find(|(name, _)| *name == wanted).map(|(_, value)| percent_decoded(value))
            };
            let line: Vec<String> = ["name", "value"].iter().filter_map(|name| named(name)).collect();
            if !line.is_empty() {
                lines.push(bounded(line.join(" ")));
            }
        }
    }
    lines
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let hex = (first == b'%').then(|| after.get(..2)).flatten();
        let code = hex.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        match code {
            Some(code) => {
                bytes.push(code);
                rest = &after[2..];
            }
            None => {
                bytes.push(if first == b'+' { b' ' } else { first });
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

impl CardReader for AdyenReader {
    fn start(&mut self, payment: &Payment, watch: &dyn Watch) -> Outcome {
        let digits = digits_of(&payment.currency);
        let body = json!({
            "SaleData": { "SaleTransactionID": {
                "TransactionID": payment.reference, "TimeStamp": payment.at,
            }},
            "PaymentTransaction": { "AmountsReq": {
                "Currency": payment.currency, "RequestedAmount": decimal(payment.amount_minor, digits),
            }},
        });
        self.pay(&payment.reference, &body, payment.amount_minor, digits, watch)
    }

    fn cancel(&mut self, payment: &Payment) -> Result<(), CardError> {
        let body = json!({
            "AbortReason": "MerchantAbort",
            "MessageReference": {
                "MessageCategory": "Payment",
                "SaleID": self.options.sale_id,
                "ServiceID": service_id(&payment.reference),
            },
        });
        let own = self.fresh_id();
        match self.send("Abort", &own, "AbortRequest", &body, self.options.answer) {
            // An abort has no answer of its own: an empty 200 is the usual one.
            Came::Response(_) => Ok(()),
            Came::Lost(why) if why.contains("JSON") || why.contains("key") => Ok(()),
            Came::Lost(why) | Came::NotSent(why) => Err(CardError::NoAnswer(why)),
            Came::Refused(why) => Err(CardError::Refused(why)),
        }
    }

    fn status(&mut self, payment: &Payment) -> Outcome {
        self.ask("Payment", &payment.reference, payment.amount_minor, &payment.currency)
    }

    fn refund(&mut self, refund: &Refund, watch: &dyn Watch) -> Outcome {
        let digits = digits_of(&refund.currency);
        let amount = decimal(refund.amount_minor, digits);
        let Some(of) = &refund.of else {
            let body = json!({
                "SaleData": { "SaleTransactionID": {
                    "TransactionID": refund.reference, "TimeStamp": refund.at,
                }},
                "PaymentTransaction": { "AmountsReq": { "Currency": refund.currency, "RequestedAmount": amount } },
                "PaymentData": { "PaymentType": "Refund" },
            });
            return self.pay(&refund.reference, &body, refund.amount_minor, digits, watch);
        };
        // A reversal names the payment by the terminal's number and time of it.
        let (of, at) = of.split_once(' ').unwrap_or((of, &refund.at));
        let body = json!({
            "OriginalPOITransaction": { "POITransactionID": { "TransactionID": of, "TimeStamp": at } },
            "ReversalReason": "MerchantCancel",
            "ReversedAmount": amount,
            "SaleData": { "SaleTransactionID": {
                "TransactionID": refund.reference, "TimeStamp": refund.at,
            }},
        });
        watch.step(Step::Connecting);
        let service = service_id(&refund.reference);
        match self.send("Reversal", &service, "ReversalRequest", &body, self.options.answer) {
            Came::NotSent(why) => Outcome::refused(Refusal::NotReached, why),
            Came::Refused(why) => Outcome::refused(Refusal::NotSetUp, why),
            Came::Lost(why) => Outcome::unknown(why),
            Came::Response(response) => match response.get("ReversalResponse") {
                Some(reversal) => judge(reversal, refund.amount_minor, digits),
                None => Outcome::unknown("the answer holds no reversal"),
            },
        }
    }

    fn refund_status(&mut self, refund: &Refund) -> Outcome {
        let category = if refund.of.is_some() { "Reversal" } else { "Payment" };
        self.ask(category, &refund.reference, refund.amount_minor, &refund.currency)
    }

    fn probe(&mut self) -> Result<(), CardError> {
        let body = json!({ "HostDiagnosisFlag": false });
        let service = self.fresh_id();
        match self.send("Diagnosis", &service, "DiagnosisRequest", &body, self.options.answer) {
            Came::Response(response) => match response.pointer("/DiagnosisResponse/Response/Result") {
                Some(result) if result == "Failure" => Err(CardError::Refused("Failure".to_owned())),
                Some(_) => Ok(()),
                None => Err(CardError::NoAnswer("the answer holds no diagnosis".to_owned())),
            },
            Came::NotSent(why) | Came::Lost(why) => Err(CardError::NoAnswer(why)),
            Came::Refused(why) => Err(CardError::Refused(why)),
        }
    }

    fn reconcile(&mut self) -> Result<Totals, CardError> {
        // The provider settles by itself; a terminal has no day of its own.
        Err(CardError::Unsupported)
    }
}

impl AdyenReader {
    /// A name for a message that is no payment: a terminal answers none twice under one name for two days.
    fn fresh_id(&mut self) -> String {
        let nonce = (self.nonce)();
        service_id(&nonce.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
    }

    /// Asks the terminal what became of a message of its category.
    fn ask(&mut self, category: &str, reference: &str, asked_minor: u64, currency: &str) -> Outcome {
        let service = service_id(reference);
        let body = json!({
            "ReceiptReprintFlag": true,
            "DocumentQualifier": ["CustomerReceipt"],
            "MessageReference": {
                "MessageCategory": category, "SaleID": self.options.sale_id, "ServiceID": service,
            },
        });
        let own = self.fresh_id();
        let response = match self.send(
            "TransactionStatus",
            &own,
            "TransactionStatusRequest",
            &body,
            self.options.answer,
        ) {
            Came::Response(response) => response,
            Came::NotSent(why) | Came::Lost(why) | Came::Refused(why) => return Outcome::unknown(why),
        };
        let status = response.get("TransactionStatusResponse").unwrap_or(&Value::Null);
        let result = status.pointer("/Response/Result").and_then(Value::as_str);
        let condition = status.pointer("/Response/ErrorCondition").and_then(Value::as_str);
        match (result, condition) {
            (Some("Success"), _) => {
                let repeated =
                    format!("/RepeatedMessageResponse/RepeatedResponseMessageBody/{category}Response");
                match status.pointer(&repeated) {
                    Some(body) => judge(body, asked_minor, digits_of(currency)),
                    None => Outcome::unknown("the terminal repeats no payment"),
                }
            }
            (Some("Failure"), Some("InProgress")) => Outcome::Pending,
            // It has not seen our request, which may still be on its way to it: no "no" yet.
            (Some("Failure"), Some("NotFound")) => Outcome::unknown("NotFound"),
            _ => Outcome::unknown(condition.unwrap_or("the terminal does not say")),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn amounts_are_exact_in_both_directions() {
        for (minor, digits, text) in
            [(1234, 2, "12.34"), (5, 2, "0.05"), (29_000, 0, "29000"), (1, 3, "0.001")]
        {
            let value = decimal(minor, digits);
            assert_eq!(value.to_string(), text);
            assert_eq!(minor_of(&value, digits), Some(minor));
        }
        assert_eq!(minor_of(&json!(12.345), 2), None);
        assert_eq!(minor_of(&json!("12.3"), 2), Some(1230));
        assert_eq!(minor_of(&json!(null), 2), None);
    }

    #[test]
    fn a_reference_has_one_name_of_ten_characters() {
        assert_eq!(service_id("0198c0de-0000-7000-8000-00000000abcd"), "000000abcd");
        assert_eq!(service_id("T1"), "T1");
    }

    #[test]
    fn names_and_values_become_lines() {
        let payment = json!({ "PaymentReceipt": [{
            "DocumentQualifier": "CustomerReceipt",
            "OutputContent": { "OutputText": [
                { "Text": "name=Total&value=12.34+%e2%82%ac&key=x" },
                { "Text": "name=Number&value=4111111111111111" },
            ]},
        }]});
        assert_eq!(receipt(&payment), ["Total 12.34 €", "Number ************1111"]);
    }
}
