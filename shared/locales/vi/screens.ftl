# Văn bản của các màn hình. Đối số phải giống nhau ở mọi ngôn ngữ; có bài kiểm tra so sánh.

## Words that stand everywhere

add = Thêm
amount = Số tiền
amount-wrong = Lớn hơn 0 và nhiều nhất { $amount }.
back = Quay lại
cancel = Bỏ qua
close = Đóng
more = Thêm
ok = OK
save = Lưu
cashier = Thu ngân
total = Tổng cộng
subtotal = Tạm tính
discount = Giảm giá
service = Phí dịch vụ
price = Giá
note = Ghi chú
options = Tùy chọn
quantity = Số lượng
reason = Lý do
reason-other = Lý do khác
unsaved-title = Rời đi mà không lưu?
unsaved-text = Những thay đổi ở đây sẽ mất.
unsaved-leave = Rời đi
pieces = { $count } món
kilograms = { $quantity } kg
version = Phiên bản { $version }

## Bar

nav = Màn hình
nav-register = Bán hàng
nav-orders = Đơn hàng
nav-shift = Ca
nav-items = Mặt hàng
nav-settings = Cài đặt
sign-out = Đăng xuất
sign-out-who = Đăng xuất { $name }
sign-out-title = Đăng xuất khi còn đơn đang mở?
sign-out-open-cart = Đơn vẫn được giữ nguyên tại quầy này. Dữ liệu chưa gửi: { $waiting }; tất cả đều an toàn trên máy này.

## Status

chip-online = Trực tuyến
chip-offline = Ngoại tuyến
chip-selling = vẫn bán bình thường
chip-waiting = { $count } đang chờ
chip-all-sent = đã gửi hết

## First start

enrol-title = Chào mừng đến với Kedai
enrol-text = Máy này chưa thuộc cửa hàng nào. Hãy hỏi quản lý địa chỉ máy chủ và mã ghép nối.
enrol-server = Địa chỉ máy chủ
enrol-code = Mã ghép nối
enrol-name = Tên máy này
enrol-name-hint = Ví dụ “Quầy trước”
enrol-server-wrong = Đây không phải địa chỉ. Hãy ghi như kedai.example hoặc 192.168.1.20:8080.
enrol-code-wrong = Mã ghép nối gồm chữ cái, chữ số và gạch nối.
enrol-name-wrong = Hãy đặt tên cho máy này.
enrol-submit = Kết nối
enrol-busy = Đang kết nối …
loading-title = Đang tải danh mục
loading-text = Giá, mặt hàng và nhân viên của cửa hàng đang được tải về. Việc này chỉ diễn ra một lần.
loading-count = { $done } trên { $total }
loading-offline = Máy chủ hiện không trả lời. Phần đã tải vẫn được giữ; việc tải sẽ tự tiếp tục khi có mạng lại.

## Sign-in

sign-in-title = Đăng nhập
sign-in-who = Ai đang bán hàng?
sign-in-choose = Chọn tên của bạn
sign-in-nobody = Chưa ai được đăng nhập tại đây. Quản lý thêm nhân viên ở văn phòng; tên sẽ tự hiện ra.
pin = PIN
pin-entered = PIN, đã nhập { $count } chữ số
pin-wait = Sai PIN quá nhiều lần. Thử lại sau { $seconds } giây.
pin-again = Bây giờ bạn có thể thử lại.
role-owner = Chủ cửa hàng
role-admin = Quản trị
role-manager = Quản lý
role-cashier = Thu ngân
role-kitchen = Bếp

## Keypad and keyboard

keypad = Bàn phím số
key-erase = Xóa lùi
key-clear = Xóa hết
key-point = Dấu thập phân
keyboard = Bàn phím
keyboard-open = Bàn phím cho { $field }
keyboard-close = Đóng bàn phím
keyboard-shift = Chữ hoa
keyboard-space = Dấu cách

## Register

grid = Mặt hàng
tiles = Mặt hàng để bán
search = Tìm kiếm
search-placeholder = Tên, mã hoặc mã vạch
search-clear = Xóa tìm kiếm
search-nothing = Không có mặt hàng “{ $query }”. Hãy kiểm tra chính tả hoặc quét mã vạch.
search-more = Còn nữa. Hãy ghi thêm tên.
scan-unheard = Đã quét { $code } nhưng không dùng ở đây. Hãy đóng cửa sổ này hoặc quay lại đơn rồi quét lại.
categories-before = Nhóm hàng trước
categories-after = Nhóm hàng tiếp theo
sold-out = Hết hàng
register-sold-out = { $item } đã hết hàng. Quản lý có thể mở bán lại ở màn hình Mặt hàng.
price-from = { $price }+
price-open = giá mở
price-per-kilogram = { $price } / kg
cart = Đơn hàng
cart-lines = Các dòng của đơn
cart-empty = Chạm vào mặt hàng hoặc quét mã vạch.
cart-no-shift = Chưa mở ca. Hãy mở ở màn hình Ca để nhận thanh toán.
pay = Thanh toán
undo = Hoàn tác
remove = Xóa dòng
hold = Tạm giữ
hold-named = Tạm giữ kèm tên
hold-label = Tên
hold-label-hint = Ví dụ số bàn hoặc tên khách
hold-done = Đã tạm giữ. Nhấn Lấy lại để tiếp tục.
recall = Lấy lại
held-title = Đơn đang tạm giữ
held-row = { $time } · { $name } · { $count } món
held-none = Không có đơn nào được tạm giữ.
quantity-less = Bớt một
quantity-more = Thêm một
quantity-set = Sửa dòng
quantity-text = Sau đó chạm mặt hàng, quét mã, hoặc sửa dòng đã chọn.
note-of = Ghi chú cho { $item }
note-order = Ghi chú đơn
note-clear = Xóa ghi chú
discount-of = Giảm giá { $item }
discount-order = Giảm giá đơn
discount-kind = Loại giảm giá
discount-clear = Bỏ giảm giá
line-discount = Giảm −{ $amount }
line-promotion = { $name } −{ $amount }
line-listed = Bảng giá: { $list }
promotion-used-up = { $name }: phần của quầy này đã dùng hết.
promotion-outdone = { $name }: đã áp dụng ưu đãi tốt hơn, hai ưu đãi không dùng chung.
promotion-needs-customer = { $name }: được tính theo khách. Hãy cho biết đơn này của ai.
coupon-idle = Mã { $code } không giảm gì cho đơn này.
promotion-notes-more = Còn { $count } mục nữa, xem Giá bán.
doors = Cách nhận hàng
door-counter = Tại chỗ
door-table = Tại bàn
door-take_away = Mang đi
door-self_order = Khách tự gọi
door-delivery = Giao hàng
terms = Giá bán
terms-coupons = Phiếu giảm giá
terms-coupon = Mã giảm giá
terms-coupon-hint = Nhập mã hoặc quét.
terms-coupon-idle = không giảm gì
terms-coupon-unknown = { $code } không phải mã giảm giá của cửa hàng này. Đơn không đổi; hãy xem lại mã và hạn dùng.
terms-coupon-remove = Bỏ mã { $code }
terms-segments = Khách thuộc nhóm
exemption = Khách này không chịu thuế
exemption-text = Khách trả thuế như bình thường.
exemption-kind = Lý do không thuế
exemption-exempt = Miễn thuế
exemption-reverse_charge = Khách tự nộp thuế
exemption-zero_rated = Thuế suất 0 %
exemption-reason = Số giấy chứng nhận hoặc MST
exemption-reason-hint = Được ghi cùng đơn hàng. Quản lý xác nhận bằng PIN.
exemption-save = Bán không thuế
exemption-clear = Tính thuế lại
price-of = Giá { $item }
price-now = Giá hiện tại: { $price }
price-save = Đổi giá
price-changed = Đã đổi giá: { $price }
price-reason-damaged = Hư hỏng
price-reason-label = Nhãn giá sai
price-reason-agreed = Thỏa thuận với khách
void = Hủy đơn
void-title = Hủy đơn này?
void-text = { $count } món, { $total }. Chưa thanh toán; đơn đã hủy không thể khôi phục.
void-done = Đã hủy đơn.
void-reason-customer = Khách đổi ý
void-reason-mistake = Nhập nhầm
void-reason-money = Không đủ tiền
variant = Cỡ hoặc loại
choice-required = bắt buộc
choice-optional = nếu muốn
choice-up-to = (tối đa { $max })
choice-group-included = bao gồm { $count } lựa chọn
choice-included = đã bao gồm
choice-none = Mặt hàng này không có tùy chọn.
weight-text = Hãy cân rồi nhập trọng lượng.
open-price-text = Nhập giá một đơn vị.
scale-weight = Trọng lượng
scale-stable = Trọng lượng đã ổn định.
scale-moving = Cân chưa đứng yên.
scale-nothing = Hãy đặt hàng lên cân.
scale-too_heavy = Quá nặng đối với cân này.
scale-fault = Cân báo lỗi: hãy xem màn hình của cân.
scale-unreachable = Cân không trả lời: hãy nhập trọng lượng.
scale-asking = Đang hỏi cân …
scale-refused-changed = Trọng lượng trên cân khác với số đã hiện. Chưa thêm gì; hãy xem lại rồi thêm lần nữa.
scale-refused = Lúc đó cân chưa có trọng lượng ổn định. Chưa thêm gì; hãy chờ cân đứng yên rồi thêm lại.
scale-packaging = Bao bì
scale-packaging-text = Chỉ đặt bao bì lên cân rồi chạm vào đây.
scale-packaging-clear = Không tính bao bì
scale-packaging-taken = Bao bì: { $weight }
scale-type = Nhập trọng lượng
scale-use = Dùng cân

## Đơn của ai

buyer = Khách hàng
buyer-title = Đơn này của ai?
buyer-search = Tìm khách hàng
buyer-search-hint = Quét thẻ, hoặc nhập các số cuối điện thoại hoặc một phần tên.
buyer-none-found = Không ai khớp với “{ $query }”. Hãy xem lại số, hoặc thử một phần tên.
buyer-more = Còn người khác. Hãy nhập thêm tên hoặc số.
buyer-phone-end = Điện thoại … { $digits }
buyer-remove = Khách lẻ
buyer-forgotten = Khách không còn tên
buyer-of = Đơn của { $name }

## Pay

to-pay = Cần thanh toán
tender-choose = Hình thức thanh toán
tender-card-text = Nhập số tiền này trên máy quẹt thẻ.
tender-qris-text = Khách quét mã QRIS và trả số tiền này.
tender-viet_qr-text = Khách quét mã VietQR và trả số tiền này.
tender-received = Đã nhận { $name }
tender-wait = Chỉ xác nhận khi tiền đã vào. Nếu lâu, hãy chọn cách khác hoặc tạm giữ đơn: không mất gì cả.
tender-qr-shown = Màn hình phụ đang hiện mã này.
tender-other-amount = Chỉ trả một phần? Nhập tại đây.
tender-drop = Bỏ { $name }
tenders-given = Đã trả
cash-given = Tiền khách đưa
cash-rounding = Làm tròn tiền mặt { $amount }
quick-cash = Tiền mặt nhanh
exact = Đúng số tiền
change = Tiền thừa
missing = Còn thiếu
complete = Hoàn tất
take-part = Nhận { $amount }
sale-done = Đã bán xong
receipt = Phiếu thanh toán
sale-number = Số phiếu
new-sale = Đơn mới
reprint = In lại (BẢN SAO)
reprint-done = Bản sao đã vào hàng đợi in.
keep-file = Lưu thành tệp
keep-pdf = PDF
keep-html = Trang web
keep-text = Văn bản
keep-done = { $name } đã ở thư mục tải xuống.
reprint-last = In lại phiếu
reprint-nothing = Chưa có đơn nào tại máy này.

## Card reader

card-take = Thu bằng thẻ
card-take-text = { $reader } nhận số tiền này và yêu cầu thẻ của khách.
card-other-reader = Đã thu ở máy khác
card-this-reader = Dùng máy quẹt thẻ của quầy
card-waiting = Đang chờ máy quẹt thẻ
card-step-starting = Đang nối với máy quẹt thẻ
card-step-connecting = Đang gọi máy quẹt thẻ
card-step-present_card = Chạm hoặc đưa thẻ vào
card-step-at_reader = Khách đang ở máy quẹt thẻ
card-step-authorising = Đang hỏi ngân hàng
card-step-cancelling = Đang hủy
card-going-text = Máy tự làm tiếp ngay khi máy quẹt thẻ trả lời.
card-cancelling-text = Máy quẹt thẻ quyết định: thẻ vẫn có thể bị trừ tiền. Hãy chờ trả lời.
card-refused-declined = Thẻ bị từ chối.
card-refused-help-declined = Chưa thu tiền. Hãy thử thẻ khác, hoặc chọn cách khác.
card-refused-cancelled = Đã hủy.
card-refused-help-cancelled = Chưa thu tiền. Hãy thử lại, hoặc chọn cách khác.
card-refused-card_timeout = Không có thẻ nào đúng lúc.
card-refused-help-card_timeout = Chưa thu tiền. Hãy chuẩn bị thẻ rồi thử lại, hoặc chọn cách khác.
card-refused-busy = Máy quẹt thẻ đang bận.
card-refused-help-busy = Chưa thu tiền. Hãy chờ máy rảnh rồi thử lại, hoặc chọn cách khác.
card-refused-not_reached = Máy quẹt thẻ không trả lời.
card-refused-help-not_reached = Chưa thu tiền. Hãy xem nguồn điện và mạng của máy rồi thử lại, hoặc chọn cách khác.
card-refused-not_set_up = Máy quẹt thẻ và máy bán hàng không khớp nhau.
card-refused-help-not_set_up = Chưa thu tiền. Hãy chọn cách khác, và nhờ quản lý xem trong Thiết bị.
card-refused-by_hand = Quản lý đã quyết định rằng không có tiền nào chuyển đi.
card-refused-help-by_hand = Hãy thử lại, hoặc chọn cách khác.
card-refused-other = Máy quẹt thẻ từ chối.
card-refused-help-other = Chưa thu tiền. Hãy thử lại, hoặc chọn cách khác.
card-unknown = Đang chờ: chưa biết thẻ đã bị trừ tiền hay chưa
card-unknown-text = Đừng thu lại. Đơn vẫn được giữ. Hãy hỏi lại máy quẹt thẻ; nếu máy vẫn im, hãy trả bằng cách khác và quản lý quyết định sau.
card-approved = Đã thu bằng thẻ
card-loose = Đã trừ tiền thẻ, nhưng chưa vào đơn nào
card-loose-here = Khoản này thuộc đơn đang mở: hãy làm tiếp đơn đó.
card-loose-text = Tiền vẫn an toàn. Hãy lấy lại đơn của nó rồi thanh toán, hoặc trả tiền lại.
card-part = Chỉ { $amount } trong { $asked }: thẻ không còn đủ tiền.
card-part-taken = Thẻ chỉ có { $amount }. Số đó đã thu; hãy thu phần còn lại bằng cách nào cũng được.
card-too-much = Đã thu bằng thẻ nhiều hơn giá trị đơn hiện tại. Không mất gì: hãy thêm vào đơn, hoặc trả lại một khoản thẻ.
card-again = Thử lại: { $amount }
card-other-amount = Số tiền khác
card-pay-otherwise = Trả bằng cách khác
card-authorisation = Mã { $code }
card-do-go_on = Làm tiếp đơn
card-do-cancel = Hủy
card-do-ask = Hỏi lại
card-do-settle = Quản lý quyết định
card-do-give_back = Trả lại
card-do-again = Thử lại
card-give-back = Trả lại
card-give-back-title = Trả lại khoản thẻ này?
card-give-back-text = { $amount } trở về thẻ. Đơn không còn được trả bằng khoản này nữa.
card-giving-back = { $amount } đang trở về thẻ. Xem tiến trình ở Thanh toán thẻ, trong Đơn hàng.
card-settle-title-payment = Thẻ đã bị trừ tiền chưa?
card-settle-title-refund = Tiền đã trở về thẻ chưa?
card-settle-text = Hãy tìm { $amount } lúc { $time } trên giấy hoặc danh sách của chính máy quẹt thẻ. Chỉ quyết định theo đó.
card-settle-shows = Máy ghi gì
card-settle-moved-payment = Đã trừ tiền
card-settle-stayed-payment = Chưa trừ tiền
card-settle-moved-refund = Đã trả lại
card-settle-stayed-refund = Chưa trả lại
card-settle-otherwise-refund = Đã trả bằng cách khác
card-settle-reason-paper = Giấy của máy quẹt thẻ
card-settle-reason-list = Danh sách của máy quẹt thẻ
card-settle-reason-provider = Nhà cung cấp cho biết
card-settle-confirm = Quyết định
card-settled = Đã ghi lại.
card-refund-approved = Tiền đã trở về thẻ
card-refund-refused = Tiền chưa trở về thẻ
card-refund-refused-text = Việc hoàn tiền đã được ghi; hãy thử lại.
card-refund-unknown = Đang chờ: chưa biết tiền đã trở về hay chưa
card-refund-unknown-text = Đừng trả lại lần nữa. Hãy hỏi lại máy quẹt thẻ; nếu máy vẫn im, quản lý quyết định theo giấy của máy.
card-refund-asking = Đang hỏi máy quẹt thẻ …
cards-title = Thanh toán thẻ
cards-text = Những khoản máy quẹt thẻ chưa xong, chưa vào đơn nào, hoặc còn phải trở về thẻ.
cards-none = Không có khoản thẻ nào cần xử lý.
cards-kind-payment = Thanh toán
cards-kind-refund = Hoàn tiền
cards-waiting = { $count } khoản thẻ cần xử lý

## Customer's screen

customer-scan = Quét mã để thanh toán
customer-scan-text = Mở ứng dụng ngân hàng hoặc ví điện tử rồi quét mã này.
customer-code = Mã { $name } cho { $amount }
customer-thanks = Cảm ơn quý khách!
customer-given = Đã trả
customer-off = Màn hình này đang tắt.
customer-off-text = Quản lý bật tại máy bán hàng: Cài đặt, rồi Màn hình phụ.
customer-waiting = Đang chờ máy bán hàng

## Look and printer

printer-error-offline = Máy in tắt
printer-error-paper_out = Máy in hết giấy
printer-error-cover_open = Nắp máy in mở
printer-error-unreachable = Máy in không trả lời
printer-error-interrupted = In bị gián đoạn – hãy xem giấy
printer-error-unknown = Cần xem máy in
drawer-left-open = Ngăn kéo tiền đang mở
printer-trouble = { $printer }: { $error }
language = Ngôn ngữ
theme = Giao diện
theme-day = Ban ngày
theme-night = Ban đêm
theme-contrast = Tương phản cao

## Help

help-title = Phím tắt
help-help = Trợ giúp này
help-search = Tìm kiếm
help-customer = Khách của đơn này
help-quantity = Số lượng
help-discount = Giảm giá dòng
help-hold = Tạm giữ đơn
help-recall = Lấy lại đơn tạm giữ
help-pay = Thanh toán, hoàn tất, đơn mới
help-exact = Đúng số tiền (màn hình thanh toán)
help-drawer = Ca và ngăn kéo
help-back = Quay lại, đóng
help-undo = Hoàn tác bước vừa rồi
help-plus = Thêm một ở dòng
help-minus = Bớt một ở dòng
help-remove = Xóa dòng
help-up = Dòng trên
help-down = Dòng dưới
help-scanner = Máy quét hoạt động trên mọi màn hình, dù con trỏ ở đâu. Không bắt buộc dùng phím: mọi thứ đều chạm được.

## A manager's leave

approval-title = Cần quản lý cho phép
approval-text = { $what }: quản lý nhập PIN. Đơn vẫn giữ nguyên.
approval-who = Quản lý
approval-nobody = Không ai ở cửa hàng này được cho phép.
permission-sell = Bán hàng
permission-discount = Giảm giá thủ công
permission-price_override = Đổi giá
permission-void_cart = Hủy đơn
permission-refund = Hoàn tiền
permission-refund_without_receipt = Hoàn tiền không có phiếu
permission-drawer_session = Mở hoặc đóng ca
permission-cash_movement = Thu chi tiền mặt
permission-no_sale = Mở ngăn kéo không bán hàng
permission-stock_movement = Xuất nhập hàng
permission-back_office = Văn phòng
permission-edit_items = Sửa mặt hàng
permission-edit_business = Sửa thông tin doanh nghiệp
permission-other = Bước này

## Errors: what happened, what is safe, what to do

error-invalid = Không nhận được ({ $reason }). Chưa thay đổi gì; hãy sửa lại.
error-not_found = Không còn nữa. Chưa thay đổi gì; hãy xem lại.
error-unknown_code = Không có mặt hàng mã { $subject }. Đơn không đổi; hãy tìm theo tên.
error-choice_needed = Mặt hàng này cần chọn loại, cân hoặc nhập giá trước.
error-not_signed_in = Chưa ai đăng nhập. Đơn vẫn được giữ; hãy đăng nhập.
error-pin_wrong = Sai PIN. Hãy thử lại.
error-pin_locked = Sai PIN quá nhiều lần. Thử lại lúc { $time }.
error-approval_needed = Việc này cần quản lý cho phép. Chưa thay đổi gì.
error-not_allowed = Vai trò của bạn không được làm việc này. Chưa thay đổi gì; hãy nhờ quản lý.
error-drawer_closed = Chưa mở ca. Đơn vẫn được giữ; hãy mở ca trước.
error-drawer_open = Đã có ca đang mở.
error-cart_empty = Đơn đang trống.
error-cart_changed = Đơn đã thay đổi. Chưa thanh toán; hãy xem lại tổng tiền rồi thanh toán.
error-tender_missing = Chưa đủ tiền. Hãy nhận thêm hoặc dùng cách khác.
error-tender_overpaid = Chỉ tiền mặt mới có tiền thừa. Hãy nhập đúng số tiền.
error-card_busy = Máy quẹt thẻ đang xử lý khoản khác. Chưa trừ tiền; hãy chờ xong rồi thử lại.
error-card_unsettled = Có khoản thẻ chưa rõ kết quả. Không trừ thêm tiền. Hãy xử lý khoản đó trước: xem Đơn hàng, Thanh toán thẻ.
error-refund_too_much = Nhiều hơn số còn được hoàn. Chưa chi tiền.
error-out_of_range = Con số quá lớn hoặc quá nhỏ. Chưa thay đổi gì.
error-disk_full = Ổ đĩa máy này gần đầy. Đừng nhận thanh toán; đơn vẫn được giữ. Hãy gọi hỗ trợ.
error-store_failed = Máy không ghi được. Hãy xem ở Đơn hàng đã có đơn chưa trước khi nhận tiền lại.
error-no_printer = Chưa cài máy in. Đơn vẫn hợp lệ; hãy cài trong Cài đặt.
error-server_unreachable = Máy chủ không trả lời. Kiểm tra địa chỉ và mạng rồi thử lại.
error-server_untrusted = Chứng chỉ máy chủ không đáng tin. Chưa gửi gì; hãy kiểm tra địa chỉ.
error-server_garbled = Nơi trả lời không phải máy chủ Kedai. Hãy kiểm tra địa chỉ.
error-pairing_invalid = Mã ghép nối không đúng, đã dùng hoặc hết hạn. Hãy xin quản lý mã mới.
error-protocol_unsupported = Phiên bản máy và máy chủ không khớp. Hãy cập nhật bên cũ hơn.
error-already_enrolled = Máy này đã thuộc một cửa hàng.
error-not_enrolled = Máy này chưa thuộc cửa hàng nào.
error-unknown_command = Màn hình và máy không khớp. Hãy khởi động lại; không mất gì.
error-internal = Máy gặp lỗi. Những gì đã làm vẫn an toàn; thử lại và gọi hỗ trợ nếu còn lỗi.
error-engine_gone = Máy bán hàng không trả lời. Những gì đã xong vẫn an toàn; màn hình sẽ tiếp tục khi máy trở lại.
error-engine_garbled = Không đọc được trả lời của máy. Những gì đã xong vẫn an toàn; hãy khởi động lại.
