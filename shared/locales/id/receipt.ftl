# Yang dicetak: struk, struk pengembalian, laporan sif, dan halaman uji.

## Struk

receipt-title = Struk
receipt-number = No. { $number }
receipt-date = Tanggal
receipt-cashier = Kasir: { $name }
receipt-tax-number = NPWP { $number }
receipt-copy = SALINAN
receipt-void = DIBATALKAN
receipt-items = Barang
receipt-subtotal = Subtotal
receipt-discount = Diskon
receipt-discount-percent = Diskon { $percent }%
receipt-service-charge = Biaya layanan
# Berdiri sendiri sebagai nama di receipt-tax-included.
receipt-taxes = pajak
receipt-tax-included = Termasuk { $name }
receipt-total = Total
receipt-rounding = Pembulatan
receipt-to-pay = Harus dibayar
receipt-change = Kembalian
receipt-thanks = Terima kasih, sampai jumpa lagi!
receipt-signature = Tanda tangan: _______________

## Pengembalian dana

receipt-refund = PENGEMBALIAN DANA
receipt-refund-of = Untuk struk { $number }
receipt-refund-loose = Tanpa struk
receipt-refund-total = Total pengembalian
receipt-channel-table = Makan di meja
receipt-channel-take-away = Bawa pulang
receipt-channel-self-order = Pesan sendiri
receipt-channel-delivery = Antar
receipt-exempt = Tanpa pajak: { $reason }
receipt-reason = Alasan: { $reason }

## Cara pembayaran

tender-cash = Tunai
tender-card = Kartu
tender-qris = QRIS
tender-viet_qr = VietQR

## Laporan sif

report-x = Laporan X
report-z = Laporan Z No. { $number }
report-opened = Dibuka
report-orders = Transaksi
report-refunds = Pengembalian
report-voids = Pembatalan
report-sales-total = Penjualan
report-refund-total = Dikembalikan
report-net = Penjualan bersih
report-discounts = Diskon
report-service-charge = Biaya layanan
report-rounding = Pembulatan
report-tax-base = dari { $amount }
report-refund-taxes = Pajak dikembalikan
report-opening-float = Modal awal
report-cash-in = Kas masuk
report-cash-out = Kas keluar
report-expected = Kas seharusnya
report-counted = Kas terhitung
report-difference = Selisih

## Halaman uji

receipt-card-day = Pembaca kartu: akhir hari
receipt-test-title = Cetak uji
receipt-test-hint = Jika semua huruf di bawah ini terbaca, printer sudah diatur dengan benar.

## Stock slips

stock-slip = Slip stok
stock-received = Barang masuk
stock-counted = Hasil hitung
stock-wasted = Rusak atau hilang
stock-transferred = Dipindahkan

ticket-moved = Diambil alih dari { $printer }

# What a scanned label says of its goods.
line-label-price = Harga pada label
line-lot = Lot { $lot }
line-expiry = Baik sebelum { $date }
line-serial = No. seri { $serial }
