//! The demo files as the things of the trade that they describe.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use shared::catalogue::{Category, Item, Modifier, ModifierGroup, Picture, Variant};
use shared::customer::Customer;
use shared::ids::{
    AdminId, CategoryId, CustomerId, ItemId, ModifierGroupId, ModifierId, OutletId, PictureId, StaffId,
    TaxId, TenantId, VariantId,
};
use shared::money::RoundingMode;
use shared::outlet::Outlet;
use shared::pricing::{PriceRules, ServiceCharge, Tax, TaxRounding};
use shared::staff::Role;
use shared::staff::pin::{Pin, PinError};

use super::files::{
    self, BusinessFile, CatalogueFile, CategoryEntry, CustomerEntry, GroupEntry, ItemEntry, OutletEntry,
    StaffEntry,
};
use super::ids::fixed;
use super::pictures::{self, Color, PictureError};

/// Why the demo files cannot be understood.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// A file is not of the expected form.
    #[error("could not read a demo file")]
    File(#[from] serde_json::Error),
    /// A PIN is none.
    #[error("could not read the PIN of `{name}`")]
    Pin {
        /// Whose.
        name: String,
        /// What is expected.
        source: PinError,
    },
    /// A name that nothing has.
    #[error("`{at}` names the {what} `{name}`, which is not there")]
    Unknown {
        /// Where.
        at: String,
        /// What was named.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// A picture that cannot be drawn.
    #[error("could not draw the picture of `{sku}`")]
    Picture {
        /// The item.
        sku: String,
        /// Why.
        source: PictureError,
    },
}

/// The whole demo business.
#[derive(Debug)]
pub struct Plan {
    /// The business.
    pub tenant_id: TenantId,
    /// Its name.
    pub name: String,
    /// Who signs in at headquarters.
    pub admin: PlannedAdmin,
    /// The owner, who works everywhere.
    pub owner: PlannedStaff,
    /// Customers whom it knows, by the number on their card: no person is invented.
    pub customers: Vec<Customer>,
    /// Its outlets.
    pub outlets: Vec<PlannedOutlet>,
}

/// Who signs in at headquarters.
#[derive(Debug)]
pub struct PlannedAdmin {
    /// The person.
    pub admin_id: AdminId,
    /// The sign-in name.
    pub email: String,
    /// As shown.
    pub name: String,
    /// The password, in the open.
    pub password: String,
}

/// Somebody who signs in at terminals.
#[derive(Debug)]
pub struct PlannedStaff {
    /// The person.
    pub staff_id: StaffId,
    /// The name, which is that of the role: no person is invented.
    pub name: String,
    /// What they are.
    pub role: Role,
    /// The PIN.
    pub pin: Pin,
    /// The PIN as it is printed for a newcomer.
    pub pin_text: String,
    /// The outlet; None is all.
    pub outlet_id: Option<OutletId>,
}

/// An outlet with everything that is only its own.
#[derive(Debug)]
pub struct PlannedOutlet {
    /// The outlet.
    pub outlet: Outlet,
    /// What its terminals are called, a number follows.
    pub terminal_name: String,
    /// Who works there.
    pub staff: Vec<PlannedStaff>,
    /// Its shelves.
    pub categories: Vec<Category>,
    /// What it sells.
    pub items: Vec<Item>,
    /// A picture of every item, in the same order.
    pub pictures: Vec<Picture>,
}

/// Reads the demo files of this build.
///
/// # Errors
/// See [`PlanError`]; a test reads them too, so a build that passes its tests has none.
pub fn read() -> Result<Plan, PlanError> {
    let BusinessFile { tenant, admin, owner, customers, outlets } = files::business()?;
    let owner = StaffEntry { role: Role::Owner, name: owner.name, pin: owner.pin };
    Ok(Plan {
        tenant_id: TenantId::from_bytes(fixed("tenant", &tenant)),
        admin: PlannedAdmin {
            admin_id: AdminId::from_bytes(fixed("admin", &admin.email)),
            email: admin.email,
            name: admin.name,
            password: admin.password,
        },
        owner: person("", owner, None)?,
        customers: customers.into_iter().map(customer).collect(),
        outlets: outlets.into_iter().map(|entry| outlet(&tenant, entry)).collect::<Result<_, _>>()?,
        name: tenant,
    })
}

fn person(outlet: &str, entry: StaffEntry, outlet_id: Option<OutletId>) -> Result<PlannedStaff, PlanError> {
    let pin = entry.pin.parse().map_err(|source| PlanError::Pin { name: entry.name.clone(), source })?;
    Ok(PlannedStaff {
        staff_id: StaffId::from_bytes(fixed("staff", &format!("{outlet}/{}", entry.name))),
        name: entry.name,
        role: entry.role,
        pin,
        pin_text: entry.pin,
        outlet_id,
    })
}

fn customer(entry: CustomerEntry) -> Customer {
    Customer {
        customer_id: CustomerId::from_bytes(fixed("customer", &entry.name)),
        name: entry.name,
        phone: None,
        codes: entry.codes,
        segments: entry.segments,
        exemption: None,
    }
}

fn outlet(tenant_name: &str, entry: OutletEntry) -> Result<PlannedOutlet, PlanError> {
    let code = entry.code;
    let unknown = |what, name: &str| PlanError::Unknown { at: code.clone(), what, name: name.to_owned() };
    let file = files::catalogue(&code).ok_or_else(|| unknown("catalogue", &code))??;
    let outlet_id = OutletId::from_bytes(fixed("outlet", &code));
    let taxes: Vec<(String, Tax)> = entry
        .taxes
        .into_iter()
        .map(|tax| {
            let tax_id = TaxId::from_bytes(fixed("tax", &format!("{code}/{}", tax.code)));
            (tax.code, Tax { tax_id, name: tax.name, rate_ppm: tax.rate_ppm, included: tax.included })
        })
        .collect();
    let shop = Shop { code: &code, taxes: &taxes };
    let service_charge = match entry.service_charge {
        None => None,
        Some(service) => Some(ServiceCharge {
            rate_ppm: service.rate_ppm,
            tax_ids: service.taxes.iter().map(|tax| shop.tax(tax, &code)).collect::<Result<_, _>>()?,
        }),
    };
    let staff = entry.staff.into_iter().map(|staff| person(&code, staff, Some(outlet_id)));
    let staff = staff.collect::<Result<_, _>>()?;
    let (items, pictures) = shop.items(&file)?;
    let categories = shop.categories(&file);
    Ok(PlannedOutlet {
        staff,
        categories,
        items,
        pictures,
        terminal_name: entry.terminal_name,
        outlet: Outlet {
            outlet_id,
            name: entry.name,
            tenant_name: tenant_name.to_owned(),
            address: entry.address,
            tax_number: entry.tax_number,
            zone: entry.zone,
            day_cutoff_minutes: entry.day_cutoff_minutes,
            locale: entry.locale,
            currency: entry.currency,
            digits: entry.digits,
            rules: PriceRules {
                currency: entry.currency,
                digits: entry.digits,
                rounding: RoundingMode::HalfUp,
                tax_rounding: TaxRounding::Line,
                taxes: taxes.into_iter().map(|(_, tax)| tax).collect(),
                service_charge,
                cash_rounding: entry.cash_rounding,
            },
            price_book_version: 1,
            notes: entry.notes,
            receipt_footer: entry.receipt_footer,
            // What the scanner reads from a receipt finds its order.
            receipt_qr: Some("{receipt_number}".to_owned()),
            layouts: None,
            tenders: entry.tenders,
            code,
        },
    })
}

/// The outlet whose catalogue is read.
struct Shop<'a> {
    code: &'a str,
    taxes: &'a [(String, Tax)],
}

impl Shop<'_> {
    /// Names are the outlet's own: two outlets may have a group of one name.
    fn own(&self, name: &str) -> String {
        format!("{}/{name}", self.code)
    }

    fn category_id(&self, code: &str) -> CategoryId {
        CategoryId::from_bytes(fixed("category", &self.own(code)))
    }

    fn tax(&self, code: &str, at: &str) -> Result<TaxId, PlanError> {
        let found = self.taxes.iter().find(|(known, _)| known == code).map(|(_, tax)| tax.tax_id);
        found.ok_or_else(|| PlanError::Unknown { at: at.to_owned(), what: "tax", name: code.to_owned() })
    }

    fn categories(&self, file: &CatalogueFile) -> Vec<Category> {
        let categories = (0..).zip(&file.categories);
        categories
            .map(|(position, category)| Category {
                category_id: self.category_id(&category.code),
                name: category.name.clone(),
                position,
                color: category.color.clone(),
            })
            .collect()
    }

    fn items(&self, file: &CatalogueFile) -> Result<(Vec<Item>, Vec<Picture>), PlanError> {
        let (mut items, mut pictures) = (Vec::new(), Vec::new());
        for category in &file.categories {
            let shelf = file.items.iter().filter(|entry| entry.category == category.code);
            for (place, entry) in shelf.enumerate() {
                let picture = picture(category, place, entry)?;
                items.push(self.item(file, category, place, entry, picture.picture_id)?);
                pictures.push(picture);
            }
        }
        // An item on a shelf that is not there would be left out in silence.
        match file.items.iter().find(|entry| file.categories.iter().all(|known| known.code != entry.category))
        {
            None => Ok((items, pictures)),
            Some(lost) => Err(PlanError::Unknown {
                at: lost.sku.to_string(),
                what: "category",
                name: lost.category.clone(),
            }),
        }
    }

    fn item(
        &self,
        file: &CatalogueFile,
        category: &CategoryEntry,
        place: usize,
        entry: &ItemEntry,
        picture_id: PictureId,
    ) -> Result<Item, PlanError> {
        let sku = entry.sku.as_str();
        let groups = entry.modifiers.iter().map(|code| match file.modifier_groups.get(code) {
            Some(group) => Ok(self.group(code, group)),
            None => {
                Err(PlanError::Unknown { at: sku.to_owned(), what: "modifier group", name: code.clone() })
            }
        });
        let variants = entry.variants.iter().map(|variant| Variant {
            variant_id: VariantId::from_bytes(fixed("variant", variant.sku.as_str())),
            sku: variant.sku.clone(),
            name: variant.name.clone(),
            unit_price: variant.price,
            barcodes: variant.barcodes.clone(),
        });
        Ok(Item {
            item_id: ItemId::from_bytes(fixed("item", sku)),
            sku: entry.sku.clone(),
            name: entry.name.clone(),
            category_id: Some(self.category_id(&category.code)),
            unit_price: Some(entry.price),
            unit: entry.unit,
            tax_ids: vec![self.tax(entry.tax.as_deref().unwrap_or(&category.tax), sku)?],
            barcodes: entry.barcodes.clone(),
            variants: variants.collect(),
            modifier_groups: groups.collect::<Result<_, _>>()?,
            picture_id: Some(picture_id),
            position: i32::try_from(place).unwrap_or(i32::MAX),
            available: true,
        })
    }

    fn group(&self, code: &str, entry: &GroupEntry) -> ModifierGroup {
        let modifiers = entry.choices.iter().map(|choice| Modifier {
            modifier_id: ModifierId::from_bytes(fixed(
                "modifier",
                &self.own(&format!("{code}/{}", choice.name)),
            )),
            name: choice.name.clone(),
            unit_price: choice.price,
        });
        ModifierGroup {
            modifier_group_id: ModifierGroupId::from_bytes(fixed("modifier group", &self.own(code))),
            name: entry.name.clone(),
            min: entry.min,
            max: entry.max,
            included: entry.included,
            modifiers: modifiers.collect(),
        }
    }
}

fn picture(category: &CategoryEntry, place: usize, entry: &ItemEntry) -> Result<Picture, PlanError> {
    let wrap = |source| PlanError::Picture { sku: entry.sku.to_string(), source };
    let grounds = &category.grounds;
    let ground = grounds.get(place % grounds.len().max(1)).map_or("", String::as_str);
    let color = ground.strip_prefix('#').and_then(|hex| hex.parse::<Color>().ok());
    let color = color.ok_or_else(|| wrap(PictureError::Color(ground.to_owned())))?;
    let svg = pictures::draw(&entry.picture, color).map_err(wrap)?;
    Ok(Picture {
        picture_id: PictureId::from_bytes(fixed("picture", entry.sku.as_str())),
        media_type: "image/svg+xml".to_owned(),
        base64: STANDARD.encode(svg),
    })
}
