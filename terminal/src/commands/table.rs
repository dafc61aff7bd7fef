//! The one table of commands: name, handler, input and output, and what a command that writes may change for other windows
//! (see [`crate::views::ChangedWord`]; what comes of events and prints the workers tell by themselves).
//!
//! To add a command: add its row here, a handler of that name in a file of `commands/`, and run the bindings test with
//! `KEDAI_WRITE_BINDINGS=1`. Both shells and the screens' types follow by themselves.

/// Hands the table to a macro that makes something of every row: dispatch or TypeScript types.
macro_rules! command_table {
    ($then:ident) => {
        $then! {
            "app.state" => app::state: Nothing => AppState, reads;
            "app.settings" => app::settings: Settings => AppState, writes [App, Printing];
            "enrol.start" => app::enrol: EnrolInput => AppState, writes [];
            "rescue.export" => app::rescue_export: Nothing => RescueExportView, reads;
            "rescue.begin" => app::rescue_begin: Nothing => AppState, writes [];
            "staff.list" => app::staff_list: Nothing => StaffListView, reads;
            "staff.sign_in" => app::sign_in: SignInInput => AppState, writes [];
            "staff.sign_out" => app::sign_out: Nothing => AppState, writes [];

            "catalogue.grid" => catalogue::grid: GridInput => GridView, reads;
            "catalogue.search" => catalogue::search: SearchInput => SearchView, reads;
            "catalogue.item" => catalogue::item: ItemInput => ItemView, reads;
            "picture.get" => catalogue::picture: PictureInput => PictureView, reads;

            "register.cart" => register::cart: Nothing => CartView, reads;
            "register.scan" => register::scan: ScanInput => CartView, writes [];
            "register.add_item" => register::add_item: AddItemInput => CartView, writes [];
            "register.set_quantity" => register::set_quantity: QuantityInput => CartView, writes [];
            "register.remove_line" => register::remove_line: LineInput => CartView, writes [];
            "register.set_note" => register::set_note: NoteInput => CartView, writes [];
            "register.set_discount" => register::set_discount: DiscountInput => CartView, writes [];
            "register.set_price" => register::set_price: PriceInput => CartView, writes [];
            "register.set_terms" => register::set_terms: TermsInput => CartView, writes [];
            "register.set_customer" => register::set_customer: CustomerInput => CartView, writes [];
            "customers.find" => register::find_customers: CustomersInput => CustomersView, reads;
            "register.undo" => register::undo: Nothing => CartView, writes [];
            "register.void" => register::void: VoidInput => CartView, writes [Cart];
            "register.hold" => register::hold: HoldInput => CartView, writes [Cart];
            "register.held" => register::held: Nothing => HeldView, reads;
            "register.recall" => register::recall: RecallInput => CartView, writes [Cart];

            "checkout.quote" => sale::quote: QuoteInput => QuoteView, reads;
            "checkout.pay" => sale::pay: PayInput => ReceiptView, writes [Cart, Printing];
            "orders.list" => sale::orders: OrdersInput => OrdersView, reads;
            "orders.get" => sale::order: OrderInput => ReceiptView, reads;
            "orders.find" => sale::find_order: FindOrderInput => ReceiptView, reads;
            "orders.receipt_file" => sale::receipt_file: ReceiptFileInput => FileView, reads;
            "orders.reprint" => sale::reprint_order: OrderInput => ReceiptView, writes [Printing];
            "refund.quote" => sale::quote_refund: RefundInput => RefundQuoteView, reads;
            "refund.complete" => sale::refund: RefundInput => RefundView, writes [Printing];
            "refund.loose_quote" => sale::quote_loose_refund: LooseRefundInput => RefundQuoteView, reads;
            "refund.loose" => sale::loose_refund: LooseRefundInput => RefundView, writes [Printing];
            "refund.reprint" => sale::reprint_refund: RefundIdInput => RefundView, writes [Printing];

            "drawer.open" => drawer::open: OpenDrawerInput => AppState, writes [App];
            "drawer.report" => drawer::report: Nothing => ReportView, reads;
            "drawer.print_report" => drawer::print_report: Nothing => ReportView, writes [Printing];
            "drawer.move_cash" => drawer::move_cash: MoveCashInput => ReportView, writes [];
            "drawer.kick" => drawer::kick: KickInput => Nothing, writes [];
            "drawer.close" => drawer::close: CloseDrawerInput => ClosedView, writes [App, Printing];

            "sync.detail" => sync::detail: Nothing => SyncDetailView, reads;
            "sync.now" => sync::now: Nothing => SyncView, writes [];

            "exceptions.list" => exceptions::list: ExceptionsInput => ExceptionsView, reads;
            "exceptions.look" => exceptions::look: ExceptionInput => ExceptionView, reads;
            "exceptions.settle" => exceptions::settle: SettleExceptionInput => ExceptionView, writes [];

            "pricing.ask" => pricing::ask: PricingAsk => PricingAnswer, reads;

            "printing.jobs" => printing::jobs: Nothing => PrintJobsView, reads;
            "printing.retry" => printing::retry: PrintJobInput => PrintJobsView, writes [Printing];
            "printing.drop" => printing::drop_job: PrintJobInput => PrintJobsView, writes [Printing];
            "printing.test" => printing::test: Nothing => PrintJobsView, writes [Printing];

            "printers.list" => printers::list: Nothing => PrintersView, reads;
            "printers.find" => printers::find: Nothing => FoundPrintersView, reads;
            "printers.save" => printers::save: PrinterInput => PrintersView, writes [App, Printing];
            "printers.remove" => printers::remove: PrinterIdInput => PrintersView, writes [App, Printing];
            "printers.test" => printers::test: PrinterIdInput => PrintersView, writes [Printing];

            "devices.log" => counter::log: Nothing => DeviceLogView, reads;

            "counter.list" => counter::list: Nothing => CounterView, reads;
            "counter.find" => counter::find: Nothing => FoundPrintersView, reads;
            "counter.save" => counter::save: CounterDeviceInput => CounterView, writes [App, Counter];
            "counter.remove" => counter::remove: CounterDeviceIdInput => CounterView, writes [App, Counter];
            "counter.test" => counter::test: CounterDeviceIdInput => CounterView, reads;
            "scale.weigh" => counter::weigh: ScaleInput => ScaleView, reads;
            "scanner.take" => counter::take_scans: Nothing => ScansView, reads;

            "card.list" => cards::list: Nothing => CardsView, reads;
            "card.pay" => cards::pay: CardPayInput => CardPaymentView, writes [Card];
            "card.show" => cards::show: CardPaymentIdInput => CardPaymentView, reads;
            "card.cancel" => cards::cancel: CardPaymentIdInput => CardPaymentView, writes [Card];
            "card.ask" => cards::ask: CardPaymentIdInput => CardPaymentView, writes [Card];
            "card.settle" => cards::settle: CardSettleInput => CardPaymentView, writes [Card];
            "card.give_back" => cards::give_back: CardGiveBackInput => CardPaymentView, writes [Card];
            "card.again" => cards::again: CardPaymentIdInput => CardPaymentView, writes [Card];
            "card.reconcile" => cards::reconcile: CounterDeviceIdInput => CardsView, writes [Card];

            "customer_screen.show" => customer::show: Nothing => CustomerScreenView, reads;
            "customer_screen.picture" => customer::picture: CustomerPictureInput => PictureView, reads;
            "customer_screen.setup" => customer::setup: Nothing => CustomerScreenSetupView, reads;
            "customer_screen.save" => customer::save: CustomerScreenInput => CustomerScreenSetupView, writes [Customer];
            "customer_screen.add_picture" => customer::add_picture: AddCustomerPictureInput => CustomerPictureAddedView, reads;
            "customer_screen.ask_qr" => customer::ask_qr: AskQrInput => AskedQrView, reads;
            "customer_screen.drop_qr" => customer::drop_qr: Nothing => Nothing, reads;

            "layouts.show" => layouts::show: Nothing => LayoutsView, reads;
            "layouts.preview" => layouts::preview: LayoutsPreviewInput => LayoutsPreviewView, reads;
            "layouts.save" => layouts::save: LayoutsInput => LayoutsView, reads;

            "backoffice.items" => backoffice::items: ItemsInput => ItemsView, reads;
            "backoffice.edit_item" => backoffice::edit_item: EditItemInput => ItemRow, writes [];
            "stockroom.move" => backoffice::move_stock: MoveStockInput => Nothing, writes [Printing];
        }
    };
}
pub(crate) use command_table;
