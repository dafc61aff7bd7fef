//! The TypeScript side of the types.

use shared::catalogue::{Category, Item, Picture};
use shared::drawer::{CashMovement, DrawerClosed, DrawerReport};
use shared::order::{Order, TenderGiven, VoidedOrder};
use shared::outlet::Outlet;
use shared::refund::Refund;
use ts_rs::{Config, TS};

#[test]
fn every_number_in_typescript_is_a_number() {
    let folder = tempfile::tempdir().unwrap();
    let config = Config::default().with_out_dir(folder.path());
    Order::export_all(&config).unwrap();
    VoidedOrder::export_all(&config).unwrap();
    TenderGiven::export_all(&config).unwrap();
    Outlet::export_all(&config).unwrap();
    Category::export_all(&config).unwrap();
    Item::export_all(&config).unwrap();
    Picture::export_all(&config).unwrap();
    DrawerReport::export_all(&config).unwrap();
    DrawerClosed::export_all(&config).unwrap();
    CashMovement::export_all(&config).unwrap();
    Refund::export_all(&config).unwrap();

    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    let mut count = 0;
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(!read(&name).contains("bigint"), "{name}: JSON.parse makes numbers, never a bigint");
        count += 1;
    }
    assert!(count > 30, "only {count} types were written");
    assert!(read("Outlet.ts").contains("notes: Array<number>"));
    assert!(read("DrawerClosed.ts").contains("denominations: Array<[number, number]>"));
    assert!(read("Order.ts").contains("total: string"), "money is text, never a float");
    assert!(read("Timestamp.ts").contains("type Timestamp = number"));
}
