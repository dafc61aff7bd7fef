//! From a reader as it is set up to the driver that speaks to it.

use std::sync::Arc;
use std::time::Duration;

use hardware::PrinterTarget;
use hardware::card::adyen::crypto::SharedKey;
use hardware::card::adyen::{AdyenOptions, AdyenReader, Route};
use hardware::card::http::{Answer, Exchange, HttpError, Request};
use hardware::card::stripe::{StripeOptions, StripeReader};
use hardware::card::zvt::{ZvtOptions, ZvtReader};
use hardware::card::{CardReader, Payment};
use rand_core::RngCore as _;
use reqwest::{Method, Url};
use tokio::runtime::Handle;

use super::amount::as_iso;
use crate::engine::Till;
use crate::engine::seams::SystemRandom;
use crate::store::card_payments::CardPayment;
use crate::store::counter_devices::CounterDevice;

/// What card readers speak.
pub(crate) const PROTOCOLS: [&str; 4] = ["zvt", "adyen_local", "adyen_cloud", "stripe"];
/// How long a customer may take to pay.
const PAYMENT: Duration = Duration::from_secs(150);
/// How long any other answer may take.
const ANSWER: Duration = Duration::from_secs(10);
const CONNECT: Duration = Duration::from_secs(5);
/// Between two looks at a payment that a provider drives.
const PAUSE: Duration = Duration::from_millis(500);
/// The most bytes of an answer.
const MOST_BYTES: usize = 1024 * 1024;
const MOST_CHARS: usize = 200;
/// A ZVT terminal's password has six digits; this one is set when nobody set another.
const USUAL_PASSWORD: &str = "000000";
/// What a terminal is registered with; each payment names its own currency.
const EURO: u16 = 978;

/// The field that keeps a reader from being set up like this; None when it can be.
pub(crate) fn check_setup(device: &CounterDevice) -> Option<&'static str> {
    let protocol = device.protocol.as_deref().unwrap_or_default();
    let secret = device.secret.as_ref().map(|secret| secret.as_str()).unwrap_or_default();
    let has = |text: &Option<String>| text.as_ref().is_some_and(|text| is_plain(text));
    if !PROTOCOLS.contains(&protocol) {
        return Some("protocol");
    }
    if protocol == "zvt" {
        let at_tcp =
            device.target.parse::<PrinterTarget>().is_ok_and(|_| device.target.starts_with("tcp://"));
        let is_password =
            secret.is_empty() || secret.len() == 6 && secret.bytes().all(|b| b.is_ascii_digit());
        return (!at_tcp).then_some("target").or((!is_password).then_some("secret"));
    }
    if !is_web_address(&device.target) {
        return Some("target");
    }
    if !has(&device.reader) {
        return Some("reader");
    }
    if !is_plain(secret) {
        return Some("secret");
    }
    if protocol == "adyen_local" && !has(&device.key_name) {
        return Some("key_name");
    }
    (protocol == "adyen_local" && device.key_version.is_none()).then_some("key_version")
}

/// A text that may stand in a header or a path.
fn is_plain(text: &str) -> bool {
    !text.is_empty()
        && text.chars().count() <= MOST_CHARS
        && text.chars().all(|c| c.is_ascii_graphic() || c == ' ')
}

/// Keys and payments travel with TLS, but for an emulator on this machine.
fn is_web_address(target: &str) -> bool {
    let Ok(url) = Url::parse(target) else { return false };
    let here = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
    target.len() <= MOST_CHARS && (url.scheme() == "https" || url.scheme() == "http" && here)
}

/// The driver of a reader.
///
/// # Errors
/// What of its setting up cannot be used.
pub(super) fn of(
    till: &Till,
    device: &CounterDevice,
    runtime: &Handle,
) -> Result<Box<dyn CardReader>, String> {
    if let Some(field) = check_setup(device) {
        return Err(format!("its `{field}` cannot be used"));
    }
    let secret = device.secret.as_ref().map(|secret| secret.to_string()).unwrap_or_default();
    let named = device.reader.clone().unwrap_or_default();
    let web = |trust_any: bool| -> Result<Arc<dyn Exchange>, String> {
        Ok(Arc::new(Web::new(trust_any, &device.target, runtime.clone())?))
    };
    let adyen = |route, exchange| -> Box<dyn CardReader> {
        let options = AdyenOptions {
            route,
            poi_id: named.clone(),
            sale_id: till
                .device()
                .map_or_else(|| "T0".to_owned(), |till| format!("T{}", till.terminal_number)),
            payment: PAYMENT,
            answer: ANSWER,
        };
        Box::new(AdyenReader::new(exchange, options, Box::new(fresh_nonce)))
    };
    match device.protocol.as_deref() {
        Some("zvt") => {
            let target: PrinterTarget = device.target.parse().map_err(|_| "its address cannot be read")?;
            let options = ZvtOptions {
                password: if secret.is_empty() { USUAL_PASSWORD.to_owned() } else { secret },
                currency_number: EURO,
                payment: PAYMENT,
                acknowledge: CONNECT,
            };
            Ok(Box::new(ZvtReader::new(target, options)))
        }
        Some("adyen_local") => {
            let key_name = device.key_name.clone().unwrap_or_default();
            let key = SharedKey::new(&secret, &key_name, device.key_version.unwrap_or_default());
            // The terminal's certificate names no address of a shop. What is said is closed and signed with the shared key,
            // so that an answer by anybody else is no answer.
            Ok(adyen(Route::Local { url: device.target.clone(), key }, web(true)?))
        }
        Some("adyen_cloud") => {
            Ok(adyen(Route::Cloud { url: device.target.clone(), api_key: secret }, web(false)?))
        }
        Some("stripe") => {
            let options = StripeOptions {
                url: device.target.trim_end_matches('/').to_owned(),
                api_key: secret,
                reader: named,
                payment: PAYMENT,
                answer: ANSWER,
                pause: PAUSE,
            };
            Ok(Box::new(StripeReader::new(web(false)?, options)))
        }
        _ => Err("it speaks nothing that is known here".to_owned()),
    }
}

/// From the machine's own chance: a nonce must never come twice, whatever the engine is given for its ids.
fn fresh_nonce() -> [u8; 16] {
    let mut nonce = [0; 16];
    SystemRandom.fill_bytes(&mut nonce);
    nonce
}

/// A payment as the reader is asked for it.
///
/// # Errors
/// When the reader cannot be asked for this amount.
pub(super) fn asked(payment: &CardPayment) -> Result<Payment, String> {
    let (amount_minor, currency_number) =
        as_iso(payment.amount, payment.digits).ok_or("the card reader cannot be asked for this amount")?;
    Ok(Payment {
        reference: payment.card_payment_id.to_string(),
        amount_minor,
        currency: payment.amount.currency().to_string(),
        currency_number,
        at: payment.started_at.to_rfc3339(),
        memory: payment.memory.clone(),
    })
}

/// Calls a payment off at a reader that hears no word of it while it waits for its answer; the others look by themselves.
pub(crate) fn call_off(till: &Till, device: &CounterDevice, payment: &CardPayment) {
    if !device.protocol.as_deref().is_some_and(|protocol| protocol.starts_with("adyen")) {
        return;
    }
    let Some(runtime) = till.cards(|cards| cards.runtime.clone()) else { return };
    match (of(till, device, &runtime), asked(payment)) {
        (Ok(mut reader), Ok(payment)) => {
            runtime.spawn_blocking(move || {
                if let Err(error) = reader.cancel(&payment) {
                    tracing::warn!(%error, "a card payment could not be called off; the reader's word decides");
                }
            });
        }
        (Err(error), _) | (_, Err(error)) => tracing::warn!(%error, "a card payment could not be called off"),
    }
}

/// HTTP with TLS.
struct Web {
    client: reqwest::Client,
    runtime: Handle,
}

impl Web {
    fn new(trust_any: bool, target: &str, runtime: Handle) -> Result<Self, String> {
        let mut builder = reqwest::Client::builder()
            .connect_timeout(CONNECT)
            .tcp_nodelay(true)
            // A redirect would carry a key to another place.
            .redirect(reqwest::redirect::Policy::none())
            .tls_danger_accept_invalid_certs(trust_any);
        if target.starts_with("http://") {
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(|error| error.to_string())?;
        Ok(Self { client, runtime })
    }

    async fn send(&self, request: &Request) -> Result<Answer, HttpError> {
        let method = Method::from_bytes(request.method.as_bytes())
            .map_err(|error| HttpError::NotSent(error.to_string()))?;
        let mut builder = self.client.request(method, &request.url).timeout(request.timeout);
        for (name, value) in &request.headers {
            builder = builder.header(*name, value);
        }
        if !request.body.is_empty() {
            builder = builder.body(request.body.clone());
        }
        // The error's text would name the address, which may hold the reader's name: only its kind is kept.
        let failed = |error: reqwest::Error| {
            if error.is_connect() || error.is_builder() {
                HttpError::NotSent("no connection".to_owned())
            } else if error.is_timeout() {
                HttpError::Lost("no answer in time".to_owned())
            } else {
                HttpError::Lost("the connection broke off".to_owned())
            }
        };
        let mut response = builder.send().await.map_err(failed)?;
        let status = response.status().as_u16();
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(failed)? {
            if body.len() + piece.len() > MOST_BYTES {
                return Err(HttpError::Lost("the answer is too long".to_owned()));
            }
            body.extend_from_slice(&piece);
        }
        Ok(Answer { status, body })
    }
}

impl Exchange for Web {
    fn exchange(&self, request: &Request) -> Result<Answer, HttpError> {
        self.runtime.block_on(self.send(request))
    }
}
