//! The scale, the scanners, the customer's display and the card reader.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use shared::clock::Timestamp;
use shared::ids::CounterDeviceId;
use shared::money::Quantity;

view! {
    /// A device on the counter and how it is.
    CounterDeviceView {
        /// The device.
        counter_device_id: CounterDeviceId,
        /// `scale`, `scanner`, `display` or `card`.
        kind: String,
        /// What people here call it.
        name: String,
        /// Where it is, such as `serial:///dev/ttyUSB0?baud=9600`.
        target: String,
        /// What a scale or a card reader speaks.
        protocol: Option<String>,
        /// The unit of a scale that names none: `kg`, `g`, `lb` or `oz`.
        unit: Option<String>,
        /// The most that a scale weighs, in grams.
        capacity_g: Option<u32>,
        /// What its provider calls a card reader.
        reader: Option<String>,
        /// Whether the card reader's password, passphrase or key is set; it is never shown.
        has_secret: bool,
        /// The name of the key shared with a card reader.
        key_name: Option<String>,
        /// The version of that key.
        key_version: Option<u32>,
        /// Whether it answered when it was last spoken to; None before that.
        well: Option<bool>,
        /// When it was last spoken to.
        asked_at: Option<Timestamp>,
        /// When it last did not answer.
        last_error_at: Option<Timestamp>,
    }

    /// The devices on the counter.
    CounterView {
        /// The devices.
        devices: Vec<CounterDeviceView>,
        /// What scales speak.
        protocols: Vec<String>,
        /// What card readers speak.
        card_protocols: Vec<String>,
    }

    /// Something that happened at a device, or how a print or card payment went there.
    DeviceLogEntry {
        /// When.
        at: Timestamp,
        /// `printer`, `scale`, `scanner`, `display` or `card`.
        kind: String,
        /// What people here called the device.
        name: String,
        /// `set_up`, `changed`, `removed`, `well` or `unwell`; `print_` with how a print stands; `payment_` or `refund_`
        /// with how it stands at the card reader.
        what: String,
        /// What a person calls the print.
        subject: Option<String>,
        /// The closed word for what went wrong.
        problem: Option<String>,
        /// The driver's or the reader's own words, or where the device is.
        detail: Option<String>,
    }

    /// What happened at the devices.
    DeviceLogView {
        /// The newest first.
        entries: Vec<DeviceLogEntry>,
    }

    /// Setting a device up, or changing one.
    CounterDeviceInput {
        /// Which; None is a new one.
        counter_device_id: Option<CounterDeviceId>,
        /// `scale`, `scanner`, `display` or `card`.
        kind: String,
        /// What people here call it.
        name: String,
        /// Where it is.
        target: String,
        /// What a scale or a card reader speaks.
        protocol: Option<String>,
        /// The unit of a scale that names none; None is kilograms.
        unit: Option<String>,
        /// The most that a scale weighs, in grams; None is 15,000.
        capacity_g: Option<u32>,
        /// What its provider calls a card reader.
        reader: Option<String>,
        /// The password, passphrase or key that a card reader wants; None keeps the one that is set.
        secret: Option<String>,
        /// The name of the key shared with a card reader.
        key_name: Option<String>,
        /// The version of that key.
        key_version: Option<u32>,
    }

    /// Naming a device.
    CounterDeviceIdInput {
        /// The device.
        counter_device_id: CounterDeviceId,
    }

    /// Asking for the weight.
    ScaleInput {
        /// What the packaging weighs, in grams.
        tare_g: u32,
    }

    /// What lies on the scale.
    ScaleView {
        /// `stable`, `moving`, `nothing`, `too_heavy`, `fault`, `unreachable`, `asking` before the first answer, or `none`
        /// when no scale is set up.
        state: String,
        /// What lies there with its packaging, in grams, at rest.
        grams: Option<u32>,
        /// What can be sold: at rest, without packaging, in kilograms.
        quantity: Option<Quantity>,
    }

    /// Codes that scanners read.
    ScansView {
        /// The codes, oldest first; each is given once.
        codes: Vec<String>,
    }
}
