//! Reading JSON with the place of every mistake.

use serde_json::{Map, Value};

use super::BasketError;
use crate::clock::Timestamp;
use crate::money::{CurrencyCode, Money, Quantity, Rate, RoundingMode, UnitPrice};
use crate::pricing::Channel;

/// A value and its place.
pub(super) struct Node<'a> {
    pub(super) value: &'a Value,
    pub(super) path: String,
}

/// The fields of an object; those not among the allowed are refused, so that a slip of the pen changes no price.
pub(super) struct Fields<'a> {
    map: &'a Map<String, Value>,
    path: String,
}

impl<'a> Fields<'a> {
    pub(super) fn get(&self, name: &str) -> Option<Node<'a>> {
        let value = self.map.get(name).filter(|value| !value.is_null())?;
        Some(Node { value, path: format!("{}/{name}", self.path) })
    }

    pub(super) fn need(&self, name: &'static str) -> Result<Node<'a>, BasketError> {
        let missing = || BasketError::new("missing", format!("{}/{name}", self.path), "this must be stated");
        self.get(name).ok_or_else(missing)
    }

    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// A field read by `read`, or what stands for it when it is not there.
    pub(super) fn or<T>(
        &self,
        name: &str,
        default: T,
        read: impl FnOnce(&Node<'a>) -> Result<T, BasketError>,
    ) -> Result<T, BasketError> {
        self.get(name).map_or(Ok(default), |node| read(&node))
    }

    /// A field read by `read` when it is there.
    pub(super) fn maybe<T>(
        &self,
        name: &str,
        read: impl FnOnce(&Node<'a>) -> Result<T, BasketError>,
    ) -> Result<Option<T>, BasketError> {
        self.get(name).map(|node| read(&node)).transpose()
    }

    /// The nodes of a list; nothing when it is not there.
    pub(super) fn list(&self, name: &str) -> Result<Vec<Node<'a>>, BasketError> {
        self.get(name).map_or(Ok(Vec::new()), |node| node.list())
    }
}

impl<'a> Node<'a> {
    pub(super) fn root(value: &'a Value) -> Self {
        Self { value, path: String::new() }
    }

    pub(super) fn wrong(&self, expected: &str) -> BasketError {
        BasketError::new("malformed", self.path.clone(), format!("{expected} is expected here"))
    }

    pub(super) fn error(&self, code: &'static str, message: impl Into<String>) -> BasketError {
        BasketError::new(code, self.path.clone(), message)
    }

    pub(super) fn fields(&self, allowed: &[&str]) -> Result<Fields<'a>, BasketError> {
        let Value::Object(map) = self.value else { return Err(self.wrong("an object")) };
        if let Some(odd) = map.keys().find(|key| !allowed.contains(&key.as_str())) {
            let known = allowed.join(", ");
            let path = format!("{}/{odd}", self.path);
            return Err(BasketError::new("unknown_field", path, format!("only {known} are known here")));
        }
        Ok(Fields { map, path: self.path.clone() })
    }

    pub(super) fn list(&self) -> Result<Vec<Node<'a>>, BasketError> {
        let Value::Array(values) = self.value else { return Err(self.wrong("a list")) };
        let node = |(at, value)| Node { value, path: format!("{}/{at}", self.path) };
        Ok(values.iter().enumerate().map(node).collect())
    }

    pub(super) fn text(&self) -> Result<&'a str, BasketError> {
        self.value.as_str().ok_or_else(|| self.wrong("a text"))
    }

    pub(super) fn texts(&self) -> Result<Vec<String>, BasketError> {
        self.list()?.iter().map(|node| node.text().map(str::to_owned)).collect()
    }

    pub(super) fn flag(&self) -> Result<bool, BasketError> {
        self.value.as_bool().ok_or_else(|| self.wrong("true or false"))
    }

    pub(super) fn count(&self) -> Result<u32, BasketError> {
        let number = self.value.as_u64().or_else(|| self.value.as_str()?.parse().ok());
        let wrong = || self.wrong("a whole number that is not below zero");
        if self.figure().is_ok_and(|text| text.starts_with('-')) {
            return Err(self.error("negative_quantity", "a quantity below zero is not allowed"));
        }
        number.and_then(|number| u32::try_from(number).ok()).ok_or_else(wrong)
    }

    pub(super) fn whole(&self) -> Result<i32, BasketError> {
        let number = self.value.as_i64().or_else(|| self.value.as_str()?.parse().ok());
        number.and_then(|number| i32::try_from(number).ok()).ok_or_else(|| self.wrong("a whole number"))
    }

    /// A decimal as text, or a whole number; fractions as JSON numbers are refused, because they have no exact value.
    pub(super) fn figure(&self) -> Result<String, BasketError> {
        match self.value {
            Value::String(text) => Ok(text.clone()),
            Value::Number(number) if number.is_i64() || number.is_u64() => Ok(number.to_string()),
            _ => Err(self.wrong("a decimal as text, such as \"12.50\",")),
        }
    }

    pub(super) fn unit_price(&self) -> Result<UnitPrice, BasketError> {
        self.figure()?.parse().map_err(|error| self.money(error))
    }

    pub(super) fn quantity(&self) -> Result<Quantity, BasketError> {
        let quantity: Quantity = self.figure()?.parse().map_err(|error| self.money(error))?;
        if quantity.raw() < 0 {
            return Err(self.error("negative_quantity", "a quantity below zero is not allowed"));
        }
        Ok(quantity)
    }

    /// A percentage in parts per million, below zero too.
    pub(super) fn signed_ppm(&self) -> Result<i64, BasketError> {
        Ok(self.unit_price()?.raw())
    }

    pub(super) fn rate(&self) -> Result<Rate, BasketError> {
        let ppm = self.signed_ppm()?;
        if ppm < 0 {
            return Err(self.error("negative_percent", "a percentage below zero is not allowed here"));
        }
        u32::try_from(ppm).map(Rate).map_err(|_| self.error("overflow", "the percentage is beyond range"))
    }

    /// A percentage of at most the whole.
    pub(super) fn part(&self) -> Result<Rate, BasketError> {
        let rate = self.rate()?;
        if rate > Rate::WHOLE {
            return Err(self.error("percent_above_100", "a percentage above 100 is not allowed here"));
        }
        Ok(rate)
    }

    pub(super) fn amount(&self, currency: CurrencyCode, digits: u8) -> Result<Money, BasketError> {
        let price = self.unit_price()?;
        let step = 10_i64.pow(u32::from(4_u8.saturating_sub(digits)));
        if price.raw() % step != 0 {
            return Err(self.wrong(&format!("an amount with at most {digits} decimals")));
        }
        if price.raw() < 0 {
            return Err(self.error("negative_amount", "an amount below zero is not allowed here"));
        }
        Ok(Money::new(price.raw() / step, currency))
    }

    pub(super) fn mode(&self) -> Result<RoundingMode, BasketError> {
        match self.text()? {
            "half_up" | "nearest" => Ok(RoundingMode::HalfUp),
            "half_even" => Ok(RoundingMode::HalfEven),
            "up" => Ok(RoundingMode::Up),
            "down" => Ok(RoundingMode::Down),
            _ => Err(self.wrong("half_up (or nearest), half_even, up or down")),
        }
    }

    fn money(&self, error: crate::money::MoneyError) -> BasketError {
        let code = match error {
            crate::money::MoneyError::Overflow => "overflow",
            _ => "malformed",
        };
        self.error(code, error.to_string())
    }
}

pub(super) fn channel(node: &Node<'_>) -> Result<Channel, BasketError> {
    match node.text()? {
        "counter" => Ok(Channel::Counter),
        "table" | "eat_in" => Ok(Channel::Table),
        "take_away" => Ok(Channel::TakeAway),
        "self_order" => Ok(Channel::SelfOrder),
        "delivery" => Ok(Channel::Delivery),
        _ => Err(node.wrong("counter, table (or eat_in), take_away, self_order or delivery")),
    }
}

pub(super) fn channels(fields: &Fields<'_>) -> Result<Vec<Channel>, BasketError> {
    fields.list("channels")?.iter().map(channel).collect()
}

pub(super) fn texts(fields: &Fields<'_>, name: &str) -> Result<Vec<String>, BasketError> {
    fields.or(name, Vec::new(), Node::texts)
}

/// A moment as RFC 3339 text or milliseconds since 1970.
pub(super) fn moment(node: &Node<'_>) -> Result<Timestamp, BasketError> {
    if let Some(millis) = node.value.as_i64() {
        return Ok(Timestamp::from_millis(millis));
    }
    let moment: Result<jiff::Timestamp, _> = node.text()?.parse();
    let moment = moment.map_err(|_| node.wrong("a moment such as 2026-03-01T12:00:00Z"))?;
    Ok(Timestamp::from_millis(moment.as_millisecond()))
}
