//! The outlets of a business and how they trade.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use shared::CurrencyCode;
use shared::ids::OutletId;
use shared::order::TenderKind;
use shared::outlet::{Layouts, Outlet};
use shared::pricing::PriceRules;
use shared::staff::Permission;
use utoipa::ToSchema;

use crate::app::AppState;
use crate::error::ApiError;
use crate::extract::{JsonBody, PathId, present};
use crate::identity::{IdentityError, Principal, put_outlet, repo, rules};
use crate::openapi::{LayoutsDocument, OutletDocument, Problems};
use crate::pricing::{self, books};

/// All outlets.
#[derive(Serialize, ToSchema)]
pub struct OutletList {
    /// The outlets, by code.
    #[schema(value_type = Vec<OutletDocument>)]
    outlets: Vec<Outlet>,
}

/// An outlet to be opened; what is left out begins with a usual value.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOutlet {
    /// Begins its receipt numbers: 1–8 capital letters and digits.
    #[schema(example = "KOTA")]
    code: String,
    /// The name on the receipt.
    name: String,
    /// Address lines on the receipt.
    #[serde(default)]
    address: Vec<String>,
    /// The tax or business number printed on the receipt.
    #[serde(default)]
    tax_number: Option<String>,
    /// The IANA time zone.
    #[schema(example = "Asia/Jakarta")]
    zone: String,
    /// Minutes after midnight at which a business day ends (0–720).
    #[serde(default)]
    day_cutoff_minutes: u16,
    /// `en`, `id` or `vi`.
    #[serde(default = "english")]
    locale: String,
    /// ISO 4217.
    #[schema(value_type = String, example = "IDR")]
    currency: CurrencyCode,
    /// Decimals of the minor unit in use here; those of ISO 4217 when left out.
    #[serde(default)]
    digits: Option<u8>,
    /// Taxes, service charge and roundings.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    rules: Option<PriceRules>,
    /// Notes and coins that customers commonly hand over, in minor units, ascending.
    #[serde(default)]
    notes: Vec<i64>,
    /// Lines under the receipt.
    #[serde(default)]
    receipt_footer: Vec<String>,
    /// What the QR code on the receipt holds.
    #[serde(default)]
    receipt_qr: Option<String>,
    /// The means of payment, cash first.
    #[serde(default = "cash")]
    #[schema(value_type = Vec<String>, example = json!(["cash", "card"]))]
    tenders: Vec<TenderKind>,
}

fn english() -> String {
    "en".to_owned()
}

fn cash() -> Vec<TenderKind> {
    vec![TenderKind::Cash]
}

/// What changes of an outlet; what is left out stays. Code and currency never change: receipts carry them.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OutletChange {
    /// The name on the receipt.
    name: Option<String>,
    /// Address lines on the receipt.
    address: Option<Vec<String>>,
    /// The tax or business number; null prints none.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    tax_number: Option<Option<String>>,
    /// The IANA time zone.
    zone: Option<String>,
    /// Minutes after midnight at which a business day ends (0–720).
    day_cutoff_minutes: Option<u16>,
    /// `en`, `id` or `vi`.
    locale: Option<String>,
    /// Taxes, service charge and roundings; a change begins a new version of the price book.
    #[schema(value_type = Option<Object>)]
    rules: Option<PriceRules>,
    /// Notes and coins that customers commonly hand over, in minor units, ascending.
    notes: Option<Vec<i64>>,
    /// Lines under the receipt.
    receipt_footer: Option<Vec<String>>,
    /// What the QR code on the receipt holds; null prints none.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    receipt_qr: Option<Option<String>>,
    /// The means of payment, cash first.
    #[schema(value_type = Option<Vec<String>>)]
    tenders: Option<Vec<TenderKind>>,
    /// How receipts and tickets look; null is as built in.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<LayoutsDocument>)]
    layouts: Option<Option<Layouts>>,
}

impl OutletChange {
    fn apply(self, outlet: &mut Outlet) {
        fn set<T>(field: &mut T, value: Option<T>) {
            if let Some(value) = value {
                *field = value;
            }
        }
        set(&mut outlet.name, self.name);
        set(&mut outlet.address, self.address);
        set(&mut outlet.tax_number, self.tax_number);
        set(&mut outlet.zone, self.zone);
        set(&mut outlet.day_cutoff_minutes, self.day_cutoff_minutes);
        set(&mut outlet.locale, self.locale);
        set(&mut outlet.notes, self.notes);
        set(&mut outlet.receipt_footer, self.receipt_footer);
        set(&mut outlet.receipt_qr, self.receipt_qr);
        set(&mut outlet.tenders, self.tenders);
        set(&mut outlet.rules, self.rules);
        set(&mut outlet.layouts, self.layouts);
    }
}

/// All outlets of the business.
#[utoipa::path(
    get, path = "/api/v1/outlets", tag = "outlets",
    responses((status = 200, description = "The outlets", body = OutletList), Problems)
)]
pub async fn list(State(state): State<AppState>, principal: Principal) -> Result<Json<OutletList>, ApiError> {
    let mut tx = state.db.read(principal.tenant_id).await?;
    let outlets = repo::outlets::all(&mut tx, principal.tenant_id).await?;
    Ok(Json(OutletList { outlets }))
}

/// Open an outlet.
#[utoipa::path(
    post, path = "/api/v1/outlets", tag = "outlets", request_body = NewOutlet,
    responses((status = 201, description = "The outlet", body = OutletDocument), Problems)
)]
pub async fn create(
    State(state): State<AppState>,
    principal: Principal,
    JsonBody(new): JsonBody<NewOutlet>,
) -> Result<(StatusCode, Json<Outlet>), ApiError> {
    principal.require(Permission::EditBusiness)?;
    let digits = new.digits.unwrap_or_else(|| new.currency.iso_digits());
    let mut tx = state.db.write(principal.tenant_id).await?;
    let tenant_name = repo::tenants::name(&mut tx, principal.tenant_id).await?;
    let outlet = Outlet {
        outlet_id: OutletId::new(&*state.clock, &mut state.rng()),
        code: new.code,
        name: rules::visible_name("name", &new.name, 80).map_err(IdentityError::from)?,
        tenant_name: tenant_name.ok_or_else(|| ApiError::not_found("business"))?,
        address: new.address,
        tax_number: new.tax_number,
        zone: new.zone,
        day_cutoff_minutes: new.day_cutoff_minutes,
        locale: new.locale,
        currency: new.currency,
        digits,
        rules: new.rules.unwrap_or_else(|| PriceRules {
            currency: new.currency,
            digits,
            rounding: shared::RoundingMode::default(),
            tax_rounding: shared::pricing::TaxRounding::default(),
            taxes: Vec::new(),
            service_charge: None,
            cash_rounding: None,
        }),
        price_book_version: 1,
        notes: new.notes,
        receipt_footer: new.receipt_footer,
        receipt_qr: new.receipt_qr,
        tenders: new.tenders,
        layouts: None,
    };
    put_outlet(&mut tx, principal.tenant_id, &outlet, state.clock.now()).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(outlet)))
}

/// Change how an outlet trades.
#[utoipa::path(
    patch, path = "/api/v1/outlets/{id}", tag = "outlets", request_body = OutletChange,
    params(("id" = String, Path, description = "The outlet", format = "uuid")),
    responses((status = 200, description = "The outlet as it is now", body = OutletDocument), Problems)
)]
pub async fn update(
    State(state): State<AppState>,
    principal: Principal,
    PathId(id): PathId<OutletId>,
    JsonBody(change): JsonBody<OutletChange>,
) -> Result<Json<Outlet>, ApiError> {
    principal.require(Permission::EditBusiness)?;
    let mut tx = state.db.write(principal.tenant_id).await?;
    let outlet = repo::outlets::find(&mut tx, principal.tenant_id, id).await?;
    let mut outlet = outlet.ok_or_else(|| ApiError::not_found("outlet"))?;
    let (tenant, at) = (principal.tenant_id, (state.clock.now(), &*state.server_epoch));
    let before = outlet.clone();
    change.apply(&mut outlet);
    if outlet.rules == before.rules {
        put_outlet(&mut tx, tenant, &outlet, at.0).await?;
    } else {
        books::begun(&mut tx, tenant, &before, at).await?;
        put_outlet(&mut tx, tenant, &outlet, at.0).await?;
        let parts = pricing::repo::parts::active(&mut tx, tenant).await?;
        books::make(&mut tx, tenant, &outlet, &parts, at).await?;
        let made = repo::outlets::find(&mut tx, tenant, id).await?;
        outlet = made.ok_or_else(|| ApiError::not_found("outlet"))?;
    }
    tx.commit().await?;
    Ok(Json(outlet))
}
