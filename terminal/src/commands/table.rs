//! The one table of commands: name, handler, input and output, and what a command that writes may change for other windows
//! (words of [`crate::views::Changed`]; what comes of events and prints the workers tell by themselves).
//!
//! To add a command: add its row here, a handler of that name in a file of `commands/`, and run the bindings test with
//! `KEDAI_WRITE_BINDINGS=1`. Both shells and the screens' types follow by themselves.

/// Hands the table to a macro that makes something of every row: dispatch or TypeScript types.
macro_rules! command_table {
    ($then:ident) => {
        $then! {
            "app.state" => app::state: Nothing => AppState, reads;
            "app.settings" => app::settings: Settings => AppState, writes ["app", "printing"];
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
            "register.undo" => register::undo: Nothing => CartView, writes [];
            "register.void" => register::void: VoidInput => CartView, writes ["cart"];
            "register.hold" => register::hold: HoldInput => CartView, writes ["cart"];
            "register.held" => register::held: Nothing => HeldView, reads;
            "register.recall" => register::recall: RecallInput => CartView, writes ["cart"];

            "checkout.quote" => sale::quote: QuoteInput => QuoteView, reads;
            "checkout.pay" => sale::pay: PayInput => ReceiptView, writes ["cart", "printing"];
            "orders.list" => sale::orders: OrdersInput => OrdersView, reads;
            "orders.get" => sale::order: OrderInput => ReceiptView, reads;
            "orders.find" => sale::find_order: FindOrderInput => ReceiptView, reads;
            "orders.receipt_file" => sale::receipt_file: ReceiptFileInput => FileView, reads;
            "orders.reprint" => sale::reprint_order: OrderInput => ReceiptView, writes ["printing"];
            "refund.quote" => sale::quote_refund: RefundInput => RefundQuoteView, reads;
            "refund.complete" => sale::refund: RefundInput => RefundView, writes ["printing"];
            "refund.loose_quote" => sale::quote_loose_refund: LooseRefundInput => RefundQuoteView, reads;
            "refund.loose" => sale::loose_refund: LooseRefundInput => RefundView, writes ["printing"];
            "refund.reprint" => sale::reprint_refund: RefundIdInput => RefundView, writes ["printing"];

            "drawer.open" => drawer::open: OpenDrawerInput => AppState, writes ["app"];
            "drawer.report" => drawer::report: Nothing => ReportView, reads;
            "drawer.print_report" => drawer::print_report: Nothing => ReportView, writes ["printing"];
            "drawer.move_cash" => drawer::move_cash: MoveCashInput => ReportView, writes [];
            "drawer.kick" => drawer::kick: KickInput => Nothing, writes [];
            "drawer.close" => drawer::close: CloseDrawerInput => ClosedView, writes ["app", "printing"];

            "sync.detail" => sync::detail: Nothing => SyncDetailView, reads;
            "sync.now" => sync::now: Nothing => SyncView, writes [];

            "exceptions.list" => exceptions::list: ExceptionsInput => ExceptionsView, reads;
            "exceptions.look" => exceptions::look: ExceptionInput => ExceptionView, reads;
            "exceptions.settle" => exceptions::settle: SettleExceptionInput => ExceptionView, writes [];

            "pricing.ask" => pricing::ask: PricingAsk => PricingAnswer, reads;

            "printing.jobs" => printing::jobs: Nothing => PrintJobsView, reads;
            "printing.retry" => printing::retry: PrintJobInput => PrintJobsView, writes ["printing"];
            "printing.drop" => printing::drop_job: PrintJobInput => PrintJobsView, writes ["printing"];
            "printing.test" => printing::test: Nothing => PrintJobsView, writes ["printing"];

            "printers.list" => printers::list: Nothing => PrintersView, reads;
            "printers.find" => printers::find: Nothing => FoundPrintersView, reads;
            "printers.save" => printers::save: PrinterInput => PrintersView, writes ["app", "printing"];
            "printers.remove" => printers::remove: PrinterIdInput => PrintersView, writes ["app", "printing"];
            "printers.test" => printers::test: PrinterIdInput => PrintersView, writes ["printing"];

            "counter.list" => counter::list: Nothing => CounterView, reads;
            "counter.find" => counter::find: Nothing => FoundPrintersView, reads;
            "counter.save" => counter::save: CounterDeviceInput => CounterView, writes ["app", "counter"];
            "counter.remove" => counter::remove: CounterDeviceIdInput => CounterView, writes ["app", "counter"];
            "counter.test" => counter::test: CounterDeviceIdInput => CounterView, reads;
            "scale.weigh" => counter::weigh: ScaleInput => ScaleView, reads;
            "scanner.take" => counter::take_scans: Nothing => ScansView, reads;

            "card.list" => cards::list: Nothing => CardsView, reads;
            "card.pay" => cards::pay: CardPayInput => CardPaymentView, writes ["card"];
            "card.show" => cards::show: CardPaymentIdInput => CardPaymentView, reads;
            "card.cancel" => cards::cancel: CardPaymentIdInput => CardPaymentView, writes ["card"];
            "card.ask" => cards::ask: CardPaymentIdInput => CardPaymentView, writes ["card"];
            "card.settle" => cards::settle: CardSettleInput => CardPaymentView, writes ["card"];
            "card.give_back" => cards::give_back: CardGiveBackInput => CardPaymentView, writes ["card"];
            "card.again" => cards::again: CardPaymentIdInput => CardPaymentView, writes ["card"];
            "card.reconcile" => cards::reconcile: CounterDeviceIdInput => CardsView, writes ["card"];

            "customer_screen.show" => customer::show: Nothing => CustomerScreenView, reads;
            "customer_screen.picture" => customer::picture: CustomerPictureInput => PictureView, reads;
            "customer_screen.setup" => customer::setup: Nothing => CustomerScreenSetupView, reads;
            "customer_screen.save" => customer::save: CustomerScreenInput => CustomerScreenSetupView, writes ["customer"];
            "customer_screen.add_picture" => customer::add_picture: AddCustomerPictureInput => CustomerScreenSetupView, writes ["customer"];
            "customer_screen.ask_qr" => customer::ask_qr: AskQrInput => AskedQrView, reads;
            "customer_screen.drop_qr" => customer::drop_qr: Nothing => Nothing, reads;

            "layouts.show" => layouts::show: Nothing => LayoutsView, reads;
            "layouts.preview" => layouts::preview: LayoutsPreviewInput => LayoutsPreviewView, reads;
            "layouts.save" => layouts::save: LayoutsInput => LayoutsView, reads;

            "backoffice.items" => backoffice::items: ItemsInput => ItemsView, reads;
            "backoffice.edit_item" => backoffice::edit_item: EditItemInput => ItemRow, writes [];
            "stockroom.move" => backoffice::move_stock: MoveStockInput => Nothing, writes ["printing"];
        }
    };
}
pub(crate) use command_table;
