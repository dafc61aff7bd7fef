//! What is sold in a basket, and its price lists.

use super::BasketError;
use super::names::{Names, numbered};
use super::promotions::{SCHEDULE, schedule};
use super::read::{Fields, Node, channels, texts};
use crate::ids::{LineId, PriceListId};
use crate::money::Quantity;
use crate::pricing::book::{ListPrice, PriceList};
use crate::pricing::{PriceLine, SaleLine};

const LINE: &[&str] = &[
    "id",
    "sku",
    "name",
    "category",
    "unit_price",
    "quantity",
    "taxes",
    "discount",
    "modifiers",
    "weighed",
    "price_fixed",
];

pub(super) fn lines(
    fields: &Fields<'_>,
    names: &mut Names,
) -> Result<(Vec<SaleLine>, Vec<String>), BasketError> {
    let nodes = fields.need("lines")?.list()?;
    if nodes.len() > crate::cart::MAX_LINES {
        return Err(BasketError::new("too_many", "/lines", "a basket holds at most 5,000 lines"));
    }
    let mut ids = Vec::with_capacity(nodes.len());
    for (at, node) in nodes.iter().enumerate() {
        let id = node.fields(LINE)?.get("id");
        ids.push(id.map_or_else(|| Ok((at + 1).to_string()), |id| id.figure())?);
    }
    // Numbers by size, other texts by letters.
    let mut order: Vec<usize> = (0..ids.len()).collect();
    order.sort_by_key(|at| ids.get(*at).map(|id| (id.len(), id.clone())));
    let mut ranks = vec![0; ids.len()];
    for (rank, at) in order.iter().enumerate() {
        if let Some(place) = ranks.get_mut(*at) {
            *place = rank + 1;
        }
    }
    if let Some(two) = order.windows(2).find(|two| matches!(two, [a, b] if ids.get(*a) == ids.get(*b))) {
        let at = two.last().copied().unwrap_or_default();
        return Err(BasketError::new("twice", format!("/lines/{at}/id"), "this line stands twice"));
    }
    let mut lines = Vec::with_capacity(nodes.len());
    for (node, rank) in nodes.iter().zip(ranks) {
        lines.push(line(node, rank, names)?);
    }
    Ok((lines, ids))
}

fn line(node: &Node<'_>, rank: usize, names: &mut Names) -> Result<SaleLine, BasketError> {
    let fields = node.fields(LINE)?;
    let price_node = fields.need("unit_price")?;
    let own = price_node.unit_price()?;
    let mut unit_price = own;
    for modifier in fields.list("modifiers")? {
        let of = modifier.fields(&["id", "name", "unit_price", "quantity"])?;
        let times = of.or("quantity", 1, Node::count)?;
        let price = of.need("unit_price")?.unit_price()?;
        let overflow = || modifier.error("overflow", "the price is beyond range");
        let all = price.raw().checked_mul(i64::from(times)).ok_or_else(overflow)?;
        unit_price = unit_price
            .add(crate::UnitPrice::from_ten_thousandths(all))
            .map_err(|_| modifier.error("overflow", "the price is beyond range"))?;
    }
    if own.raw() < 0 || unit_price.raw() < 0 {
        return Err(price_node.error("negative_price", "a price below zero is not allowed"));
    }
    let quantity_node = fields.need("quantity")?;
    let quantity = quantity_node.quantity()?;
    if !quantity.is_positive() {
        return Err(quantity_node.error("negative_quantity", "a quantity must be above zero"));
    }
    let discount = fields.maybe("discount", |node| names.discount(&node.fields(&["percent", "amount"])?))?;
    let sku = fields.maybe("sku", |node| node.text())?;
    let category = fields.maybe("category", |node| node.text())?;
    let fixed = fields.or("price_fixed", false, Node::flag)?;
    Ok(SaleLine {
        price: PriceLine {
            line_id: LineId::from_bytes(numbered(rank)),
            unit_price,
            quantity,
            tax_ids: names.tax_list(&fields.list("taxes")?)?,
            discount,
        },
        item_id: sku.map(|sku| names.item(sku)),
        variant_id: None,
        category_id: category.map(|category| names.category(category)),
        weighed: fields.or("weighed", false, Node::flag)?,
        own_price: (!fixed).then_some(own),
    })
}

pub(super) fn price_lists(fields: &Fields<'_>, names: &mut Names) -> Result<Vec<PriceList>, BasketError> {
    let mut lists = Vec::new();
    for (at, node) in fields.list("price_lists")?.iter().enumerate() {
        let mut allowed = vec!["id", "name", "segments", "channels", "priority", "prices"];
        allowed.extend(SCHEDULE);
        let of = node.fields(&allowed)?;
        let mut prices = Vec::new();
        for price in of.need("prices")?.list()? {
            let of = price.fields(&["sku", "from_quantity", "unit_price"])?;
            let price_node = of.need("unit_price")?;
            let unit_price = price_node.unit_price()?;
            if unit_price.raw() < 0 {
                return Err(price_node.error("negative_price", "a price below zero is not allowed"));
            }
            prices.push(ListPrice {
                item_id: names.item(of.need("sku")?.text()?),
                variant_id: None,
                from_quantity: of.or("from_quantity", Quantity::ZERO, Node::quantity)?,
                unit_price,
            });
        }
        let id = of.need("id")?.text()?.to_owned();
        lists.push(PriceList {
            price_list_id: PriceListId::from_bytes(numbered(at + 1)),
            name: of.or("name", id, |node| node.text().map(str::to_owned))?,
            segments: texts(&of, "segments")?,
            channels: channels(&of)?,
            schedule: schedule(node, &of)?,
            priority: of.or("priority", 0, Node::whole)?,
            prices,
        });
    }
    Ok(lists)
}
