//! The demo files hold together, and seeding is repeatable.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::collections::HashSet;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use shared::catalogue::{Item, Unit};
use shared::ids::LineId;
use shared::order::{TenderGiven, TenderKind, settle};
use shared::pricing::{PriceLine, price};
use shared::wire::entity;
use shared::{Money, Quantity, UnitPrice};
use sqlx::Row as _;

use super::plan::{self, Plan, PlannedOutlet};
use super::*;
use crate::seams::SystemClock;
use crate::{Config, prepare};

fn outlet(plan: &Plan, code: &str) -> usize {
    plan.outlets.iter().position(|planned| planned.outlet.code == code).unwrap()
}

fn all_items(plan: &Plan) -> impl Iterator<Item = (&PlannedOutlet, &Item)> {
    plan.outlets.iter().flat_map(|planned| planned.items.iter().map(move |item| (planned, item)))
}

/// The check digit of 12 digits, worked out from the left as GS1 prints it: weights 1, 3, 1, 3 …
fn check_digit(twelve: &str) -> u32 {
    let sum: u32 =
        twelve.bytes().zip([1, 3].into_iter().cycle()).map(|(b, weight)| u32::from(b - b'0') * weight).sum();
    (10 - sum % 10) % 10
}

#[test]
fn both_shops_are_well_stocked() {
    let plan = plan::read().unwrap();
    let counts: Vec<(&str, usize)> =
        plan.outlets.iter().map(|planned| (planned.outlet.code.as_str(), planned.items.len())).collect();
    assert!(counts.iter().all(|(_, count)| *count >= 80), "{counts:?}");
    assert!(counts.iter().map(|(_, count)| count).sum::<usize>() >= 170, "{counts:?}");
    let cafe = &plan.outlets[outlet(&plan, "KOPI")];
    assert!(cafe.items.iter().any(|item| !item.variants.is_empty()));
    assert!(cafe.items.iter().flat_map(|item| &item.modifier_groups).any(|group| group.min == 0));
    assert!(cafe.items.iter().flat_map(|item| &item.modifier_groups).any(|group| group.min == 1));
    let market = &plan.outlets[outlet(&plan, "CHO")];
    assert!(market.items.iter().filter(|item| item.unit == Unit::Kilogram).count() >= 30);
}

#[test]
fn every_market_item_can_be_scanned_by_a_code_that_belongs_to_no_maker() {
    let plan = plan::read().unwrap();
    for item in &plan.outlets[outlet(&plan, "CHO")].items {
        let codes: Vec<&str> = item
            .barcodes
            .iter()
            .chain(item.variants.iter().flat_map(|variant| &variant.barcodes))
            .map(|barcode| barcode.as_str())
            .collect();
        assert!(!codes.is_empty(), "{}", item.sku);
        for code in codes {
            if item.unit == Unit::Kilogram {
                assert_eq!(code.len(), 4, "{}", item.sku);
            } else {
                assert!(code.len() == 13 && code.starts_with("20"), "{}: {code}", item.sku);
                assert_eq!(code[12..].parse(), Ok(check_digit(&code[..12])), "{}: {code}", item.sku);
            }
        }
    }
}

#[test]
fn no_code_or_id_stands_twice_in_the_business() {
    let plan = plan::read().unwrap();
    let (mut skus, mut barcodes, mut ids) = (HashSet::new(), HashSet::new(), HashSet::new());
    for (_, item) in all_items(&plan) {
        assert!(skus.insert(item.sku.to_string()), "{}", item.sku);
        assert!(ids.insert(item.item_id.to_string()), "{}", item.sku);
        assert!(ids.insert(item.picture_id.unwrap().to_string()), "{}", item.sku);
        for variant in &item.variants {
            assert!(skus.insert(variant.sku.to_string()), "{}", variant.sku);
            assert!(ids.insert(variant.variant_id.to_string()), "{}", variant.sku);
        }
        for barcode in item.barcodes.iter().chain(item.variants.iter().flat_map(|variant| &variant.barcodes))
        {
            assert!(barcodes.insert(barcode.clone()), "{}: {barcode}", item.sku);
        }
    }
    for planned in &plan.outlets {
        for category in &planned.categories {
            assert!(ids.insert(category.category_id.to_string()), "{}", category.name);
            let count =
                planned.items.iter().filter(|item| item.category_id == Some(category.category_id)).count();
            assert!(count > 0, "{} is empty", category.name);
        }
    }
}

#[test]
fn names_on_one_shelf_differ() {
    let plan = plan::read().unwrap();
    let mut names = HashSet::new();
    for (planned, item) in all_items(&plan) {
        assert!(names.insert((planned.outlet.code.clone(), item.name.to_lowercase())), "{}", item.name);
    }
}

#[test]
fn the_catalogue_takes_every_item_category_and_picture() {
    let plan = plan::read().unwrap();
    for (planned, item) in all_items(&plan) {
        catalog::rules::check_item(item).unwrap();
        let category = item.category_id.unwrap();
        assert!(planned.categories.iter().any(|known| known.category_id == category), "{}", item.sku);
        for group in &item.modifier_groups {
            let choices = group.modifiers.len();
            assert!(
                group.min <= group.max && usize::from(group.max) <= choices,
                "{}: {}",
                item.sku,
                group.name
            );
        }
    }
    for planned in &plan.outlets {
        planned.categories.iter().for_each(|category| catalog::rules::check_category(category).unwrap());
        assert_eq!(planned.pictures.len(), planned.items.len());
    }
}

#[test]
fn every_item_has_a_small_picture_of_its_own_that_only_draws() {
    let plan = plan::read().unwrap();
    let mut seen = HashSet::new();
    for planned in &plan.outlets {
        for (item, picture) in planned.items.iter().zip(&planned.pictures) {
            assert_eq!(item.picture_id, Some(picture.picture_id), "{}", item.sku);
            let svg = STANDARD.decode(&picture.base64).unwrap();
            assert!(svg.len() <= 2048, "{}: {} bytes", item.sku, svg.len());
            catalog::picture::check_picture(&picture.media_type, &svg).unwrap();
            let svg = String::from_utf8(svg).unwrap();
            for forbidden in ["<script", "<text", "href", "url(", "<image", "<style"] {
                assert!(!svg.contains(forbidden), "{}: {forbidden}", item.sku);
            }
            assert!(svg.contains("viewBox=\"0 0 96 96\""), "{}", item.sku);
            assert!(seen.insert(svg), "{} has the picture of another item", item.sku);
        }
    }
}

/// One of everything (a quarter of a kilogram of what is weighed), every variant and the dearest choices.
fn basket(planned: &PlannedOutlet) -> Vec<PriceLine> {
    let mut lines = Vec::new();
    for item in &planned.items {
        let extras = item.modifier_groups.iter().map(|group| {
            let dearest = group.modifiers.iter().map(|modifier| modifier.unit_price).max().unwrap();
            if group.max > 0 { dearest } else { UnitPrice::ZERO }
        });
        let extra = extras.fold(UnitPrice::ZERO, |sum, price| sum.add(price).unwrap());
        let prices = match item.variants.as_slice() {
            [] => vec![item.unit_price.unwrap()],
            variants => variants.iter().map(|variant| variant.unit_price).collect(),
        };
        for unit_price in prices {
            lines.push(PriceLine {
                line_id: LineId::from_bytes(ids::fixed(
                    "test line",
                    &format!("{}/{}", item.sku, lines.len()),
                )),
                unit_price: unit_price.add(extra).unwrap(),
                quantity: match item.unit {
                    Unit::Piece => Quantity::ONE,
                    Unit::Kilogram => Quantity::from_thousandths(257),
                },
                tax_ids: item.tax_ids.clone(),
                discount: None,
            });
        }
    }
    lines
}

#[test]
fn one_of_everything_can_be_priced_and_paid_in_cash() {
    let plan = plan::read().unwrap();
    for planned in &plan.outlets {
        let rules = &planned.outlet.rules;
        let lines = basket(planned);
        for line in &lines {
            price(rules, std::slice::from_ref(line), None).unwrap();
        }
        let priced = price(rules, &lines, None).unwrap();
        let given = Money::new(priced.total.minor() + 1_000_000, rules.currency);
        let cash = TenderGiven { kind: TenderKind::Cash, given };
        let settled = settle(priced.total, &[cash], rules.cash_rounding.as_ref()).unwrap();
        let step = rules.cash_rounding.unwrap().increment;
        assert_eq!(settled.amounts[0].1.minor() % step, 0, "{}", planned.outlet.code);
    }
}

#[test]
fn an_espresso_costs_what_the_wall_says_with_service_and_pb1() {
    let plan = plan::read().unwrap();
    let cafe = &plan.outlets[outlet(&plan, "KOPI")];
    let espresso = cafe.items.iter().find(|item| item.sku.as_str() == "KP101").unwrap();
    let line = PriceLine {
        line_id: LineId::from_bytes([1; 16]),
        unit_price: espresso.variants[0].unit_price,
        quantity: Quantity::ONE,
        tax_ids: espresso.tax_ids.clone(),
        discount: None,
    };
    let priced = price(&cafe.outlet.rules, &[line], None).unwrap();
    // 18,000 + 5 % service 900 = 18,900; PB1 10 % of that is 1,890.
    assert_eq!(priced.service_charge.minor(), 900);
    assert_eq!(priced.tax_total.minor(), 1_890);
    assert_eq!(priced.total.minor(), 20_790);
}

#[test]
fn market_prices_hold_their_tax() {
    let plan = plan::read().unwrap();
    let market = &plan.outlets[outlet(&plan, "CHO")];
    let lines = basket(market);
    let priced = price(&market.outlet.rules, &lines, None).unwrap();
    assert_eq!(priced.total, priced.subtotal);
    assert!(priced.tax_total.minor() > 0);
}

#[test]
fn every_pin_is_of_one_person_and_hard_to_guess() {
    let plan = plan::read().unwrap();
    let mut pins = HashSet::new();
    let everyone = std::iter::once(&plan.owner).chain(plan.outlets.iter().flat_map(|planned| &planned.staff));
    for person in everyone {
        assert!(pins.insert(person.pin_text.clone()), "{}", person.name);
        assert!(!person.pin.is_easily_guessed(), "{}", person.name);
    }
    for planned in &plan.outlets {
        for (role, count) in [(Role::Manager, 1), (Role::Cashier, 2), (Role::Kitchen, 1)] {
            let there = planned.staff.iter().filter(|person| person.role == role).count();
            assert_eq!(there, count, "{}: {role:?}", planned.outlet.code);
        }
    }
}

#[test]
fn every_customer_has_a_card_of_their_own_and_is_kept_as_written() {
    let plan = plan::read().unwrap();
    let mut codes = HashSet::new();
    for customer in &plan.customers {
        assert_eq!(customer.clone().checked().unwrap(), *customer);
        assert!(!customer.codes.is_empty(), "{}", customer.name);
        for code in &customer.codes {
            assert!(codes.insert(code.clone()), "{code}");
        }
    }
    assert!(plan.customers.iter().any(|customer| customer.segments == ["member", "gold"]));
}

async fn change_seq(state: &AppState, tenant: TenantId) -> i64 {
    let mut tx = state.db.system().await.unwrap();
    let row = sqlx::query("SELECT change_seq FROM tenants WHERE tenant_id = $1")
        .bind(tenant.to_string())
        .fetch_one(&mut *tx)
        .await
        .unwrap();
    row.try_get(0).unwrap()
}

#[tokio::test]
async fn a_second_seeding_changes_nothing_and_pairs_the_same_terminal() {
    let dir = tempfile::tempdir().unwrap();
    let state = prepare(Config::new(dir.path()), Arc::new(SystemClock)).await.unwrap();
    let first = seed(&state, Some("KOPI")).await.unwrap();
    let rows = change_seq(&state, first.tenant_id).await;
    let plan = plan::read().unwrap();
    let shops: usize = plan
        .outlets
        .iter()
        .map(|planned| 1 + planned.staff.len() + planned.categories.len() + 2 * planned.items.len())
        .sum();
    assert_eq!(rows, i64::try_from(shops + 1 + plan.customers.len()).unwrap());

    let second = seed(&state, Some("KOPI")).await.unwrap();
    assert_eq!(change_seq(&state, first.tenant_id).await, rows);
    assert_eq!(first.outlets, second.outlets);
    assert_ne!(first.pairing_code, second.pairing_code);
    let mut tx = state.db.system().await.unwrap();
    assert_eq!(identity::repo::terminals::all(&mut tx, first.tenant_id).await.unwrap().len(), 1);
    let listed = &first.outlets[0].staff;
    assert_eq!(listed.iter().filter(|person| person.role == Role::Owner).count(), 1);
    assert_eq!(listed.len(), 5);
}

#[tokio::test]
async fn what_was_edited_or_deleted_since_stays_so() {
    let dir = tempfile::tempdir().unwrap();
    let state = prepare(Config::new(dir.path()), Arc::new(SystemClock)).await.unwrap();
    let tenant = seed(&state, None).await.unwrap().tenant_id;
    let plan = plan::read().unwrap();
    let (edited, deleted) = (&plan.outlets[0].items[0], plan.outlets[0].items[1].item_id);
    let mut tx = state.db.write(tenant).await.unwrap();
    let changed = Item { name: "Espresso rumah".into(), ..edited.clone() };
    let outlet = Some(plan.outlets[0].outlet.outlet_id);
    catalog::put_items(&mut tx, tenant, outlet, &[changed], state.clock.now()).await.unwrap();
    catalog::delete_item(&mut tx, tenant, deleted).await.unwrap();
    tx.commit().await.unwrap();

    seed(&state, None).await.unwrap();
    let mut tx = state.db.read(tenant).await.unwrap();
    let body = |id: String| {
        sqlx::query("SELECT body FROM feed_rows WHERE tenant_id = $1 AND entity = $2 AND row_id = $3")
            .bind(tenant.to_string())
            .bind(entity::ITEM)
            .bind(id)
    };
    let kept: Option<String> =
        body(edited.item_id.to_string()).fetch_one(&mut *tx).await.unwrap().try_get(0).unwrap();
    assert!(kept.unwrap().contains("Espresso rumah"));
    let gone: Option<String> =
        body(deleted.to_string()).fetch_one(&mut *tx).await.unwrap().try_get(0).unwrap();
    assert_eq!(gone, None);
}

#[tokio::test]
async fn a_running_server_sees_what_another_process_seeded() {
    let dir = tempfile::tempdir().unwrap();
    let server = crate::start(Config::new(dir.path())).await.unwrap();
    let beside = prepare(Config::new(dir.path()), Arc::new(SystemClock)).await.unwrap();
    let demo = seed(&beside, Some("CHO")).await.unwrap();
    beside.db.close().await;
    let code = demo.pairing_code.unwrap();
    let mut tx = server.state.db.system_write().await.unwrap();
    let now = server.state.clock.now();
    let pairing =
        identity::redeem_pairing_code(&mut tx, &server.state.secrets, &code, now).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    let market = demo.outlets.iter().find(|outlet| outlet.code == "CHO").unwrap();
    assert_eq!((pairing.tenant_id, pairing.outlet_id, pairing.number), (demo.tenant_id, market.outlet_id, 1));
    server.shutdown().await;
}

#[tokio::test]
async fn pairing_at_an_outlet_that_is_not_there_is_refused_and_seeds_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let state = prepare(Config::new(dir.path()), Arc::new(SystemClock)).await.unwrap();
    let refused = seed(&state, Some("TOKO")).await.unwrap_err();
    assert!(matches!(refused, DemoError::Outlet(code) if code == "TOKO"));
    let plan = plan::read().unwrap();
    let present = repo::present(&mut state.db.system().await.unwrap(), plan.tenant_id).await.unwrap();
    assert!(!present.tenant);
}
