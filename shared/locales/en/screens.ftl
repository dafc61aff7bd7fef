# The texts of the screens. Arguments must be the same in every language; a test compares them.

## Words that stand everywhere

add = Add
amount = Amount
amount-wrong = More than zero and at most { $amount }.
back = Back
cancel = Cancel
close = Close
more = More
ok = OK
save = Save
cashier = Cashier
total = Total
subtotal = Subtotal
discount = Discount
service = Service charge
price = Price
note = Note
options = Options
quantity = Quantity
reason = Reason
reason-other = Another reason
unsaved-title = Leave without saving?
unsaved-text = What was changed in this form is lost.
unsaved-leave = Leave
pieces =
    { $count ->
        [one] { $count } piece
       *[other] { $count } pieces
    }
kilograms = { $quantity } kg
version = Version { $version }

## Bar

nav = Screens
nav-register = Sell
nav-orders = Orders
nav-shift = Shift
nav-items = Items
nav-settings = Settings
sign-out = Sign out
sign-out-who = Sign out { $name }
sign-out-title = Sign out with an open order?
sign-out-open-cart = The order stays at this till as it is. Events that still wait to be sent: { $waiting }; they are safe on this till.

## Status

chip-online = Online
chip-offline = Offline
chip-selling = selling normally
chip-waiting = { $count } waiting
chip-all-sent = everything sent

## First start

enrol-title = Welcome to Kedai
enrol-text = This till does not belong to an outlet yet. Ask your manager for the server address and a pairing code.
enrol-server = Server address
enrol-code = Pairing code
enrol-name = Name of this till
enrol-name-hint = For instance “Front counter”
enrol-server-wrong = This is not an address. Write it like kedai.example or 192.168.1.20:8080.
enrol-code-wrong = A pairing code has letters, digits and dashes.
enrol-name-wrong = Give this till a name.
enrol-submit = Connect
enrol-busy = Connecting …
loading-title = Loading the catalogue
loading-text = Prices, items and people of this outlet are coming from the server. This happens once.
loading-count = { $done } of { $total }
loading-offline = The server does not answer just now. What was loaded is kept; loading goes on by itself as soon as the network is back.

## Sign-in

sign-in-title = Sign in
sign-in-who = Who is selling?
sign-in-choose = Choose your name
sign-in-nobody = Nobody may sign in here yet. A manager adds people in the back office; they appear here by themselves.
pin = PIN
pin-entered = PIN, { $count } digits entered
pin-wait = Too many wrong PINs. Try again in { $seconds } s.
pin-again = You can try again now.
role-owner = Owner
role-admin = Administrator
role-manager = Manager
role-cashier = Cashier
role-kitchen = Kitchen

## Keypad and keyboard

keypad = Keypad
key-erase = Erase
key-clear = Clear
key-point = Decimal mark
keyboard = Keyboard
keyboard-open = Keyboard for { $field }
keyboard-close = Close the keyboard
keyboard-shift = Capital letters
keyboard-space = Space

## Register

grid = Items
tiles = Items to sell
search = Search
search-placeholder = Name, code or barcode
search-clear = Clear the search
search-nothing = Nothing is called “{ $query }”. Check the spelling, or scan the barcode.
search-more = There are more. Write more of the name.
scan-unheard = { $code } was scanned but not used here. Close this window or go back to the order, then scan again.
categories-before = Categories before
categories-after = More categories
sold-out = Sold out
register-sold-out = { $item } is marked as sold out. A manager can put it back on sale under Items.
price-from = { $price }+
price-open = open price
price-per-kilogram = { $price } / kg
cart = Order
cart-lines = Lines of the order
cart-empty = Tap an item or scan a barcode.
cart-no-shift = No shift is open. Open one under Shift, then payment can be taken.
pay = Pay
undo = Undo
remove = Remove line
hold = Hold
hold-named = Hold with a name
hold-label = Name
hold-label-hint = For instance a table or a customer's name
hold-done = Held. Recall brings it back.
recall = Recall
held-title = Held orders
held-row = { $time } · { $name } · { $count } pcs
held-none = No order is held.
quantity-less = One less
quantity-more = One more
quantity-set = Set line
quantity-text = Now tap an item, scan, or set the selected line.
note-of = Note for { $item }
note-order = Note on the order
note-clear = Remove note
discount-of = Discount on { $item }
discount-order = Order discount
discount-kind = Kind of discount
discount-clear = Remove discount
line-discount = Discount −{ $amount }
line-promotion = { $name } −{ $amount }
line-listed = Price list: { $list }
promotion-used-up = { $name }: what this till may give of it is used up.
promotion-outdone = { $name }: a better offer was taken, the two do not go together.
promotion-needs-customer = { $name }: it is counted by customer. Say whom the order is for.
coupon-idle = Code { $code } takes nothing off this order.
promotion-notes-more = And { $count } more, under Prices.
doors = How the order is taken
door-counter = For here
door-table = At a table
door-take_away = Take away
door-self_order = Self-order
door-delivery = Delivery
terms = Prices
terms-coupons = Coupons
terms-coupon = Coupon code
terms-coupon-hint = Type the code or scan it.
terms-coupon-idle = takes nothing off
terms-coupon-unknown = { $code } is no coupon of this outlet. The order is unchanged; check the code and until when it holds.
terms-coupon-remove = Remove code { $code }
terms-segments = The customer belongs to
exemption = No tax for this customer
exemption-text = The customer pays tax as usual.
exemption-kind = Why no tax
exemption-exempt = Exempt
exemption-reverse_charge = Tax owed by the customer
exemption-zero_rated = Taxed at zero
exemption-reason = Certificate or number
exemption-reason-hint = It stands with the sale. A manager confirms with their PIN.
exemption-save = Sell without tax
exemption-clear = Charge tax again
price-of = Price of { $item }
price-now = Price now: { $price }
price-save = Change price
price-changed = Price changed: { $price }
price-reason-damaged = Damaged
price-reason-label = Wrong price label
price-reason-agreed = Agreed with the customer
void = Void order
void-title = Void this order?
void-text =
    { $count ->
        [one] { $count } piece, { $total }. Nothing was paid yet; a voided order cannot be brought back.
       *[other] { $count } pieces, { $total }. Nothing was paid yet; a voided order cannot be brought back.
    }
void-done = The order is void.
void-reason-customer = Customer changed their mind
void-reason-mistake = Entry mistake
void-reason-money = Not enough money
variant = Size or kind
choice-required = required
choice-optional = if wanted
choice-up-to = (up to { $max })
choice-group-included = { $count } included
choice-included = included
choice-none = This item has no options.
weight-text = Weigh it, then enter the weight.
open-price-text = Enter the price of one.
scale-weight = Weight
scale-stable = The weight is steady.
scale-moving = The scale is not at rest.
scale-nothing = Put the goods on the scale.
scale-too_heavy = That is too heavy for the scale.
scale-fault = The scale reports a fault: look at its display.
scale-unreachable = The scale does not answer: type the weight.
scale-asking = Asking the scale …
scale-refused-changed = Another weight lay on the scale than was shown. Nothing was added; look at it and add again.
scale-refused = The scale gave no steady weight just then. Nothing was added; wait until it is steady and add again.
scale-packaging = Packaging
scale-packaging-text = Put only the packaging on the scale, then tap.
scale-packaging-clear = Without packaging
scale-packaging-taken = Packaging: { $weight }
scale-type = Type the weight
scale-use = Use the scale

## Whom an order is for

buyer = Customer
buyer-title = Whom is the order for?
buyer-search = Find a customer
buyer-search-hint = Scan the card, or type the end of the phone number or a part of the name.
buyer-none-found = Nobody fits “{ $query }”. Check the number, or try a part of the name.
buyer-more = There are more. Type more of the name or the number.
buyer-phone-end = Phone … { $digits }
buyer-remove = Nobody known
buyer-forgotten = Customer without a name
buyer-of = Order for { $name }

## Pay

to-pay = To pay
tender-choose = Means of payment
tender-card-text = Enter this amount on the card reader.
tender-qris-text = The customer scans your QRIS code and pays this amount.
tender-viet_qr-text = The customer scans your VietQR code and pays this amount.
tender-received = { $name } received
tender-wait = Confirm only when the payment is on your device. If it takes long, choose another means or hold the order: nothing is lost.
tender-qr-shown = The customer’s screen shows this code.
tender-other-amount = Only a part? Enter it here.
tender-drop = Take back { $name }
tenders-given = Paid so far
cash-given = Cash given
cash-rounding = Cash rounding { $amount }
quick-cash = Quick cash
exact = Exact
change = Change
missing = Still to pay
complete = Complete sale
take-part = Take { $amount }
sale-done = Sale complete
receipt = Receipt
sale-number = Receipt
new-sale = New sale
reprint = Reprint (COPY)
reprint-done = The copy is in the print queue.
keep-file = Keep as a file
keep-pdf = PDF
keep-html = Web page
keep-text = Text
keep-done = { $name } is with the downloads.
reprint-last = Reprint last
reprint-nothing = No sale was made at this till yet.

## Card reader

card-take = Take by card
card-take-text = { $reader } gets this amount and asks the customer for the card.
card-other-reader = Taken on another reader
card-this-reader = Use the card reader
card-waiting = Waiting for the card reader
card-step-starting = Speaking to the card reader
card-step-connecting = Calling the card reader
card-step-present_card = Show or insert the card
card-step-at_reader = Customer at the card reader
card-step-authorising = Asking the bank
card-step-cancelling = Calling it off
card-going-text = The till goes on by itself as soon as the card reader has answered.
card-cancelling-text = The card reader has the last word: the card may still be charged. Wait for its answer.
card-refused-declined = The card was declined.
card-refused-help-declined = No money was taken. Try again with another card, or choose another means.
card-refused-cancelled = It was called off.
card-refused-help-cancelled = No money was taken. Try again, or choose another means.
card-refused-card_timeout = No card came in time.
card-refused-help-card_timeout = No money was taken. Have the card ready and try again, or choose another means.
card-refused-busy = The card reader is busy.
card-refused-help-busy = No money was taken. Wait until it is free and try again, or choose another means.
card-refused-not_reached = The card reader does not answer.
card-refused-help-not_reached = No money was taken. Look at its power and network and try again, or choose another means.
card-refused-not_set_up = The card reader and the till do not fit each other.
card-refused-help-not_set_up = No money was taken. Choose another means, and have a manager look at it under Devices.
card-refused-by_hand = A manager decided that no money moved.
card-refused-help-by_hand = Try again, or choose another means.
card-refused-other = The card reader refused.
card-refused-help-other = No money was taken. Try again, or choose another means.
card-unknown = Waiting: it is not known yet whether the card was charged
card-unknown-text = Do not take it again. The order is kept. Ask the card reader again; if it stays silent, pay by other means and a manager decides later.
card-approved = Taken by card
card-loose = Charged, but in no sale yet
card-loose-here = It belongs to the order that is open now: go on with that.
card-loose-text = The money is safe. Recall its order and pay it, or give the money back.
card-part = Only { $amount } of { $asked }: the card had no more.
card-part-taken = The card had only { $amount }. That is taken; take the rest by any means.
card-too-much = More was taken by card than the order comes to now. Nothing is lost: add to the order, or give a card payment back.
card-again = Try again: { $amount }
card-other-amount = Other amount
card-pay-otherwise = Pay otherwise
card-authorisation = Code { $code }
card-do-go_on = Go on with the order
card-do-cancel = Call off
card-do-ask = Ask again
card-do-settle = A manager decides
card-do-give_back = Give back
card-do-again = Try again
card-give-back = Give back
card-give-back-title = Give this card payment back?
card-give-back-text = { $amount } goes back to the card. The order is not paid by it any more.
card-giving-back = { $amount } goes back to the card. Card payments, under Orders, says how that goes.
card-settle-title-payment = Was the card charged?
card-settle-title-refund = Did the money go back to the card?
card-settle-text = Look for { $amount } at { $time } on the card reader’s own paper or in its list. Decide by that only.
card-settle-shows = What it shows
card-settle-moved-payment = Charged
card-settle-stayed-payment = Not charged
card-settle-moved-refund = Given back
card-settle-stayed-refund = Not given back
card-settle-otherwise-refund = Given back another way
card-settle-reason-paper = The card reader’s paper
card-settle-reason-list = The card reader’s list
card-settle-reason-provider = The provider said so
card-settle-confirm = Decide
card-settled = It is written down.
card-refund-approved = The money is back on the card
card-refund-refused = The money has not gone back to the card yet
card-refund-refused-text = The refund is written down; try again.
card-refund-unknown = Waiting: it is not known yet whether the money went back
card-refund-unknown-text = Do not give it back again. Ask the card reader again; if it stays silent, a manager decides by its own paper.
card-refund-asking = Asking the card reader …
cards-title = Card payments
cards-text = What the card reader has not settled, what is in no sale yet, and what has still to go back to a card.
cards-none = No card payment needs anybody.
cards-kind-payment = Payment
cards-kind-refund = Refund
cards-waiting =
    { $count ->
        [one] { $count } card payment needs somebody
       *[other] { $count } card payments need somebody
    }

## Customer's screen

customer-scan = Scan to pay
customer-scan-text = Open your bank or wallet app and scan this code.
customer-code = { $name } code for { $amount }
customer-thanks = Thank you!
customer-given = Paid
customer-off = This screen is switched off.
customer-off-text = A manager switches it on at the till: Settings, then Customer’s screen.
customer-waiting = Waiting for the till

## Look and printer

printer-error-offline = Printer is offline
printer-error-paper_out = Printer has no paper
printer-error-cover_open = Printer cover is open
printer-error-unreachable = Printer does not answer
printer-error-interrupted = Printing was interrupted – look at the paper
printer-error-unknown = Printer needs a look
drawer-left-open = The drawer is open
printer-trouble = { $printer }: { $error }
language = Language
theme = Look
theme-day = Day
theme-night = Night
theme-contrast = High contrast

## Help

help-title = Keys
help-help = This help
help-search = Search
help-customer = Customer of the order
help-quantity = Quantity
help-discount = Discount on the line
help-hold = Hold the order
help-recall = Recall a held order
help-pay = Pay, complete, new sale
help-exact = Exact cash (pay screen)
help-drawer = Shift and drawer
help-back = Back, close
help-undo = Undo the last step
help-plus = One more on the line
help-minus = One less on the line
help-remove = Remove the line
help-up = Line above
help-down = Line below
help-scanner = A scanner works on every screen, wherever the cursor is. None of these keys is needed: everything can be tapped.

## A manager's leave

approval-title = A manager's leave is needed
approval-text = { $what }: a manager enters their PIN. The order stays as it is.
approval-who = Manager
approval-nobody = Nobody at this outlet may allow this.
permission-sell = Selling
permission-discount = Discount by hand
permission-price_override = Changed price
permission-void_cart = Voiding an order
permission-refund = Refund
permission-refund_without_receipt = Refund without receipt
permission-drawer_session = Opening or closing a shift
permission-cash_movement = Cash in or out
permission-no_sale = Opening the drawer without a sale
permission-stock_movement = Stock movement
permission-back_office = Back office
permission-edit_items = Changing items
permission-edit_business = Changing the business
permission-other = This step

## Errors: what happened, what is safe, what to do

error-invalid = That cannot be ({ $reason }). Nothing was changed; please correct it.
error-not_found = It is not there any more. Nothing was changed; look again.
error-unknown_code = No item has the code { $subject }. The order is unchanged; search by name.
error-choice_needed = This item needs a choice, a weight or a price first.
error-not_signed_in = Nobody is signed in. The order is kept; please sign in.
error-pin_wrong = The PIN is wrong. Try again.
error-pin_locked = Too many wrong PINs. Try again at { $time }.
error-approval_needed = This needs a manager's leave. Nothing was changed.
error-not_allowed = Your role may not do this. Nothing was changed; ask a manager.
error-drawer_closed = No shift is open. The order is kept; open a shift first.
error-drawer_open = A shift is open already.
error-cart_empty = The order is empty.
error-cart_changed = The order changed meanwhile. Nothing was paid; look at the total and pay again.
error-tender_missing = That is not enough yet. Take more, or another means.
error-tender_overpaid = Only cash gives change. Enter the exact amount.
error-card_busy = The card reader is at another payment. Nothing was charged; wait until that is done, then try again.
error-card_unsettled = A card payment is not settled yet. Nothing more was charged. Settle it first: it stands under Orders, Card payments.
error-refund_too_much = That is more than is left to give back. Nothing was paid out.
error-out_of_range = The figure is too large or too small. Nothing was changed.
error-disk_full = The disk of this till is nearly full. Take no payment now; the order is kept. Call support.
error-store_failed = The till could not write it down. Look under Orders whether the sale is there before you take money again.
error-no_printer = No printer is set up. The sale stands; set one up under Settings.
error-server_unreachable = The server does not answer. Check the address and the network, then try again.
error-server_untrusted = The server's certificate is not to be trusted. Nothing was sent; check the address.
error-server_garbled = What answered there is not a Kedai server. Check the address.
error-pairing_invalid = The pairing code is unknown, used or out of date. Ask your manager for a new one.
error-protocol_unsupported = Till and server have versions that do not fit. Update the older one.
error-already_enrolled = This till belongs to an outlet already.
error-not_enrolled = This till does not belong to an outlet yet.
error-unknown_command = The screens and the till do not fit each other. Restart the till; nothing is lost.
error-internal = Something went wrong in the till. What was done is safe; try again, and call support if it stays.
error-engine_gone = The till's engine does not answer. What was completed is safe; the screen goes on as soon as it is back.
error-engine_garbled = The till answered something unreadable. What was completed is safe; restart the till.
