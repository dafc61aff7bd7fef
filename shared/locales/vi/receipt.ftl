# Những gì được in: phiếu thanh toán, phiếu hoàn tiền, báo cáo ca và trang in thử.

## Phiếu thanh toán

receipt-title = Phiếu thanh toán
receipt-number = Số { $number }
receipt-date = Ngày
receipt-cashier = Thu ngân: { $name }
receipt-tax-number = MST { $number }
receipt-copy = BẢN SAO
receipt-void = ĐÃ HỦY
receipt-items = Mặt hàng
receipt-subtotal = Tạm tính
receipt-discount = Giảm giá
receipt-discount-percent = Giảm giá { $percent }%
receipt-service-charge = Phí dịch vụ
# Đứng một mình, làm tên trong receipt-tax-included.
receipt-taxes = thuế
receipt-tax-included = Đã gồm { $name }
receipt-total = Tổng cộng
receipt-rounding = Làm tròn
receipt-to-pay = Cần thanh toán
receipt-change = Tiền thừa
receipt-thanks = Cảm ơn quý khách, hẹn gặp lại!
receipt-signature = Chữ ký: _____________________

## Hoàn tiền

receipt-refund = HOÀN TIỀN
receipt-refund-of = Cho phiếu { $number }
receipt-refund-loose = Không có phiếu
receipt-refund-total = Tổng tiền hoàn
receipt-channel-table = Tại bàn
receipt-channel-take-away = Mang về
receipt-channel-self-order = Tự gọi món
receipt-channel-delivery = Giao hàng
receipt-exempt = Không tính thuế: { $reason }
receipt-reason = Lý do: { $reason }

## Hình thức thanh toán

tender-cash = Tiền mặt
tender-card = Thẻ
tender-qris = QRIS
tender-viet_qr = VietQR

## Báo cáo ca

report-x = Báo cáo X
report-z = Báo cáo Z số { $number }
report-opened = Mở ca
report-orders = Số đơn
report-refunds = Hoàn tiền
report-voids = Đơn hủy
report-sales-total = Doanh thu
report-refund-total = Đã hoàn
report-net = Doanh thu thuần
report-discounts = Giảm giá
report-service-charge = Phí dịch vụ
report-rounding = Làm tròn
report-tax-base = trên { $amount }
report-refund-taxes = Thuế đã hoàn
report-opening-float = Tiền đầu ca
report-cash-in = Tiền thu vào
report-cash-out = Tiền chi ra
report-expected = Tiền phải có
report-counted = Tiền đếm được
report-difference = Chênh lệch

## Trang in thử

receipt-card-day = Máy đọc thẻ: kết ngày
receipt-test-title = In thử
receipt-test-hint = Nếu đọc được mọi chữ bên dưới, máy in đã được cài đặt đúng.

## Stock slips

stock-slip = Phiếu kho
stock-received = Nhập kho
stock-counted = Kiểm kê
stock-wasted = Hao hụt
stock-transferred = Chuyển kho

ticket-moved = In thay cho { $printer }

# What a scanned label says of its goods.
line-label-price = Giá trên nhãn
line-lot = Lô { $lot }
line-expiry = Hạn dùng { $date }
line-serial = Số sê-ri { $serial }
