# What is printed: receipts, refund receipts, shift reports and the test page.

## Receipts

receipt-title = Receipt
receipt-number = No. { $number }
receipt-date = Date
receipt-cashier = Cashier: { $name }
receipt-tax-number = Tax no. { $number }
receipt-copy = COPY
receipt-void = VOID
receipt-items = Items
receipt-subtotal = Subtotal
receipt-discount = Discount
receipt-discount-percent = Discount { $percent }%
receipt-service-charge = Service charge
# Stands alone as the name in receipt-tax-included.
receipt-taxes = taxes
receipt-tax-included = Includes { $name }
receipt-total = Total
receipt-rounding = Rounding
receipt-to-pay = To pay
receipt-change = Change
receipt-thanks = Thank you and see you soon!
receipt-signature = Signature: __________________

## Refunds

receipt-refund = REFUND
receipt-refund-of = For receipt { $number }
receipt-refund-loose = Without a receipt
receipt-refund-total = Refund total
receipt-channel-table = At the table
receipt-channel-take-away = Take away
receipt-channel-self-order = Self-order
receipt-channel-delivery = Delivery
receipt-exempt = Without tax: { $reason }
receipt-reason = Reason: { $reason }

## Means of payment

tender-cash = Cash
tender-card = Card
tender-qris = QRIS
tender-viet_qr = VietQR

## Shift reports

report-x = X report
report-z = Z report no. { $number }
report-opened = Opened
report-orders = Orders
report-refunds = Refunds
report-voids = Voids
report-sales-total = Sales
report-refund-total = Refunded
report-net = Net sales
report-discounts = Discounts
report-service-charge = Service charge
report-rounding = Rounding
report-tax-base = on { $amount }
report-refund-taxes = Taxes refunded
report-opening-float = Opening float
report-cash-in = Paid in
report-cash-out = Paid out
report-expected = Expected cash
report-counted = Counted cash
report-difference = Difference

## Test page

receipt-card-day = Card reader: end of day
receipt-test-title = Test print
receipt-test-hint = If you can read every letter below, the printer is set up correctly.

## Stock slips

stock-slip = Stock slip
stock-received = Received
stock-counted = Counted
stock-wasted = Wasted
stock-transferred = Transferred

## Tickets for a station

ticket-moved = Taken over from { $printer }

# What a scanned label says of its goods.
line-label-price = Price on the label
line-lot = Lot { $lot }
line-expiry = Use by { $date }
line-serial = Serial { $serial }
