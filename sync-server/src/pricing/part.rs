//! What headquarters states about prices, in parts: a tax, a campaign, a price list, an outlet's settings. Each is drafted,
//! activated from a moment on, and taken back; the server makes the price books of all parts in force.

use rand_core::RngCore;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use shared::ids::{OutletId, PriceListId, PricingPartId, PromotionId, TaxId};
use shared::money::RoundingMode;
use shared::pricing::book::{DiscountTiming, PriceList, ServiceRule};
use shared::pricing::schedule::Schedule;
use shared::pricing::{CashRounding, Promotion, TaxRounding, TaxRule};
use shared::{Clock, Timestamp};

/// The most promotions of a campaign and prices of a list.
const MOST: usize = 20_000;

/// What a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A tax, or another rate of one that the outlet has.
    Tax,
    /// Promotions that belong together.
    Campaign,
    /// A price list: prices for some customers, channels, quantities or hours.
    PricingRule,
    /// How an outlet rounds, charges for service and takes cash.
    PriceBook,
}

impl Kind {
    /// As it is stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tax => "tax",
            Self::Campaign => "campaign",
            Self::PricingRule => "pricing_rule",
            Self::PriceBook => "price_book",
        }
    }

    /// From how it is stored.
    pub fn of(name: &str) -> Option<Self> {
        [Self::Tax, Self::Campaign, Self::PricingRule, Self::PriceBook]
            .into_iter()
            .find(|kind| kind.name() == name)
    }

    /// As people call it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Tax => "tax",
            Self::Campaign => "campaign",
            Self::PricingRule => "pricing rule",
            Self::PriceBook => "price book",
        }
    }
}

/// How far a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Being written; no till knows of it.
    Draft,
    /// In force, or will be from its beginning on.
    Active,
    /// Taken back.
    Inactive,
}

impl State {
    /// As it is stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Active => "active",
            Self::Inactive => "inactive",
        }
    }

    /// From how it is stored.
    pub fn of(name: &str) -> Option<Self> {
        [Self::Draft, Self::Active, Self::Inactive].into_iter().find(|state| state.name() == name)
    }
}

/// An outlet's settings, in the place of its own rules.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// How amounts become minor units.
    #[serde(default)]
    pub rounding: RoundingMode,
    /// Where taxes are rounded.
    #[serde(default)]
    pub tax_rounding: TaxRounding,
    /// When a discount by hand on the order comes off.
    #[serde(default)]
    pub discount_timing: DiscountTiming,
    /// The service charge.
    #[serde(default)]
    pub service_charge: Option<ServiceRule>,
    /// Rounding of what is paid in cash.
    #[serde(default)]
    pub cash_rounding: Option<CashRounding>,
}

/// What a part states.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// The tax.
    Tax(TaxRule),
    /// The promotions.
    Campaign(Vec<Promotion>),
    /// The list.
    PricingRule(PriceList),
    /// The settings.
    PriceBook(Settings),
}

/// A part.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// The part.
    pub id: PricingPartId,
    /// Its name for people; on receipts too, for taxes and lists.
    pub name: String,
    /// How far it is.
    pub state: State,
    /// The outlets it is for; none named is all.
    pub outlet_ids: Vec<OutletId>,
    /// In force from here on; None is at once.
    pub starts_at: Option<Timestamp>,
    /// In force up to here; None is for good.
    pub ends_at: Option<Timestamp>,
    /// What it states.
    pub content: Content,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// Why a part is not taken: the field and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The field.
    pub field: String,
    /// What is wrong.
    pub reason: String,
}

fn wrong(field: impl Into<String>, reason: impl Into<String>) -> Wrong {
    Wrong { field: field.into(), reason: reason.into() }
}

/// The fields that every part has; the others are its content.
const COMMON: [&str; 4] = ["name", "outlet_ids", "starts_at", "ends_at"];

impl Part {
    /// What it is.
    pub fn kind(&self) -> Kind {
        match self.content {
            Content::Tax(_) => Kind::Tax,
            Content::Campaign(_) => Kind::Campaign,
            Content::PricingRule(_) => Kind::PricingRule,
            Content::PriceBook(_) => Kind::PriceBook,
        }
    }

    /// A draft of what was sent.
    ///
    /// # Errors
    /// The first field that is wrong.
    pub fn draft(
        kind: Kind,
        fields: Map<String, Value>,
        clock: &dyn Clock,
        rng: &mut dyn RngCore,
    ) -> Result<Self, Wrong> {
        let id = PricingPartId::new(clock, rng);
        let now = clock.now();
        let empty = match kind {
            Kind::Tax => Content::Tax(TaxRule::plain(&shared::pricing::Tax {
                tax_id: TaxId::from_bytes(id.to_bytes()),
                name: String::new(),
                rate_ppm: shared::money::Rate(0),
                included: false,
            })),
            Kind::Campaign => Content::Campaign(Vec::new()),
            Kind::PricingRule => Content::PricingRule(PriceList {
                price_list_id: PriceListId::from_bytes(id.to_bytes()),
                name: String::new(),
                segments: Vec::new(),
                channels: Vec::new(),
                schedule: Schedule::default(),
                priority: 0,
                prices: Vec::new(),
            }),
            Kind::PriceBook => Content::PriceBook(Settings::default()),
        };
        let needed: &[&str] = match kind {
            Kind::Tax => &["name", "kind"],
            Kind::Campaign => &["name", "promotions"],
            Kind::PricingRule => &["name", "prices"],
            Kind::PriceBook => &["name"],
        };
        if let Some(field) = needed.iter().find(|field| !fields.contains_key(**field)) {
            return Err(wrong(*field, format!("`{field}` is missing")));
        }
        let blank = Self {
            id,
            name: String::new(),
            state: State::Draft,
            outlet_ids: Vec::new(),
            starts_at: None,
            ends_at: None,
            content: empty,
            created_at: now,
            updated_at: now,
        };
        blank.changed(fields, clock, rng)
    }

    /// This part with some fields replaced.
    ///
    /// # Errors
    /// The first field that is wrong.
    pub fn changed(
        &self,
        fields: Map<String, Value>,
        clock: &dyn Clock,
        rng: &mut dyn RngCore,
    ) -> Result<Self, Wrong> {
        let mut part = self.clone();
        part.updated_at = clock.now();
        let mut content = content_fields(&self.content);
        let known: Vec<String> = content.keys().cloned().chain(optional_fields(self.kind())).collect();
        for (name, mut value) in fields {
            if COMMON.contains(&name.as_str()) {
                part.set(&name, value)?;
                continue;
            }
            if !known.contains(&name) {
                return Err(wrong(&name, format!("a {} has no field `{name}`", self.kind().word())));
            }
            if name == "promotions" {
                name_promotions(&mut value, clock, rng);
            }
            content.insert(name, value);
        }
        part.content = content_of(self.kind(), &part, Value::Object(content))?;
        part.check()?;
        Ok(part)
    }

    fn set(&mut self, name: &str, value: Value) -> Result<(), Wrong> {
        fn read<T: serde::de::DeserializeOwned>(name: &str, value: Value) -> Result<T, Wrong> {
            serde_json::from_value(value).map_err(|error| wrong(name, error.to_string()))
        }
        match name {
            "name" => self.name = read::<String>(name, value)?.trim().to_owned(),
            "outlet_ids" => self.outlet_ids = read(name, value)?,
            "starts_at" => self.starts_at = read(name, value)?,
            _ => self.ends_at = read(name, value)?,
        }
        Ok(())
    }

    /// Whether it can be one at all; whether it fits the others is seen when the price books are made.
    ///
    /// # Errors
    /// The first field that is wrong.
    pub fn check(&self) -> Result<(), Wrong> {
        let named = (1..=80).contains(&self.name.chars().count()) && !self.name.chars().any(char::is_control);
        if !named {
            return Err(wrong("name", "a name has 1 to 80 visible characters"));
        }
        if self.outlet_ids.len() > 1_000 {
            return Err(wrong("outlet_ids", "at most 1,000 outlets are named; none is all"));
        }
        if let (Some(from), Some(until)) = (self.starts_at, self.ends_at)
            && until <= from
        {
            return Err(wrong("ends_at", format!("`{}` ends before it starts", self.name)));
        }
        match &self.content {
            Content::Campaign(promotions) if promotions.is_empty() || promotions.len() > MOST => {
                Err(wrong("promotions", "a campaign has at least one promotion"))
            }
            Content::PricingRule(list) if list.prices.is_empty() || list.prices.len() > MOST => {
                Err(wrong("prices", format!("a price list has 1 to {MOST} prices")))
            }
            _ => Ok(()),
        }
    }

    /// How far it is at a moment, as people see it.
    pub fn status(&self, now: Timestamp) -> &'static str {
        match self.state {
            State::Draft => "draft",
            State::Inactive => "inactive",
            State::Active if self.ends_at.is_some_and(|until| until <= now) => "ended",
            State::Active if self.starts_at.is_some_and(|from| from > now) => "scheduled",
            State::Active => "active",
        }
    }

    /// Whether it is for an outlet.
    pub fn is_for(&self, outlet: OutletId) -> bool {
        self.outlet_ids.is_empty() || self.outlet_ids.contains(&outlet)
    }

    /// The whole of it as it is answered.
    pub fn shown(&self, now: Timestamp) -> Value {
        let mut fields = content_fields(&self.content);
        let common = [
            ("id", serde_json::json!(self.id)),
            ("name", serde_json::json!(self.name)),
            ("state", serde_json::json!(self.status(now))),
            ("outlet_ids", serde_json::json!(self.outlet_ids)),
            ("starts_at", serde_json::json!(self.starts_at)),
            ("ends_at", serde_json::json!(self.ends_at)),
            ("created_at", serde_json::json!(self.created_at)),
            ("updated_at", serde_json::json!(self.updated_at)),
        ];
        fields.extend(common.map(|(name, value)| (name.to_owned(), value)));
        Value::Object(fields)
    }

    /// What it states, as it is stored.
    pub fn stored(&self) -> Value {
        Value::Object(content_fields(&self.content))
    }

    /// What it states, from how it is stored.
    ///
    /// # Errors
    /// What cannot be read.
    pub fn read_content(&mut self, kind: Kind, stored: Value) -> Result<(), Wrong> {
        self.content = content_of(kind, self, stored)?;
        Ok(())
    }
}

/// Fields of a content that may be left out where it is stored.
fn optional_fields(kind: Kind) -> impl Iterator<Item = String> {
    let names: &[&str] = match kind {
        Kind::Tax => &["rate_ppm", "amount", "tax_ids", "tax_id"],
        _ => &[],
    };
    names.iter().map(|name| (*name).to_owned())
}

fn content_fields(content: &Content) -> Map<String, Value> {
    let value = match content {
        Content::Tax(tax) => serde_json::to_value(tax),
        Content::Campaign(promotions) => Ok(serde_json::json!({ "promotions": promotions })),
        Content::PricingRule(list) => serde_json::to_value(list),
        Content::PriceBook(settings) => serde_json::to_value(settings),
    };
    let mut fields = match value {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
    for common in ["name", "outlet_ids", "price_list_id"] {
        fields.remove(common);
    }
    fields
}

fn content_of(kind: Kind, part: &Part, mut fields: Value) -> Result<Content, Wrong> {
    fn read<T: serde::de::DeserializeOwned>(fields: Value) -> Result<T, Wrong> {
        serde_json::from_value(fields).map_err(|error| {
            let reason = error.to_string();
            let field = reason.split('`').nth(1).unwrap_or("content").to_owned();
            wrong(field, reason)
        })
    }
    if let Value::Object(fields) = &mut fields {
        fields.insert("name".to_owned(), Value::from(part.name.clone()));
        match kind {
            Kind::Tax => {
                let own = serde_json::json!(part.id);
                fields.entry("tax_id").or_insert(own);
            }
            Kind::PricingRule => {
                fields.insert("price_list_id".to_owned(), serde_json::json!(part.id));
            }
            Kind::Campaign | Kind::PriceBook => {}
        }
    }
    Ok(match kind {
        Kind::Tax => Content::Tax(read(fields)?),
        Kind::Campaign => {
            let promotions = fields.get_mut("promotions").map(Value::take).unwrap_or_default();
            Content::Campaign(read(promotions)?)
        }
        Kind::PricingRule => Content::PricingRule(read(fields)?),
        Kind::PriceBook => Content::PriceBook(read(fields)?),
    })
}

/// Gives promotions ids that have none.
fn name_promotions(promotions: &mut Value, clock: &dyn Clock, rng: &mut dyn RngCore) {
    for promotion in promotions.as_array_mut().into_iter().flatten() {
        if let Some(fields) = promotion.as_object_mut()
            && fields.get("promotion_id").is_none_or(Value::is_null)
        {
            let id = PromotionId::new(clock, rng);
            fields.insert("promotion_id".to_owned(), serde_json::json!(id));
        }
    }
}
