//! Taxes, the service charge and cash rounding of a basket.

use super::BasketError;
use super::names::{Names, numbered};
use super::read::{Fields, Node, channels};
use crate::ids::TaxId;
use crate::money::Rate;
use crate::pricing::book::{ServiceBase, ServiceRule};
use crate::pricing::{CashRounding, TaxKind, TaxRounding, TaxRule, Treatment};

const TAX: &[&str] = &[
    "id",
    "name",
    "kind",
    "amount",
    "included",
    "affects_next",
    "affected_by_previous",
    "sequence",
    "members",
    "treatment",
    "channels",
];
pub(super) fn taxes(fields: &Fields<'_>, names: &mut Names) -> Result<Vec<TaxRule>, BasketError> {
    let nodes = fields.list("taxes")?;
    for (at, node) in nodes.iter().enumerate() {
        let id = node.fields(TAX)?.need("id")?;
        if names.taxes.insert(id.text()?.to_owned(), TaxId::from_bytes(numbered(at + 1))).is_some() {
            return Err(id.error("tax_twice", "this tax stands twice"));
        }
    }
    nodes.iter().map(|node| tax(node, names)).collect()
}

fn tax(node: &Node<'_>, names: &Names) -> Result<TaxRule, BasketError> {
    let fields = node.fields(TAX)?;
    let id = fields.need("id")?;
    let kind_node = fields.get("kind");
    let kind_text = kind_node.as_ref().map_or(Ok("percent"), Node::text)?;
    let amount = || fields.need("amount");
    let kind = match kind_text {
        "percent" => {
            let node = amount()?;
            let ppm = node.signed_ppm()?;
            let overflow = || node.error("overflow", "the percentage is beyond range");
            let rate_ppm = Rate(u32::try_from(ppm.unsigned_abs()).map_err(|_| overflow())?);
            if ppm < -i64::from(Rate::WHOLE.0) {
                return Err(node.error("percent_above_100", "more than all cannot be withheld"));
            }
            if ppm < 0 { TaxKind::Withheld { rate_ppm } } else { TaxKind::Percent { rate_ppm } }
        }
        "fixed" => {
            let node = amount()?;
            let amount = node.unit_price()?;
            if amount.raw() < 0 {
                return Err(node.error("negative_amount", "an amount below zero is not allowed here"));
            }
            TaxKind::PerUnit { amount }
        }
        "division" => {
            let node = amount()?;
            let rate_ppm = node.rate()?;
            if rate_ppm >= Rate::WHOLE {
                return Err(node.error("percent_above_100", "a part of the price must be below the whole"));
            }
            TaxKind::Division { rate_ppm }
        }
        "group" => TaxKind::Group { tax_ids: names.tax_list(&fields.list("members")?)? },
        _ => {
            return Err(kind_node
                .unwrap_or_else(|| Node { value: node.value, path: node.path.clone() })
                .wrong("percent, fixed, division or group"));
        }
    };
    Ok(TaxRule {
        tax_id: names.tax(&id)?,
        name: fields.or("name", id.text()?.to_owned(), |node| node.text().map(str::to_owned))?,
        kind,
        included: fields.or("included", false, Node::flag)?,
        affects_next: fields.or("affects_next", false, Node::flag)?,
        affected_by_previous: fields.or("affected_by_previous", true, Node::flag)?,
        sequence: fields.or("sequence", 0, Node::whole)?,
        treatment: fields.or("treatment", Treatment::Collected, treatment)?,
        channels: channels(&fields)?,
        outlet_ids: Vec::new(),
    })
}

pub(super) fn treatment(node: &Node<'_>) -> Result<Treatment, BasketError> {
    match node.text()? {
        "collected" => Ok(Treatment::Collected),
        "zero_rated" => Ok(Treatment::ZeroRated),
        "exempt" => Ok(Treatment::Exempt),
        "reverse_charge" => Ok(Treatment::ReverseCharge),
        _ => Err(node.wrong("collected, zero_rated, exempt or reverse_charge")),
    }
}

pub(super) fn tax_rounding(node: &Node<'_>) -> Result<TaxRounding, BasketError> {
    match node.text()? {
        "line" => Ok(TaxRounding::Line),
        "order" => Ok(TaxRounding::Order),
        _ => Err(node.wrong("line or order")),
    }
}

pub(super) fn cash_rounding(node: &Node<'_>, names: &Names) -> Result<CashRounding, BasketError> {
    let fields = node.fields(&["increment", "mode"])?;
    let increment = fields.need("increment")?.amount(names.currency, names.digits)?;
    Ok(CashRounding {
        increment: increment.minor(),
        mode: fields.or("mode", Default::default(), Node::mode)?,
    })
}

pub(super) fn service_charge(node: &Node<'_>, names: &Names) -> Result<ServiceRule, BasketError> {
    let fields = node.fields(&["percent", "taxes", "before_discount", "channels"])?;
    let before = fields.or("before_discount", false, Node::flag)?;
    Ok(ServiceRule {
        rate_ppm: fields.need("percent")?.rate()?,
        tax_ids: names.tax_list(&fields.list("taxes")?)?,
        base: if before { ServiceBase::BeforeDiscount } else { ServiceBase::AfterDiscount },
        channels: channels(&fields)?,
    })
}
