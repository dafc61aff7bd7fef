//! Who may do what, as a table.

use shared::staff::{Permission, Role};

#[test]
fn roles_may_do_what_the_table_says() {
    use Permission as P;
    //                              kitchen cashier manager admin  owner
    let table = [
        (P::Sell, [false, true, true, true, true]),
        (P::Discount, [false, true, true, true, true]),
        (P::VoidCart, [false, true, true, true, true]),
        (P::Refund, [false, true, true, true, true]),
        (P::DrawerSession, [false, true, true, true, true]),
        (P::PriceOverride, [false, false, true, true, true]),
        (P::RefundWithoutReceipt, [false, false, true, true, true]),
        (P::CashMovement, [false, false, true, true, true]),
        (P::NoSale, [false, false, true, true, true]),
        (P::StockMovement, [false, false, true, true, true]),
        (P::BackOffice, [false, false, true, true, true]),
        (P::EditItems, [false, false, true, true, true]),
        (P::EditBusiness, [false, false, false, true, true]),
    ];
    let roles = [Role::Kitchen, Role::Cashier, Role::Manager, Role::Admin, Role::Owner];
    for (permission, expected) in table {
        assert_eq!(roles.map(|role| role.may(permission)), expected, "{permission:?}");
        assert_eq!(roles.map(|role| role.permissions().contains(&permission)), expected, "{permission:?}");
    }
    assert_eq!(Role::Owner.permissions().len(), table.len(), "a permission is missing in the table");
}
