//! The computed order of a basket as JSON.

use serde_json::{Value, json};

use super::BasketError;
use super::prepared::{Cash, Prepared};
use crate::ids::{PromotionId, TaxId};
use crate::money::{Money, MoneyError};
use crate::pricing::{Computed, PricedLine, TaxAmount, Treatment, round_cash};

impl Prepared {
    /// The answer to a basket.
    pub(super) fn answer(&self, computed: &Computed) -> Result<Value, BasketError> {
        let beyond = |error: MoneyError| BasketError::new("overflow", "", error.to_string());
        let order = &computed.order;
        let lines: Result<Vec<Value>, MoneyError> =
            order.lines.iter().zip(&self.line_names).map(|(line, name)| self.line(line, name)).collect();
        let rounding = self.rounding(order.total)?;
        let payable = order.total.add(rounding).map_err(beyond)?;
        let promotion = |id: &PromotionId| self.promotion_name(*id);
        let withheld = computed.withheld.iter().map(|(id, why)| json!({ "id": promotion(id), "why": why }));
        let uses = computed.uses.iter().map(
            |used| json!({ "id": promotion(&used.promotion_id), "coupon": used.coupon, "times": used.times }),
        );
        Ok(json!({
            "currency": self.names.currency,
            "lines": lines.map_err(beyond)?,
            "subtotal": self.text(order.subtotal),
            "discount_total": self.text(order.discount_total),
            "service_charge": self.text(order.service_charge),
            "tax_total": self.text(order.tax_total),
            "taxes": self.taxes(&order.taxes),
            "rounding": self.text(rounding),
            "total": self.text(order.total),
            "payable": self.text(payable),
            "promotions": uses.collect::<Vec<_>>(),
            "withheld": withheld.collect::<Vec<_>>(),
            "idle_coupons": computed.idle_coupons,
        }))
    }

    /// Rounding of the part that is paid in cash.
    fn rounding(&self, total: Money) -> Result<Money, BasketError> {
        let beyond = |error: MoneyError| BasketError::new("overflow", "/cash", error.to_string());
        let cash = match self.cash {
            Cash::None => return Ok(Money::zero(total.currency())),
            Cash::All => total,
            Cash::Part(part) if part.minor() > total.minor() => {
                return Err(BasketError::new("cash", "/cash", "more than the total is to be paid in cash"));
            }
            Cash::Part(part) => part,
        };
        let rule = self.ready.book().cash_rounding.as_ref();
        round_cash(cash, rule).and_then(|paid| paid.sub(cash)).map_err(beyond)
    }

    fn text(&self, money: Money) -> String {
        money.to_decimal(self.names.digits)
    }

    fn line(&self, line: &PricedLine, name: &str) -> Result<Value, MoneyError> {
        let on_top = line.taxes.iter().filter(|tax| !tax.included).map(|tax| tax.amount);
        let on_top = Money::sum(line.net.currency(), on_top)?;
        let discounts = line.gross.sub(line.net)?;
        let promotions = line.promotions.iter().map(|applied| {
            json!({
                "id": self.promotion_name(applied.promotion_id), "name": applied.name, "why": applied.why,
                "amount": self.text(applied.amount), "pieces": applied.pieces, "coupon": applied.coupon,
            })
        });
        let mut answer = json!({
            "id": name,
            "gross": self.text(line.gross),
            "discounts": self.text(discounts),
            "line_discount": self.text(line.line_discount),
            "promotions": promotions.collect::<Vec<_>>(),
            "order_discount": self.text(line.order_discount),
            "net": self.text(line.net),
            "taxes": self.taxes(&line.taxes),
            "total": self.text(line.net.add(on_top)?),
            "share": self.text(line.share),
            "tax_share": self.text(line.tax_share),
        });
        if let Some(listed) = &line.listed {
            answer["listed"] = json!({ "name": listed.name, "unit_price": listed.unit_price });
        }
        if let Some(amount) = line.after_tax_discount {
            answer["after_tax_discount"] = json!(self.text(amount));
        }
        Ok(answer)
    }

    fn taxes(&self, taxes: &[TaxAmount]) -> Vec<Value> {
        let tax = |tax: &TaxAmount| {
            let mut answer = json!({
                "id": self.tax_name(tax.tax_id), "base": self.text(tax.base), "amount": self.text(tax.amount),
            });
            if tax.treatment != Treatment::Collected {
                answer["treatment"] = json!(tax.treatment);
            }
            answer
        };
        taxes.iter().map(tax).collect()
    }

    fn tax_name(&self, tax_id: TaxId) -> &str {
        let found = self.names.taxes.iter().find(|(_, id)| **id == tax_id);
        found.map_or("", |(name, _)| name.as_str())
    }

    fn promotion_name(&self, promotion_id: PromotionId) -> &str {
        let found = self.names.promotions.iter().find(|(_, id)| **id == promotion_id);
        found.map_or("", |(name, _)| name.as_str())
    }
}
