//! The one table of commands: name, handler, input and output.
//!
//! To add a command: add its row here, a handler of that name in a file of `commands/`, and run the bindings test with
//! `KEDAI_WRITE_BINDINGS=1`. Both shells and the screens' types follow by themselves.

/// Hands the table to a macro that makes something of every row: dispatch or TypeScript types.
macro_rules! command_table {
    ($then:ident) => {
        $then! {
            "app.state" => app::state: Nothing => AppState;
            "app.settings" => app::settings: Settings => AppState;
            "enrol.start" => app::enrol: EnrolInput => AppState;
            "staff.list" => app::staff_list: Nothing => StaffListView;
            "staff.sign_in" => app::sign_in: SignInInput => AppState;
            "staff.sign_out" => app::sign_out: Nothing => AppState;

            "catalogue.grid" => catalogue::grid: GridInput => GridView;
            "catalogue.search" => catalogue::search: SearchInput => SearchView;
            "catalogue.item" => catalogue::item: ItemInput => ItemView;
            "picture.get" => catalogue::picture: PictureInput => PictureView;

            "register.cart" => register::cart: Nothing => CartView;
            "register.scan" => register::scan: ScanInput => CartView;
            "register.add_item" => register::add_item: AddItemInput => CartView;
            "register.set_quantity" => register::set_quantity: QuantityInput => CartView;
            "register.remove_line" => register::remove_line: LineInput => CartView;
            "register.set_note" => register::set_note: NoteInput => CartView;
            "register.set_discount" => register::set_discount: DiscountInput => CartView;
            "register.set_price" => register::set_price: PriceInput => CartView;
            "register.undo" => register::undo: Nothing => CartView;
            "register.void" => register::void: VoidInput => CartView;
            "register.hold" => register::hold: HoldInput => CartView;
            "register.held" => register::held: Nothing => HeldView;
            "register.recall" => register::recall: RecallInput => CartView;

            "checkout.quote" => sale::quote: QuoteInput => QuoteView;
            "checkout.pay" => sale::pay: PayInput => ReceiptView;
            "orders.list" => sale::orders: OrdersInput => OrdersView;
            "orders.get" => sale::order: OrderInput => ReceiptView;
            "orders.find" => sale::find_order: FindOrderInput => ReceiptView;
            "orders.reprint" => sale::reprint_order: OrderInput => ReceiptView;
            "refund.quote" => sale::quote_refund: RefundInput => RefundQuoteView;
            "refund.complete" => sale::refund: RefundInput => RefundView;
            "refund.loose" => sale::loose_refund: LooseRefundInput => RefundView;
            "refund.reprint" => sale::reprint_refund: RefundIdInput => RefundView;

            "drawer.open" => drawer::open: OpenDrawerInput => AppState;
            "drawer.report" => drawer::report: Nothing => ReportView;
            "drawer.print_report" => drawer::print_report: Nothing => ReportView;
            "drawer.move_cash" => drawer::move_cash: MoveCashInput => ReportView;
            "drawer.kick" => drawer::kick: KickInput => Nothing;
            "drawer.close" => drawer::close: CloseDrawerInput => ClosedView;

            "sync.detail" => sync::detail: Nothing => SyncDetailView;
            "sync.now" => sync::now: Nothing => SyncView;

            "printing.jobs" => printing::jobs: Nothing => PrintJobsView;
            "printing.retry" => printing::retry: PrintJobInput => PrintJobsView;
            "printing.drop" => printing::drop_job: PrintJobInput => PrintJobsView;
            "printing.test" => printing::test: Nothing => PrintJobsView;

            "backoffice.items" => backoffice::items: ItemsInput => ItemsView;
            "backoffice.edit_item" => backoffice::edit_item: EditItemInput => ItemRow;
            "stockroom.move" => backoffice::move_stock: MoveStockInput => Nothing;
        }
    };
}
pub(crate) use command_table;
