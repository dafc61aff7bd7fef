# Texts of past sales, refunds, the shift and the back office.
# Arguments must be the same in every language; a test compares them.

## Past sales

orders-title = Orders
orders-list = Orders, newest first
orders-search = Find an order
orders-search-hint = Receipt number, amount or item – or scan a receipt
orders-none = No sale was made at this till yet.
orders-none-found = Nothing fits “{ $query }”. Try a part of the receipt number, the total or an item’s name.
orders-more = Show older orders
orders-items =
    { $count ->
        [one] { $count } item
       *[other] { $count } items
    }
orders-refunded = { $amount } refunded
orders-unsent = Waits to be sent
orders-code-unknown = “{ $code }” is no receipt of this till. Look on the receipt which till it came from, or refund without a receipt.
order-title = Order
order-missing = This order is not on this till.
order-paper = Receipt
order-facts = About this order
order-time = Time
order-staff = Cashier
order-print = Receipt
order-refund = Refund
order-refunds = Refunds of this order
order-refund-reprint = Print refund { $number } again
order-all-refunded = Everything was given back.
print-state-none = No printer
print-state-waiting = Waits for the printer
print-state-printing = Printing
print-state-printed = Printed
print-state-unknown = Perhaps printed – look
print-state-expired = Not printed, too old
print-state-dropped = Dropped

## Refunds

refund-title = Refund for { $number }
refund-back = Order
refund-what = What comes back?
refund-all = All
refund-none = None
refund-line = { $sold } sold, { $left } can come back · { $amount }
refund-line-all-back = Was given back
refund-quantity-of = How many of { $item }
refund-less = One less
refund-more = One more
refund-type = { $count }, enter how many
refund-how-many = How many come back? At most { $left }.
refund-terms = Reason and means of payment
refund-by = Given back by
refund-restock = Goods go back on the shelf
refund-no-restock = Goods are not for sale any more
refund-reason-faulty = Faulty
refund-reason-wrong = Wrong item
refund-reason-unwanted = Changed their mind
refund-reason-price = Wrong price
refund-amount = Give back
refund-choose-first = Choose what comes back
refund-reason-first = Choose a reason
refund-confirm = Refund now
refund-was-written = The refund was made. It stands with the order.
refund-paper = Refund receipt
refund-written = Refund complete
refund-hand-out = Hand out from the drawer:
refund-give-by = Give back by { $means }:
refund-to-card = Back to the card:
refund-done = Done
loose-title = Refund without receipt
loose-search = Find or scan what came back
loose-empty = Find the item that came back, or scan it. A manager confirms the refund with their PIN.
loose-found-none = Nothing is called “{ $query }”. Check the spelling, or scan the barcode.
loose-code-unknown = No item has the code { $code }. Search by name.
loose-variant = Which size or kind came back?
loose-weight = Weigh what came back, then enter the weight in kilograms.
loose-how-many = How many come back?
loose-price-tag = Price today
loose-price-other = Other price
loose-price-title = Price of { $item }
loose-price-now = Today one costs { $price }. Enter what is given back for one.
loose-price-open = Enter what is given back for one.
loose-price-present = Price of today
loose-approval = A manager confirms with their PIN.

## Shift

shift-title = Shift
shift-since = Open since { $time }, { $name }
shift-open = Open shift
shift-open-title = Open a shift
shift-open-text = Count the cash in the drawer and enter it. Payment can be taken as soon as the shift is open.
shift-opened = The shift is open.
shift-part-sales = Sales
shift-part-taxes = Taxes
shift-part-cash = Cash in the drawer
shift-refunds =
    { $count ->
        [one] { $count } refund
       *[other] { $count } refunds
    }
shift-tenders = By means of payment
shift-no-sales = No sales yet.
shift-move-paid_in = Cash in
shift-move-paid_in-text = Cash that comes into the drawer and is no sale.
shift-move-paid_out = Cash out
shift-move-paid_out-text = Cash that is paid from the drawer, for supplies or a delivery.
shift-move-pickup = To the safe
shift-move-pickup-text = Cash that is taken from the drawer to the safe or the bank.
shift-move-loan = Add change
shift-move-loan-text = Change that is put into the drawer from the safe or the bank.
shift-moved = It is written down.
shift-kick = Open drawer
shift-kick-text = The drawer opens without a sale. Who opened it and why is written down.
shift-kicked = The drawer opens.
shift-reason-change = Small change
shift-reason-check = Check the drawer
shift-reason-supplies = Supplies
shift-reason-delivery = Delivery
shift-reason-wages = Wages
shift-reason-safe = Safe
shift-reason-bank = Bank
shift-reason-from-safe = From the safe
shift-print = Print X report
shift-close = Close shift
shift-closed = Shift closed
shift-z-paper = Z report
shift-difference-right = The drawer is right
shift-difference-right-text = What was counted is what should be there.
shift-difference-short = Cash is missing
shift-difference-short-text = Less was counted than should be there. Look for change that was given wrongly and for cash that was paid out without being written down.
shift-difference-over = There is too much cash
shift-difference-over-text = More was counted than should be there. Look for a sale that was not rung up, or change that was not given.
shift-next = Next shift
shift-sign-out = Sign out
count-title = Count the drawer
count-text = Count everything that lies in the drawer, without looking at the report.
count-way = Way of counting
count-by-pieces = Notes
count-by-sum = Sum
count-notes = Notes and coins
count-next = Next
count-note = Note on the count
count-unsent =
    { $count ->
        [one] { $count } entry waits to be sent. It is safe on this till and goes out by itself.
       *[other] { $count } entries wait to be sent. They are safe on this till and go out by themselves.
    }
count-open-carts =
    { $count ->
        [one] { $count } order is open or held. It is not paid yet.
       *[other] { $count } orders are open or held. They are not paid yet.
    }
count-confirm-title = Close the shift?
count-confirm-text = You counted { $counted }. The count cannot be changed after this.

## Items in the back office

items-title = Items
items-search = Name, code or barcode
items-range = { $from }–{ $to } of { $total }
items-before = Page before
items-next = Next page
items-none = No item fits.
items-name = Name
items-sku = Code
items-category = Category
items-barcodes = Barcodes
items-price = Price
items-price-open = asked at the till
items-price-kilogram = { $price } / kg
items-state = State
items-on-sale = On sale
items-sold-out = Sold out
items-edit = Edit
items-edit-one = Edit { $item }
item-edit-saved = Saved.
item-edit-price-asked = Saved. The new price holds as soon as the server has confirmed it.
item-edit-price-text = A new price is a request: the server decides, and every till gets it from there.
item-edit-price-none = The price is asked at the till or depends on the size. It is changed at headquarters.

## Server

sync-title = Server
sync-now = Send now
sync-busy = Sending …
sync-online = Online
sync-offline = Offline – selling normally
sync-online-text = The server answers. Sales are sent by themselves.
sync-offline-text = Selling, printing, refunds and closing the shift all work. New prices and people come when the network is back.
sync-waiting = Waiting to be sent
sync-oldest = The oldest of them
sync-last = Last contact
sync-pulled = Catalogue brought up to date
sync-numbers = Entries at the server
sync-of = { $done } of { $all }
sync-items = Items on this till
sync-free = Free disk space
sync-megabytes = { $count } MB
sync-gigabytes = { $count } GB
sync-server = Server: { $address }
sync-never = never
sync-at = { $age } ({ $time })
sync-age-seconds = { $count } s ago
sync-age-minutes = { $count } min ago
sync-age-hours = { $count } h ago
sync-age-days = { $count } days ago
sync-queue = What waits
sync-queue-empty = Nothing waits.
sync-queue-more = and { $count } more
sync-clock-off = The clock of this till is { $minutes } minutes off. Sales are safe; please set the clock.
sync-error-unreachable = The server could not be reached. Check the network cable or the Wi-Fi; selling goes on.
sync-error-untrusted = The server’s certificate is not to be trusted. Nothing was sent; tell your administrator.
sync-error-garbled = Something that is not the server answered. Perhaps the Wi-Fi wants a sign-in; nothing is lost.
sync-error-protocol = The server speaks another version. Sell on; ask your administrator for an update.
sync-error-revoked = This till was taken off the outlet. Its sales are kept; tell your manager.
sync-error-tampered = The server refused an entry because its signature does not fit. Tell your administrator.
sync-error-unknown_terminal = The server does not know this till. Nothing is lost; tell your administrator.
sync-error-busy = The server is busy. The till tries again by itself.
sync-error-internal = The till could not read its own store. Restart it, and call support if this stays.
sync-error-other = The last exchange with the server failed. The till tries again by itself; nothing is lost.
sync-notices = Please look at this
notice-event_parked = { $subject } could not be booked at the server yet. It stands here and is safe; headquarters looks at it.
notice-journal_fork = This till’s disk was copied or put back to an older state. Nothing is lost; it goes on under a new journal. If two tills work with one enrolment, enrol one of them anew.
notice-journal_restarted = This till began a new journal by itself because its disk was changed, put back or damaged. Sales go on; headquarters sees why.
notice-journal_tampered = Entry { $subject } of this till was changed after it was written. Tell your administrator.
notice-other = Headquarters has a remark on { $subject }.
event-order-completed = Sale
event-order-voided = Voided order
event-refund-completed = Refund
event-drawer-opened = Shift opened
event-drawer-closed = Shift closed
event-drawer-cash_moved = Cash moved
event-drawer-kicked = Drawer opened
event-stock-moved = Goods moved
event-item-edited = Item changed
event-category-edited = Category changed
event-staff-signed_in = Signed in
event-staff-signed_out = Signed out
event-approval-granted = Manager’s leave
event-receipt-reprinted = Receipt printed again
event-journal-restarted = New journal begun
event-device-reported = How devices are
event-card_payment-given_back = Card payment given back
event-card_payment-refunded = Card refund ended
event-card_payment-settled_by_hand = Card payment settled by hand
event-card_payment-unsold = Card payment in no sale
event-other = Entry

## Exceptions

exceptions-title = To look at
exceptions-show = Which are shown
exceptions-open = Open ({ $count })
exceptions-all = All
exceptions-none = There is nothing to look at.
exceptions-more = Show more
exceptions-offline = This list is kept by the server, which cannot be reached now. Selling goes on; look again when the till is online.
exception-detail = The exception
exception-new = Nobody has looked at it
exception-seen = Looked at
exception-settled = Settled
exception-note = How was it settled?
exception-note-hint = A few words; everybody sees them.
exception-resolve = Settle
exception-reapply = Book again
exception-resolved = Settled.
exception-reapplied = It is being booked again; look here again in a moment.
exception-steps = Who saw it, what was done
exception-steps-none = Nobody has looked at it yet.
exception-server = the server
exception-step-seen = Looked at
exception-step-reapplied = Booked again
exception-step-resolved = Settled
exception-step-applied = Booked after all
exception-step-other = Something was done
exception-facts = What the till wrote, for support
exception-event_parked = An entry could not be booked
exception-journal_fork = A till’s disk was copied or put back
exception-journal_restarted = A till began a new journal
exception-journal_tampered = An entry was changed after it was written
exception-computation_mismatch = The figures of a sale do not add up
exception-stale_price = A sale used an outdated price
exception-refund_exceeds_captured = More was given back than was paid
exception-refund_unapproved = Money was given back without leave
exception-drawer_mismatch = A shift’s report does not fit its sales
exception-price_refused = A price change was refused
exception-price_outdated = A price change came too late
exception-promotion_overspent = More of a promotion was given than there was
exception-other = Something to look at
exception-help-event_parked = The entry is safe as the till wrote it, and later ones were booked. Mend the cause, such as a missing item, then book it again.
exception-help-journal_fork = Two different entries claim one number. Both are kept. Ask whether a backup of the till was put back, or whether two tills share one enrolment; then enrol one of them anew.
exception-help-journal_restarted = The till found its disk older than the server, changed or unreadable, and went on under a new journal. Ask what happened to the device, and compare its last receipts.
exception-help-journal_tampered = The server did not take it, and nothing was booked. Have someone look at the device before it is used on.
exception-help-computation_mismatch = The paid sale stands as it was paid. Compare the receipt with the price list and tell support: the till or its data is wrong.
exception-help-stale_price = The paid sale stands. The difference to the price then in force is shown below.
exception-help-refund_exceeds_captured = Compare the refunds with the receipt they belong to.
exception-help-refund_unapproved = Ask who gave the money back, and why.
exception-help-drawer_mismatch = Compare the shift’s report with its sales and refunds.
exception-help-price_refused = The price stayed as it was. Change it at headquarters if it should change.
exception-help-price_outdated = The price was changed again before this one came in, and the newer price stands. Both are shown below; change it at headquarters if it should be another.
exception-help-promotion_overspent = The sales stand. More was given of a limited promotion or coupon than headquarters allowed, because a till was put back to an earlier time or has its data from another. Limit and count are shown below.
exception-help-other = See what the till wrote below, and tell support if it is not clear.
exception-reason-unknown_kind = The till is newer than the server. It is booked by itself after the server’s update.
exception-reason-payload_unreadable = The server could not read it.
exception-reason-foreign_place = It names another outlet or till.
exception-reason-mixed_currencies = It mixes currencies.
exception-reason-duplicate_id = Another entry has the same number but says something else.
exception-reason-unknown_item = The item is not in the catalogue. Add it again, then book the entry again.
exception-reason-unknown_category = The category is not in the catalogue. Add it again, then book the entry again.
exception-reason-value_refused = A value in it is not allowed.
exception-reason-failed = The server failed on it. Tell support.
exception-reason-older_image = Its disk was put back to an older state, or copied.
exception-reason-damaged = Its disk is damaged. Have the device looked at.
exception-reason-lost = Its data was missing, and a person let it begin anew.
exception-reason-other = The reason stands below.

## Rescue

rescue-title = { $terminal } needs your decision
rescue-missing = The data of this till is missing.
rescue-empty = The data of this till is empty.
rescue-foreign = The data in this till’s folder is not its own.
rescue-damaged = The data of this till is damaged and cannot be read in full.
rescue-safe = What this till has sent already is safe at the server.
rescue-backup = If you have a backup
rescue-backup-text = Close the till, put the backup of this folder back in its place, and start the till again.
rescue-none = If you have none
rescue-none-damaged = Let the till begin anew. What can still be read is kept and sent to the server, then the till sells on; receipt numbers may skip ahead.
rescue-none-lost = Let the till begin anew. It sells on, and receipt numbers skip ahead. Sales it had not sent yet are only in a backup, so look for one first.
rescue-export = Save what can be read
rescue-exported = { $events } entries were saved. Keep this file, headquarters can take it in:
rescue-exported-part = { $events } entries were saved, { $damaged } could not be read. Keep this file, headquarters can take it in:
rescue-begin = Begin anew
rescue-begin-text = The old data is kept aside, never deleted. The till loads its catalogue again and sells on; open carts are lost.
rescue-begin-text-lost = The till loads its catalogue again and sells on. Open carts and sales not sent yet are lost unless a backup holds them.

## Print queue

printing-title = Print queue
printing-test = Test print
printing-queued = It is in the print queue.
printing-safe = Sales stand, and what waits is printed by itself when the printer is ready.
printing-none-set = No printer is set up. Sales work without one.
printing-unknown-text = “Perhaps printed” means that the printer stopped answering on the way. Look at the paper first; printed again, it is marked COPY.
printing-attempts =
    { $count ->
        [one] { $count } attempt
       *[other] { $count } attempts
    }
printing-again = Print now
printing-copy = Print again (COPY)
printing-drop = Drop
printing-empty = The print queue is empty.

## Settings

settings-title = Settings
settings-pages = Pages
settings-saved = Saved.
settings-less = Less
settings-more = More
settings-scale = Size
settings-scale-text = Hold a bank card to the bar. When both are equally long, keys are 20 mm high, the right size for fingers.
settings-card = As long as a bank card
settings-layout = Layout
settings-layout-right = Sale on the right
settings-layout-left = Sale on the left
settings-printer = Receipt printer
settings-printer-address = Address of the printer
settings-printer-hint = tcp://address:9100 for a network printer; empty for none.
settings-printer-none = No printer is set up.
settings-printer-manager = A manager can change this.
settings-scanner = Scanner
settings-scanner-text = Scan any barcode to try it. If it arrives as typed digits, allow more time between two keys.
settings-scanner-gap = Most time between two keys
settings-milliseconds = { $count } ms
settings-scanner-try = Scan something now.
settings-scanner-heard = Scanned: { $code }
settings-scanner-slow = Something came, but too slowly for a scan.
settings-scanner-measured = { $count } characters, at most { $longest } ms between two of them
settings-scanner-advice = Set to { $count } ms

## Printers

printers-title = Printers
printers-add = Add a printer
printers-edit = Change
printers-edit-of = Change { $name }
printers-edit-title = Printer
printers-test-of = Test print at { $name }
printers-well = Ready
printers-unasked = Not asked yet
printers-waiting =
    { $count ->
        [one] { $count } print waits
       *[other] { $count } prints wait
    }
printers-unknown =
    { $count ->
        [one] { $count } perhaps printed
       *[other] { $count } perhaps printed
    }
printers-paper-low = The paper is about to end
printers-drawer-open = Drawer open
printers-drawer-shut = Drawer shut
printers-last = Last: { $error }, { $time }
printers-name = Name
printers-name-example = Kitchen 1
printers-address = Address
printers-address-hint = tcp://address:9100, usb://04b8:0202, serial:///dev/ttyUSB0 or lp://queue
printers-found = Found
printers-model = Model
printers-model-generic = Other printer, { $width } mm, { $columns } characters
printers-failover = When it does not print
printers-failover-none = Wait for it
printers-roles = Prints
printers-receipts = Receipts and reports
printers-tickets = Station tickets
printers-categories = Station makes
printers-categories-all = Everything
printers-drawer = Cash drawer
printers-drawer-none = None
printers-drawer-pin = Pin { $pin }
printers-drawer-level = Tells that it is open by
printers-drawer-level-none = Nothing
printers-drawer-level-high = A high level
printers-drawer-level-low = A low level
printers-remove = Remove

## Devices

devices-title = Devices
devices-add = Add a device
devices-edit-title = Device
devices-none = No scale, scanner, customer display or card reader is set up. Weights can be typed, amounts can be entered at a card reader by hand, and a scanner that types like a keyboard works by itself.
devices-silent = Does not answer
devices-tried = Last tried: { $time }
devices-last = Last without an answer: { $time }
devices-test = Test
devices-test-of = Test { $name }
devices-test-display = Look at the display: it shows its name.
devices-kind = Kind of device
devices-kind-scale = Scale
devices-kind-scanner = Scanner
devices-kind-display = Customer display
devices-kind-card = Card reader
devices-card-text = The till tells it the amount and hears how it ends. There is one at a till.
devices-card-zvt = ZVT
devices-card-adyen_local = Adyen (shop network)
devices-card-adyen_cloud = Adyen (cloud)
devices-card-stripe = Stripe Terminal
devices-test-card = The card reader is being asked. Its row says whether it answers.
devices-scanner-text = Only for scanners at a serial port or in the network. One that types like a keyboard works by itself.
devices-name-example = Counter scale
devices-name-example-card = Counter card reader
devices-address-hint = serial:///dev/ttyUSB0?baud=9600, serial:///dev/ttyS0?bits=7&parity=even or tcp://192.168.1.60:4001
devices-address-hint-zvt = Its address in the shop’s network and its port, as its menu shows them.
devices-address-hint-adyen_local = Its address in the shop’s network, as its menu shows it.
devices-address-hint-adyen_cloud = The address of Adyen.
devices-address-hint-stripe = The address of Stripe.
devices-suggested = These scales usually leave the factory set like this:
devices-suggested-card = This is the provider’s usual address:
devices-protocol = What it speaks
devices-unit = Unit
devices-unit-hint = Only counts when the scale names none itself.
devices-unit-kg = Kilograms
devices-unit-g = Grams
devices-unit-lb = Pounds
devices-unit-oz = Ounces
devices-capacity = The most it weighs, in kilograms
devices-capacity-hint = Empty: 15 kg
devices-reader = Reader’s id
devices-reader-hint-adyen_local = The POI id: model and serial number, as Adyen shows it.
devices-reader-hint-adyen_cloud = The POI id: model and serial number, as Adyen shows it.
devices-reader-hint-stripe = Begins with tmr_, as Stripe shows it.
devices-key-name = Key identifier
devices-key-version = Key version
devices-secret-zvt = Password
devices-secret-adyen_local = Passphrase
devices-secret-adyen_cloud = API key
devices-secret-stripe = Secret key
devices-secret-set = It is set and never shown. Leave empty to keep it.
devices-secret-hint-zvt = Six digits. Empty: 000000
devices-secret-hint-other = It stays on this till and is never shown again.
devices-day-close = Close the reader’s day
devices-day-title = Close the day of { $name }?
devices-day-text = The card reader settles with its bank what it took since its last closing. Do it when no card is at it.
devices-day-going = The card reader closes its day …
devices-day-done = Day closed, { $time }
devices-day-failed = The day was not closed, { $time }. Nothing is lost: look at the card reader and try again.
devices-day-sum = Counted by the card reader: { $sum }
devices-log = Log
devices-log-text = What went wrong at printers and devices, and how they were set up, the newest first. The file also has every print and card payment, for whoever looks for a fault.
devices-log-none = Nothing has happened yet.
devices-log-keep = Keep as a file
devices-log-time = Time
devices-log-device = Device
devices-log-what = What happened
devices-log-detail = Details
devices-log-set_up = Set up
devices-log-changed = Changed
devices-log-removed = Removed
devices-log-well = Works
devices-log-unwell = Does not work
devices-log-card-asked = not begun
devices-log-card-told = at the card reader
devices-log-card-approved = approved
devices-log-card-refused = refused
devices-log-card-unknown = not known
devices-wrong = This cannot be.
devices-wrong-kind = This till has one of these already. Change that one instead.
devices-wrong-name = Give it a name that no other device has.
devices-wrong-target = This is no address, or another device has it already.
devices-wrong-protocol = Choose what the device speaks.
devices-wrong-unit = Choose a unit.
devices-wrong-capacity_g = Write it like 15 or 7.5; at most 1,000 kg.
devices-wrong-reader = Write the id as the provider shows it.
devices-wrong-secret = Enter it as the provider or the card reader’s papers give it.
devices-wrong-key_name = Write the identifier of the key.
devices-wrong-key_version = Write a whole number such as 1.
devices-wrong-devices = There are enough devices at this till. Remove one first.

## Prices

prices-title = Prices
prices-kinds = Kinds of prices
prices-kind-campaigns = Campaigns
prices-kind-pricing-rules = Price lists
prices-kind-taxes = Taxes
prices-kind-price-books = Rules
prices-new-campaigns = New campaign
prices-new-pricing-rules = New price list
prices-new-taxes = New tax rate
prices-new-price-books = New rules
prices-none-campaigns = No campaign yet.
prices-none-pricing-rules = No price list yet.
prices-none-taxes = The outlet’s own taxes hold.
prices-none-price-books = The outlet’s own rules hold.
prices-about-campaigns = A campaign takes something off by itself: a percentage, one for free, a happy hour, a coupon. Choose one, or begin a new one. It is a draft until it is activated.
prices-about-pricing-rules = A price list replaces the items’ own prices: for some customers, for take away, at some hours, or from a quantity on. It is a draft until it is activated.
prices-about-taxes = A tax rate holds from its day on; tills get it beforehand. It is a draft until it is activated.
prices-about-price-books = Rules say how the outlet charges for service, rounds, and takes cash. They are a draft until they are activated.
prices-offline = Prices are kept by the server, which cannot be reached just now. The till sells on with the prices it has.
prices-retry = Try again
prices-refused = The server does not take this: { $detail } ({ $field }). Nothing was changed; please correct it.
prices-not-yours = This is for other outlets too. Headquarters changes it.
prices-saved = Saved.
prices-activated = Activated. Tills get it by themselves.
prices-deactivated = Taken back. Sales made with it stand.
prices-deleted = The draft is gone.
prices-state-draft = Draft
prices-state-scheduled = Scheduled
prices-state-active = Active
prices-state-ended = Ended
prices-state-inactive = Taken back
prices-name = Name
prices-outlets = Outlets
prices-outlets-here = This outlet
prices-outlets-all = All outlets
prices-outlets-some =
    { $count ->
        [one] It is for { $count } other outlet.
       *[other] It is for { $count } outlets.
    }
prices-save-draft = Save draft
prices-activate = Activate
prices-deactivate = Take back
prices-deactivate-title = Take { $name } back?
prices-deactivate-text = Tills stop using it as soon as they hear of it. Sales made with it stand.
prices-delete = Delete draft
prices-delete-title = Delete this draft?
prices-delete-text = It was never in force. It cannot be brought back.
prices-period = Change period
prices-period-of = When { $name } holds
prices-period-text = Times are those of the outlet. Write them as year-month-day and time.
prices-period-wrong = It would end before it starts.
prices-starts = From
prices-ends = Until
prices-at-once = Empty: at once
prices-for-good = Empty: for good
prices-moment-wrong = Write it like { $example }.
prices-panes = Parts of a campaign
prices-pane-edit = Edit
prices-pane-try = Try it
prices-pane-cost = What would it have cost?
prices-figure-wrong = This figure cannot be.
prices-no-limit = Empty: no limit
prices-channels = Sold
prices-everywhere = Everywhere
prices-when = Happy hour
prices-every-day = Every day
prices-hour-from = From (time)
prices-hour-until = Until (time)
prices-hours-wrong = Write both times like 16:00, or none.
prices-find-goods = Find items
prices-goods = On what
prices-goods-all = Everything
prices-goods-unknown = An item that this till does not have
prices-goods-remove = Remove { $item }
prices-goods-choose = Choose items or categories, or everything.
prices-goods-bought = What is bought
prices-goods-counted = What the customer spends on
prices-goods-given = What is given
prices-goods-free = What is free
prices-goods-part = Of what
prices-except = But not
prices-except-add = Leave some items out
prices-promotion = Offer { $number }
prices-promotion-add = Another offer
prices-promotion-remove = Remove offer { $number }
prices-promotion-name = Name on the receipt
prices-promotion-name-hint = Empty: the name of the campaign
prices-effect = What it gives
prices-effect-percent = A percentage off
prices-effect-amount = An amount off each
prices-effect-fixed_price = A fixed price
prices-effect-buy_get = Buy some, get some
prices-effect-bundle = A bundle, or mix and match
prices-effect-free_item = Something for free
prices-effect-threshold = Something off from a sum on
prices-effect-order_percent = A percentage off the order
prices-effect-kept = As it is
prices-effect-kept-text = This offer was made elsewhere and has no fields here. It stays as it is when you save; the rest can be changed.
prices-percent = Percent off
prices-percent-free = 100 is free
prices-amount-each = Off each
prices-amount-off = Amount off
prices-fixed-price = Price of one
prices-buy = Buy
prices-get = Get
prices-gives = What the customer gets
prices-gives-same = The same goods
prices-gives-other = Other goods
prices-gives-same-text = Of what is bought, the cheapest pieces come at the lower price.
prices-gives-other-text = The cheapest of the other goods come at the lower price.
prices-bundle-text = Whoever buys all the parts together gets the bundle. A part of several pieces is mix and match.
prices-part = Part { $number }
prices-part-add = Another part
prices-part-remove = Remove part { $number }
prices-part-of = What this part is
prices-part-of-goods = Items
prices-part-of-bundle = Another bundle
prices-pieces = How many
prices-pieces-free = How many are free
prices-bundle = Which bundle
prices-bundle-choose = Choose one
prices-bundle-unknown = A bundle that is not known here
prices-free-text = The cheapest of these are free as soon as they are in the order and enough is spent.
prices-tiers-text = Only the highest tier that is reached counts. Tiers are kept in the order of their sums.
prices-tier = Tier { $number }
prices-tier-add = Another tier
prices-tier-remove = Remove tier { $number }
prices-tier-doubled = Another tier begins at this sum, too.
prices-spend = From this sum on
prices-off-bundle = The bundle gives
prices-off-sum = The tier gives
prices-off-by-percent = A percentage off
prices-off-by-amount = An amount off
prices-off-by-price = A fixed price
prices-price-bundle = Price of the bundle
prices-price-sum = Price of all of it
prices-cap = At most
prices-coupons = Coupon codes
prices-coupons-text = With a code, only who shows it gets the offer.
prices-coupon-code = Code
prices-coupon-uses = How often
prices-coupon-add = Add a code
prices-more = More: places, customers, limits, order
prices-segments = Customer groups
prices-segments-hint = Separate several by commas.
prices-min-spend = Only from a sum of
prices-per-order = Times in one order
prices-per-day = Times a day
prices-in-all = Times in all
prices-priority = Rank
prices-priority-hint = The higher comes first.
prices-group = Offer group
prices-group-hint = Only one of a group is given. Empty: no group
prices-beside = Beside other offers
prices-exclusive = Stands alone
prices-exclusive-text = The customer gets this one, or all the others together, whichever is more.
prices-list-prices = Prices
prices-from-quantity = From a quantity of
prices-from-first = Empty: from the first
prices-tax-which = Which tax
prices-tax-new = A new tax
prices-tax-new-text = A new tax is charged on no item until headquarters gives it to items.
prices-tax-percent = Percent
prices-tax-other = This tax is not a plain percentage. How it is counted stays as it is.
prices-tax-where = Prices
prices-tax-included = Include it
prices-tax-on-top = Without it; it comes on top
prices-settings-text = These rules take the place of the outlet’s own, all of them at once.
prices-settings-blind = The rules that hold now are not known here. Fill in everything that should go on to hold, such as the service charge and cash rounding.
prices-service = Service charge in percent
prices-service-none = Empty: none
prices-cash-step = Cash is paid in steps of
prices-cash-step-none = Empty: to the last coin
prices-cash-mode = Cash is rounded
prices-rounding-half_up = To the nearest, half up
prices-rounding-half_even = To the nearest, half to even
prices-rounding-up = Up
prices-rounding-down = Down
prices-tax-rounding = Taxes are rounded
prices-tax-rounding-line = On every line
prices-tax-rounding-order = Once for the order
prices-timing = An order discount by hand comes off
prices-timing-before_tax = Before tax
prices-timing-after_tax = After tax
prices-try-saved = What was saved is tried. Save your changes first.
prices-try-empty = Find items to put into the basket.
prices-try-channel = How it is sold
prices-try-customer = Who buys
prices-try-segments-hint = Separate several by commas. Empty: any customer
prices-try-coupons = Coupon codes shown
prices-try-at = At this time
prices-try-now = Empty: now
prices-try-again = Calculate again
prices-tried = What it comes to
prices-total-without = Total without this campaign
prices-total-with = Total with it
prices-cost-text = Past sales of this outlet are calculated again with this campaign, as if everybody had bought the same.
prices-past-from = First day
prices-past-until = Last day
prices-day-wrong = Write it like { $example }.
prices-cost-run = Calculate
prices-cost-none = There are no sales on these days.
prices-cost-total = It would have cost
prices-cost-takings = What was taken
prices-cost-touched = Sales it would have changed
prices-cost-of = { $touched } of { $orders }
prices-cost-orders =
    { $count ->
        [one] { $count } sale
       *[other] { $count } sales
    }
prices-cost-unknown =
    { $count ->
        [one] { $count } sale could not be calculated again.
       *[other] { $count } sales could not be calculated again.
    }
prices-cost-cut = There were more sales than are looked at. Choose fewer days.
prices-cost-days = Cost by day
prices-given = What promotions took off
prices-given-text = What promotions and coupon codes took off the sales of this outlet on these days.
prices-given-run = Show
prices-given-days = From { $from } to { $until }
prices-given-none = No promotion took anything off on these days.
prices-given-total = Taken off in all
prices-given-back = Goods that were given back later are not deducted here.
prices-given-chart = By promotion
prices-given-each = One by one
prices-given-share-text = A sale with several promotions counts for each of them. The percentage is the part that a promotion took off what its sales would have come to without it.
prices-given-code = Code { $code }
prices-given-off = Taken off
prices-given-share = In percent
prices-given-sales = What its sales came to
prices-given-orders = Its sales
prices-given-times = Times given
prices-given-more =
    { $count ->
        [one] One more took off less. It is in the sum above.
       *[other] { $count } more took off less. They are in the sum above.
    }

# How receipts and tickets look.
layouts-title = Receipt
layouts-kind-receipt = Receipt
layouts-kind-ticket = Kitchen ticket
layouts-template-receipt = Layout of the receipt
layouts-template-ticket = Layout of the kitchen ticket
layouts-built-in = The built-in layout is used.
layouts-begin = Begin from the built-in layout
layouts-use-built-in = Use the built-in layout
layouts-hint = One line is one line on paper. Words that begin with @ say how it looks; names in double braces are filled in.
layouts-falls-back = With this the built-in layout is printed instead:
layouts-at-line = Line { $line }: { $problem }
layouts-lines = Lines of this shop
layouts-header = Under the address
layouts-footer = Under the receipt
layouts-legal = Required by law, on every receipt
layouts-logo = Logo
layouts-logo-hint = It is printed in black and white dots, as the preview shows it.
layouts-logo-choose = Choose a picture
layouts-logo-remove = Remove the logo
layouts-logo-refused = This picture cannot be used as a logo. Choose a simpler or smaller one.
layouts-preview = Preview
layouts-of = What the preview shows
layouts-of-sample = Sample
layouts-of-last = Last order
layouts-copy = As a copy
layouts-saved = Saved. All tills of this shop print it from now on.
layouts-offline = Layouts are kept at the server, which cannot be reached now. Nothing was saved; try again later.

## Customer's screen

customer-screen-title = Customer’s screen
customer-screen-on = Show the sale on the customer’s screen
customer-screen-greeting = Greeting
customer-screen-greeting-example = Good coffee, every day
customer-screen-greeting-hint = It stands under the name of the shop between two sales.
customer-screen-pictures = Pictures between two sales
customer-screen-pictures-hint = They follow one another in this order; at most { $count }.
customer-screen-seconds = Time of each picture
customer-screen-seconds-of =
    { $count ->
        [one] { $count } second
       *[other] { $count } seconds
    }
customer-screen-picture-add = Add a picture
customer-screen-picture = Picture { $number }
customer-screen-picture-earlier = Show picture { $number } earlier
customer-screen-picture-later = Show picture { $number } later
customer-screen-picture-remove = Remove picture { $number }
customer-screen-picture-refused = This file cannot be used as a picture. Choose another one.
customer-screen-codes = Payment codes
customer-screen-codes-hint = Tap the field and scan your printed code with the till’s scanner, or paste its text. The till puts the amount of each sale in it.
customer-screen-qris = Text of your QRIS code
customer-screen-viet_qr = Text of your VietQR code
customer-screen-wrong-greeting = One line of at most { $count } characters.
customer-screen-wrong-seconds = Choose between { $least } and { $most } seconds.
customer-screen-wrong-pictures = One of the pictures is not there any more, or there are too many. Look at them again.
customer-screen-wrong-qris = This is no QRIS code for this shop’s currency. Scan it again, or copy its whole text.
customer-screen-wrong-viet_qr = This is no VietQR code for this shop’s currency. Scan it again, or copy its whole text.
customer-screen-now-off = Switched off
customer-screen-now-off-text = Switch it on and save, then the customer sees the sale.
customer-screen-now-shown = Shown now
customer-screen-now-shown-text = The customer sees the sale.
customer-screen-now-no_monitor = No second monitor is connected
customer-screen-now-no_monitor-text = Connect one to this till; the customer’s screen opens on it by itself.
customer-screen-now-silent = No screen shows it
customer-screen-now-silent-text = Look whether the second monitor has power. If it stays dark, restart the till.
customer-screen-now-no_browser = No screen shows it
customer-screen-now-no_browser-text = Open this address in a browser on the customer’s screen.
customer-screen-asked = Last shown { $time }
customer-screen-address = Open the customer’s screen
customer-screen-new-tab = It opens in a new tab.
customer-screen-preview-idle = Between two sales
customer-screen-preview-cart = During a sale
customer-screen-sample-drink = Iced coffee with milk
customer-screen-sample-dish = Fried rice
customer-screen-sample-choice = Less sugar
