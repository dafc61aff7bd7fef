//! Stripe Terminal, driven by the server's side: a payment intent is made, handed to the reader, and asked after.
//!
//! Every request that makes something carries the payment's reference as its idempotency key, so that sending it again
//! finds what it made instead of making another.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::http::{Exchange, HttpError, Request};
use super::{
    Approval, CardError, CardReader, Outcome, Payment, Refund, Refusal, Step, Totals, Watch, bounded,
};

/// The provider's word for a reader that did not answer it in time.
const READER_TIMEOUT: &str = "terminal_reader_timeout";
/// The one currency that the provider counts in another minor unit than ISO 4217, a hundredth that is no coin.
const OTHER_MINOR_UNIT: &str = "ISK";

/// How a reader is set up; not to be shown, because of the key in it.
#[derive(Clone)]
pub struct StripeOptions {
    /// The provider's address without a slash at its end, `https://api.stripe.com` but for tests.
    pub url: String,
    /// The secret key.
    pub api_key: String,
    /// The reader, `tmr_…`.
    pub reader: String,
    /// How long it may take a customer to pay.
    pub payment: Duration,
    /// How long an answer may take.
    pub answer: Duration,
    /// How long to wait between two questions.
    pub pause: Duration,
}

/// A Stripe reader.
pub struct StripeReader {
    exchange: Arc<dyn Exchange>,
    options: StripeOptions,
}

/// What came back, or why nothing usable did.
enum Came {
    Object(Value),
    /// The provider said no to the request.
    Refused {
        status: u16,
        code: String,
    },
    NotSent(String),
    Lost(String),
}

impl StripeReader {
    /// A reader that is not called yet.
    pub fn new(exchange: Arc<dyn Exchange>, options: StripeOptions) -> Self {
        Self { exchange, options }
    }

    fn call(&self, method: &'static str, path: &str, form: &[(&str, String)], key: Option<&str>) -> Came {
        let mut headers = vec![("Authorization", format!("Bearer {}", self.options.api_key))];
        if let Some(key) = key {
            headers.push(("Idempotency-Key", key.to_owned()));
        }
        if method == "POST" {
            headers.push(("Content-Type", "application/x-www-form-urlencoded".to_owned()));
        }
        let body: Vec<String> =
            form.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        let request = Request {
            method,
            url: format!("{}{path}", self.options.url),
            headers,
            body: body.join("&").into_bytes(),
            timeout: self.options.answer,
        };
        let answer = match self.exchange.exchange(&request) {
            Ok(answer) => answer,
            Err(HttpError::NotSent(why)) => return Came::NotSent(why),
            Err(HttpError::Lost(why)) => return Came::Lost(why),
        };
        let value = serde_json::from_slice::<Value>(&answer.body);
        match (answer.status, value) {
            (200..=299, Ok(value)) if value.is_object() => Came::Object(value),
            // A conflict of keys or a fault of theirs: it may have been done.
            (409 | 429 | 500..=599 | 200..=299, _) => Came::Lost(format!("HTTP {}", answer.status)),
            (status, value) => {
                let value = value.unwrap_or_default();
                let code = value.pointer("/error/code").and_then(Value::as_str).unwrap_or_default();
                Came::Refused { status, code: bounded(code) }
            }
        }
    }

    /// The intent of a payment: made, or found again by its key.
    fn intent(&self, payment: &Payment) -> Result<String, Outcome> {
        let form = [
            ("amount", payment.amount_minor.to_string()),
            ("currency", payment.currency.to_ascii_lowercase()),
            ("payment_method_types[]", "card_present".to_owned()),
            ("capture_method", "automatic".to_owned()),
            ("metadata[reference]", payment.reference.clone()),
        ];
        match self.call("POST", "/v1/payment_intents", &form, Some(&payment.reference)) {
            Came::Object(intent) => text(&intent, "/id").ok_or_else(|| {
                // Without a name nobody can pay it.
                Outcome::refused(Refusal::NotSetUp, "the intent has no id")
            }),
            // An intent alone moves no money: the reader was told nothing.
            Came::NotSent(why) | Came::Lost(why) => Err(Outcome::refused(Refusal::NotReached, why)),
            Came::Refused { status, code } => {
                Err(Outcome::refused(Refusal::NotSetUp, format!("HTTP {status} {code}")))
            }
        }
    }

    /// How an intent stands; Pending while the reader is at it.
    fn look(&self, intent: &str, asked_minor: u64) -> Outcome {
        let path = format!("/v1/payment_intents/{}?expand[]=latest_charge", encoded(intent));
        match self.call("GET", &path, &[], None) {
            Came::Object(intent) => judge(&intent, asked_minor),
            Came::NotSent(why) | Came::Lost(why) => Outcome::unknown(why),
            Came::Refused { status, code } => Outcome::unknown(format!("HTTP {status} {code}")),
        }
    }

    fn call_off(&self) -> Came {
        let path = format!("/v1/terminal/readers/{}/cancel_action", encoded(&self.options.reader));
        self.call("POST", &path, &[], None)
    }

    /// Ends an intent for good, so that no late card can pay it; what it says then counts.
    fn end(&self, intent: &str, asked_minor: u64) -> Outcome {
        let path = format!("/v1/payment_intents/{}/cancel", encoded(intent));
        match self.call("POST", &path, &[], None) {
            Came::Object(intent) => judge(&intent, asked_minor),
            // It can no longer be called off, which is an answer too: it was paid or called off before.
            _ => self.look(intent, asked_minor),
        }
    }

    /// A "no" of the reader, made sure of: the intent is ended, so that a second try at the reader cannot pay it behind our back.
    fn refused_for_good(&self, intent: &str, asked_minor: u64, no: Outcome) -> Outcome {
        match self.end(intent, asked_minor) {
            Outcome::Refused { .. } => no,
            other => other,
        }
    }

    fn wait(&self, intent: &str, asked_minor: u64, watch: &dyn Watch) -> Outcome {
        let deadline = Instant::now() + self.options.payment;
        let mut cancelling = false;
        loop {
            let seen = self.look(intent, asked_minor);
            if matches!(seen, Outcome::Refused { why: Refusal::Declined, .. }) {
                return self.refused_for_good(intent, asked_minor, seen);
            }
            if seen.is_settled() {
                return seen;
            }
            let over = Instant::now() >= deadline;
            if (watch.cancelled() || over) && !cancelling {
                cancelling = true;
                watch.step(Step::Cancelling);
                // A reader that is already at the bank refuses; the next look tells.
                let _ = self.call_off();
                let ended = self.end(intent, asked_minor);
                if ended.is_settled() {
                    return ended;
                }
            }
            if over {
                return match seen {
                    Outcome::Unknown { .. } => seen,
                    _ => Outcome::unknown("the reader did not finish in time"),
                };
            }
            std::thread::sleep(self.options.pause);
        }
    }
}

fn text(value: &Value, pointer: &str) -> Option<String> {
    value.pointer(pointer).and_then(Value::as_str).map(str::to_owned)
}

fn judge(intent: &Value, asked_minor: u64) -> Outcome {
    match intent.get("status").and_then(Value::as_str) {
        Some("succeeded") => {
            let card = "/latest_charge/payment_method_details/card_present";
            let amount_minor = intent.get("amount_received").and_then(Value::as_u64).unwrap_or(asked_minor);
            Outcome::Approved(Approval {
                amount_minor,
                authorisation: bounded(
                    text(intent, &format!("{card}/receipt/authorization_code")).unwrap_or_default(),
                ),
                provider_reference: text(intent, "/id").unwrap_or_default(),
                card: bounded(text(intent, &format!("{card}/brand")).unwrap_or_default()),
                receipt: Vec::new(),
            })
        }
        Some("canceled") => Outcome::refused(Refusal::Cancelled, "canceled"),
        Some("requires_payment_method") => match text(intent, "/last_payment_error/code") {
            Some(code) => {
                let declined = text(intent, "/last_payment_error/decline_code").unwrap_or_default();
                Outcome::refused(Refusal::Declined, format!("{code} {declined}").trim_end())
            }
            // Made, and not paid yet.
            None => Outcome::Pending,
        },
        Some(_) => Outcome::Pending,
        None => Outcome::unknown("the intent has no status"),
    }
}

fn judge_refund(refund: &Value, asked_minor: u64) -> Outcome {
    match refund.get("status").and_then(Value::as_str) {
        Some("succeeded" | "pending") => Outcome::Approved(Approval {
            amount_minor: refund.get("amount").and_then(Value::as_u64).unwrap_or(asked_minor),
            provider_reference: text(refund, "/id").unwrap_or_default(),
            ..Approval::default()
        }),
        Some("failed" | "canceled") => Outcome::refused(Refusal::Declined, "the refund failed"),
        _ => Outcome::unknown("the refund has no status"),
    }
}

/// Percent-encoding of what stands in a form or path.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'[' | b']' => {
                out.push(char::from(byte));
            }
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

impl CardReader for StripeReader {
    fn start(&mut self, payment: &Payment, watch: &dyn Watch) -> Outcome {
        if payment.currency == OTHER_MINOR_UNIT {
            return Outcome::refused(Refusal::NotSetUp, "this currency is not taken here");
        }
        watch.step(Step::Connecting);
        let intent = match self.intent(payment) {
            Ok(intent) => intent,
            Err(outcome) => return outcome,
        };
        // Kept before the reader is told: from then on the intent may be paid.
        watch.remember(&intent);
        let path = format!("/v1/terminal/readers/{}/process_payment_intent", encoded(&self.options.reader));
        let key = format!("{}-process", payment.reference);
        watch.step(Step::PresentCard);
        match self.call("POST", &path, &[("payment_intent", intent.clone())], Some(&key)) {
            Came::Object(_) | Came::Lost(_) => self.wait(&intent, payment.amount_minor, watch),
            // Its provider says that the reader may have heard of it all the same.
            Came::Refused { code, .. } if code == READER_TIMEOUT => {
                self.wait(&intent, payment.amount_minor, watch)
            }
            Came::NotSent(why) => Outcome::refused(Refusal::NotReached, why),
            Came::Refused { status, code } => {
                let why = match code.as_str() {
                    "terminal_reader_busy" => Refusal::Busy,
                    "terminal_reader_offline" => Refusal::NotReached,
                    _ => Refusal::NotSetUp,
                };
                let no = Outcome::refused(why, format!("HTTP {status} {code}"));
                self.refused_for_good(&intent, payment.amount_minor, no)
            }
        }
    }

    fn cancel(&mut self, _payment: &Payment) -> Result<(), CardError> {
        match self.call_off() {
            Came::Object(_) => Ok(()),
            Came::NotSent(why) | Came::Lost(why) => Err(CardError::NoAnswer(why)),
            Came::Refused { status, code } => Err(CardError::Refused(format!("HTTP {status} {code}"))),
        }
    }

    fn status(&mut self, payment: &Payment) -> Outcome {
        let intent = match &payment.memory {
            Some(intent) => intent.clone(),
            // Nothing was remembered: the reader was never told. The key finds the intent again to end it.
            None => match self.intent(payment) {
                Ok(intent) => intent,
                Err(Outcome::Refused { detail, .. }) => return Outcome::unknown(detail),
                Err(other) => return other,
            },
        };
        match self.look(&intent, payment.amount_minor) {
            // Not paid, and its wait is over here: it is ended, so that it cannot be paid behind our back.
            Outcome::Pending => self.end(&intent, payment.amount_minor),
            no @ Outcome::Refused { why: Refusal::Declined, .. } => {
                self.refused_for_good(&intent, payment.amount_minor, no)
            }
            other => other,
        }
    }

    fn refund(&mut self, refund: &Refund, watch: &dyn Watch) -> Outcome {
        let Some(of) = &refund.of else {
            return Outcome::refused(Refusal::NotSetUp, "a refund names its payment");
        };
        watch.step(Step::Connecting);
        if refund.currency == OTHER_MINOR_UNIT {
            return Outcome::refused(Refusal::NotSetUp, "this currency is not taken here");
        }
        let form = [
            ("payment_intent", of.clone()),
            ("amount", refund.amount_minor.to_string()),
            // By this it is found again; the key is forgotten by its provider after a day.
            ("metadata[reference]", refund.reference.clone()),
        ];
        match self.call("POST", "/v1/refunds", &form, Some(&refund.reference)) {
            Came::Object(object) => judge_refund(&object, refund.amount_minor),
            Came::NotSent(why) => Outcome::refused(Refusal::NotReached, why),
            Came::Lost(why) => Outcome::unknown(why),
            Came::Refused { status, code } => {
                Outcome::refused(Refusal::Declined, format!("HTTP {status} {code}"))
            }
        }
    }

    fn refund_status(&mut self, refund: &Refund) -> Outcome {
        let Some(of) = &refund.of else { return Outcome::unknown("a refund names its payment") };
        // Asked, never sent again: whatever goes wrong with the question says nothing of the refund.
        let path = format!("/v1/refunds?payment_intent={}&limit=100", encoded(of));
        match self.call("GET", &path, &[], None) {
            Came::Object(list) => {
                let mut made = list.get("data").and_then(Value::as_array).into_iter().flatten();
                let ours =
                    made.find(|one| text(one, "/metadata/reference").as_ref() == Some(&refund.reference));
                ours.map_or_else(
                    || Outcome::unknown("the provider has no such refund"),
                    |one| judge_refund(one, refund.amount_minor),
                )
            }
            Came::NotSent(why) | Came::Lost(why) => Outcome::unknown(why),
            Came::Refused { status, code } => Outcome::unknown(format!("HTTP {status} {code}")),
        }
    }

    fn probe(&mut self) -> Result<(), CardError> {
        let path = format!("/v1/terminal/readers/{}", encoded(&self.options.reader));
        match self.call("GET", &path, &[], None) {
            Came::Object(reader) => match reader.get("status").and_then(Value::as_str) {
                Some("offline") => Err(CardError::NoAnswer("the reader is offline".to_owned())),
                _ => Ok(()),
            },
            Came::NotSent(why) | Came::Lost(why) => Err(CardError::NoAnswer(why)),
            Came::Refused { status, code } => Err(CardError::Refused(format!("HTTP {status} {code}"))),
        }
    }

    fn reconcile(&mut self) -> Result<Totals, CardError> {
        // The provider settles by itself.
        Err(CardError::Unsupported)
    }
}
