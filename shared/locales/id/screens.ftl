# Teks layar. Argumen harus sama di setiap bahasa; sebuah uji membandingkannya.

## Words that stand everywhere

add = Tambah
amount = Jumlah
amount-wrong = Lebih dari nol dan paling banyak { $amount }.
back = Kembali
cancel = Batal
close = Tutup
more = Lainnya
ok = OK
save = Simpan
cashier = Kasir
total = Total
subtotal = Subtotal
discount = Diskon
service = Biaya layanan
price = Harga
note = Catatan
options = Pilihan
quantity = Jumlah
reason = Alasan
reason-other = Alasan lain
unsaved-title = Tinggalkan tanpa menyimpan?
unsaved-text = Perubahan di isian ini akan hilang.
unsaved-leave = Tinggalkan
pieces = { $count } barang
kilograms = { $quantity } kg
version = Versi { $version }

## Bar

nav = Layar
nav-register = Kasir
nav-orders = Pesanan
nav-shift = Sif
nav-items = Barang
nav-settings = Setelan
sign-out = Keluar
sign-out-who = Keluar: { $name }
sign-out-title = Keluar saat pesanan masih terbuka?
sign-out-open-cart = Pesanan tetap tersimpan di kasir ini. Data yang belum terkirim: { $waiting }; semuanya aman di kasir ini.

## Status

chip-online = Online
chip-offline = Offline
chip-selling = penjualan tetap jalan
chip-waiting = { $count } menunggu
chip-all-sent = semua terkirim

## First start

enrol-title = Selamat datang di Kedai
enrol-text = Kasir ini belum terhubung ke outlet. Mintalah alamat server dan kode pemasangan kepada manajer.
enrol-server = Alamat server
enrol-code = Kode pemasangan
enrol-name = Nama kasir ini
enrol-name-hint = Misalnya “Meja depan”
enrol-server-wrong = Ini bukan alamat. Tulis seperti kedai.example atau 192.168.1.20:8080.
enrol-code-wrong = Kode pemasangan terdiri dari huruf, angka, dan tanda hubung.
enrol-name-wrong = Beri nama untuk kasir ini.
enrol-submit = Hubungkan
enrol-busy = Menghubungkan …
loading-title = Memuat daftar barang
loading-text = Harga, barang, dan staf outlet ini sedang diambil dari server. Ini hanya terjadi sekali.
loading-count = { $done } dari { $total }
loading-offline = Server sedang tidak menjawab. Yang sudah dimuat tetap tersimpan; pemuatan berlanjut sendiri setelah jaringan kembali.

## Sign-in

sign-in-title = Masuk
sign-in-who = Siapa yang bertugas?
sign-in-choose = Pilih nama Anda
sign-in-nobody = Belum ada yang boleh masuk di sini. Manajer menambahkan staf di kantor; namanya akan muncul sendiri.
pin = PIN
pin-entered = PIN, { $count } angka dimasukkan
pin-wait = Terlalu banyak PIN salah. Coba lagi dalam { $seconds } detik.
pin-again = Sekarang Anda bisa mencoba lagi.
role-owner = Pemilik
role-admin = Administrator
role-manager = Manajer
role-cashier = Kasir
role-kitchen = Dapur

## Keypad and keyboard

keypad = Papan angka
key-erase = Hapus satu
key-clear = Kosongkan
key-point = Tanda desimal
keyboard = Papan ketik
keyboard-open = Papan ketik untuk { $field }
keyboard-close = Tutup papan ketik
keyboard-shift = Huruf besar
keyboard-space = Spasi

## Register

grid = Barang
tiles = Barang yang dijual
search = Cari
search-placeholder = Nama, kode, atau barcode
search-clear = Hapus pencarian
search-nothing = Tidak ada barang “{ $query }”. Periksa ejaannya, atau pindai barcode.
search-more = Masih ada lagi. Tulis nama lebih lengkap.
scan-unheard = { $code } terpindai tetapi tidak dipakai di sini. Tutup jendela ini atau kembali ke pesanan, lalu pindai lagi.
categories-before = Kategori sebelumnya
categories-after = Kategori berikutnya
sold-out = Habis
register-sold-out = { $item } ditandai habis. Manajer bisa menjualnya lagi di layar Barang.
price-from = { $price }+
price-open = harga bebas
price-per-kilogram = { $price } / kg
cart = Pesanan
cart-lines = Isi pesanan
cart-empty = Ketuk barang atau pindai barcode.
cart-no-shift = Belum ada sif yang dibuka. Buka di layar Sif agar bisa menerima pembayaran.
pay = Bayar
undo = Urung
remove = Hapus baris
hold = Tahan
hold-named = Tahan dengan nama
hold-label = Nama
hold-label-hint = Misalnya nomor meja atau nama pelanggan
hold-done = Pesanan ditahan. Tekan Ambil untuk melanjutkan.
recall = Ambil
held-title = Pesanan yang ditahan
held-row = { $time } · { $name } · { $count } barang
held-none = Tidak ada pesanan yang ditahan.
quantity-less = Kurangi satu
quantity-more = Tambah satu
quantity-set = Ubah baris
quantity-text = Lalu ketuk barang, pindai, atau ubah baris terpilih.
note-of = Catatan untuk { $item }
note-order = Catatan pesanan
note-clear = Hapus catatan
discount-of = Diskon untuk { $item }
discount-order = Diskon pesanan
discount-kind = Jenis diskon
discount-clear = Hapus diskon
line-discount = Diskon −{ $amount }
line-promotion = { $name } −{ $amount }
line-listed = Daftar harga: { $list }
promotion-used-up = { $name }: jatah kasir ini sudah habis.
promotion-outdone = { $name }: promo yang lebih besar dipakai, keduanya tidak bisa digabung.
promotion-needs-customer = { $name }: dihitung per pelanggan. Sebutkan pesanan ini untuk siapa.
coupon-idle = Kode { $code } tidak memotong pesanan ini.
promotion-notes-more = Dan { $count } lagi, lihat Harga.
doors = Cara pesanan diambil
door-counter = Di sini
door-table = Di meja
door-take_away = Bawa pulang
door-self_order = Pesan sendiri
door-delivery = Antar
terms = Harga
terms-coupons = Kupon
terms-coupon = Kode kupon
terms-coupon-hint = Ketik kodenya atau pindai.
terms-coupon-idle = tidak memotong
terms-coupon-unknown = { $code } bukan kupon outlet ini. Pesanan tidak berubah; periksa kode dan masa berlakunya.
terms-coupon-remove = Hapus kode { $code }
terms-segments = Pelanggan termasuk
exemption = Pelanggan ini bebas pajak
exemption-text = Pelanggan membayar pajak seperti biasa.
exemption-kind = Alasan tanpa pajak
exemption-exempt = Bebas pajak
exemption-reverse_charge = Pajak ditanggung pelanggan
exemption-zero_rated = Tarif nol
exemption-reason = Nomor surat atau NPWP
exemption-reason-hint = Tercatat pada penjualan. Manajer menyetujui dengan PIN.
exemption-save = Jual tanpa pajak
exemption-clear = Pakai pajak lagi
price-of = Harga { $item }
price-now = Harga sekarang: { $price }
price-save = Ubah harga
price-changed = Harga diubah: { $price }
price-reason-damaged = Rusak
price-reason-label = Label harga salah
price-reason-agreed = Disepakati dengan pelanggan
void = Batalkan pesanan
void-title = Batalkan pesanan ini?
void-text = { $count } barang, { $total }. Belum ada pembayaran; pesanan yang dibatalkan tidak bisa dikembalikan.
void-done = Pesanan dibatalkan.
void-reason-customer = Pelanggan berubah pikiran
void-reason-mistake = Salah ketik
void-reason-money = Uang kurang
variant = Ukuran atau jenis
choice-required = wajib
choice-optional = bila perlu
choice-up-to = (paling banyak { $max })
choice-group-included = termasuk { $count } pilihan
choice-included = sudah termasuk
choice-none = Barang ini tidak punya pilihan.
weight-text = Timbang, lalu masukkan beratnya.
open-price-text = Masukkan harga satuan.
scale-weight = Berat
scale-stable = Beratnya sudah tetap.
scale-moving = Timbangan belum diam.
scale-nothing = Letakkan barang di timbangan.
scale-too_heavy = Terlalu berat untuk timbangan ini.
scale-fault = Timbangan melaporkan gangguan: lihat layarnya.
scale-unreachable = Timbangan tidak menjawab: ketik beratnya.
scale-asking = Menanyakan timbangan …
scale-refused-changed = Berat di timbangan berbeda dari yang ditampilkan. Belum ada yang ditambahkan; periksa lalu tambahkan lagi.
scale-refused = Timbangan tadi belum memberi berat yang tetap. Belum ada yang ditambahkan; tunggu sampai diam lalu tambahkan lagi.
scale-packaging = Kemasan
scale-packaging-text = Letakkan kemasannya saja di timbangan, lalu ketuk.
scale-packaging-clear = Tanpa kemasan
scale-packaging-taken = Kemasan: { $weight }
scale-type = Ketik beratnya
scale-use = Pakai timbangan

## Untuk siapa pesanan ini

buyer = Pelanggan
buyer-title = Untuk siapa pesanan ini?
buyer-search = Cari pelanggan
buyer-search-hint = Pindai kartunya, atau ketik akhir nomor telepon atau sebagian nama.
buyer-none-found = Tidak ada yang cocok dengan “{ $query }”. Periksa nomornya, atau coba sebagian nama.
buyer-more = Masih ada yang lain. Ketik lebih banyak nama atau nomornya.
buyer-phone-end = Telepon … { $digits }
buyer-remove = Bukan pelanggan terdaftar
buyer-forgotten = Pelanggan tanpa nama
buyer-of = Pesanan untuk { $name }

## Pay

to-pay = Harus dibayar
tender-choose = Cara pembayaran
tender-card-text = Masukkan jumlah ini di mesin kartu.
tender-qris-text = Pelanggan memindai kode QRIS dan membayar jumlah ini.
tender-viet_qr-text = Pelanggan memindai kode VietQR dan membayar jumlah ini.
tender-received = { $name } diterima
tender-wait = Konfirmasi hanya setelah pembayaran masuk. Jika lama, pilih cara lain atau tahan pesanan: tidak ada yang hilang.
tender-qr-shown = Monitor pelanggan menampilkan kode ini.
tender-other-amount = Hanya sebagian? Masukkan di sini.
tender-drop = Batalkan { $name }
tenders-given = Sudah dibayar
cash-given = Uang diterima
cash-rounding = Pembulatan tunai { $amount }
quick-cash = Uang pas dan lembaran
exact = Uang pas
change = Kembalian
missing = Kurang
complete = Selesaikan
take-part = Terima { $amount }
sale-done = Penjualan selesai
receipt = Struk
sale-number = No. struk
new-sale = Penjualan baru
reprint = Cetak ulang (SALINAN)
reprint-done = Salinan masuk antrean cetak.
keep-file = Simpan sebagai berkas
keep-pdf = PDF
keep-html = Halaman web
keep-text = Teks
keep-done = { $name } ada di folder unduhan.
reprint-last = Cetak ulang
reprint-nothing = Belum ada penjualan di kasir ini.

## Card reader

card-take = Terima dengan kartu
card-take-text = { $reader } menerima jumlah ini dan meminta kartu pelanggan.
card-other-reader = Diterima di mesin lain
card-this-reader = Pakai mesin kartu kasir
card-waiting = Menunggu mesin kartu
card-step-starting = Menyambung ke mesin kartu
card-step-connecting = Menghubungi mesin kartu
card-step-present_card = Tempelkan atau masukkan kartu
card-step-at_reader = Pelanggan di mesin kartu
card-step-authorising = Menanyakan bank
card-step-cancelling = Sedang dibatalkan
card-going-text = Kasir lanjut sendiri begitu mesin kartu menjawab.
card-cancelling-text = Mesin kartu yang menentukan: kartu masih bisa terdebit. Tunggu jawabannya.
card-refused-declined = Kartu ditolak.
card-refused-help-declined = Tidak ada uang yang diambil. Coba kartu lain, atau pilih cara lain.
card-refused-cancelled = Sudah dibatalkan.
card-refused-help-cancelled = Tidak ada uang yang diambil. Coba lagi, atau pilih cara lain.
card-refused-card_timeout = Kartu tidak ditempelkan pada waktunya.
card-refused-help-card_timeout = Tidak ada uang yang diambil. Siapkan kartunya lalu coba lagi, atau pilih cara lain.
card-refused-busy = Mesin kartu sedang sibuk.
card-refused-help-busy = Tidak ada uang yang diambil. Tunggu sampai bebas lalu coba lagi, atau pilih cara lain.
card-refused-not_reached = Mesin kartu tidak menjawab.
card-refused-help-not_reached = Tidak ada uang yang diambil. Periksa listrik dan jaringannya lalu coba lagi, atau pilih cara lain.
card-refused-not_set_up = Mesin kartu dan kasir tidak cocok.
card-refused-help-not_set_up = Tidak ada uang yang diambil. Pilih cara lain, dan minta manajer memeriksanya di Perangkat.
card-refused-by_hand = Manajer memutuskan bahwa tidak ada uang yang berpindah.
card-refused-help-by_hand = Coba lagi, atau pilih cara lain.
card-refused-other = Mesin kartu menolak.
card-refused-help-other = Tidak ada uang yang diambil. Coba lagi, atau pilih cara lain.
card-unknown = Menunggu: belum diketahui apakah kartu terdebit
card-unknown-text = Jangan terima lagi. Pesanan tersimpan. Tanyakan lagi ke mesin kartu; jika tetap diam, bayar dengan cara lain dan manajer memutuskan nanti.
card-approved = Diterima dengan kartu
card-loose = Terdebit, tetapi belum masuk penjualan
card-loose-here = Ini milik pesanan yang sedang terbuka: lanjutkan pesanan itu.
card-loose-text = Uangnya aman. Ambil pesanannya lalu bayar, atau kembalikan uangnya.
card-part = Hanya { $amount } dari { $asked }: saldo kartu tidak cukup.
card-part-taken = Saldo kartu hanya { $amount }. Itu sudah diterima; terima sisanya dengan cara apa pun.
card-too-much = Yang diterima dengan kartu melebihi nilai pesanan sekarang. Tidak ada yang hilang: tambah pesanan, atau kembalikan satu pembayaran kartu.
card-again = Coba lagi: { $amount }
card-other-amount = Jumlah lain
card-pay-otherwise = Bayar cara lain
card-authorisation = Kode { $code }
card-do-go_on = Lanjutkan pesanan
card-do-cancel = Batalkan
card-do-ask = Tanyakan lagi
card-do-settle = Manajer memutuskan
card-do-give_back = Kembalikan
card-do-again = Coba lagi
card-give-back = Kembalikan
card-give-back-title = Kembalikan pembayaran kartu ini?
card-give-back-text = { $amount } kembali ke kartu. Pesanan tidak lagi dibayar dengannya.
card-giving-back = { $amount } kembali ke kartu. Lihat jalannya di Pembayaran kartu, di layar Pesanan.
card-settle-title-payment = Apakah kartu terdebit?
card-settle-title-refund = Apakah uang sudah kembali ke kartu?
card-settle-text = Cari { $amount } pukul { $time } di kertas atau daftar mesin kartu itu sendiri. Putuskan hanya dari situ.
card-settle-shows = Yang tertulis di sana
card-settle-moved-payment = Terdebit
card-settle-stayed-payment = Tidak terdebit
card-settle-moved-refund = Sudah kembali
card-settle-stayed-refund = Belum kembali
card-settle-otherwise-refund = Dikembalikan dengan cara lain
card-settle-reason-paper = Kertas mesin kartu
card-settle-reason-list = Daftar di mesin kartu
card-settle-reason-provider = Kata penyedia
card-settle-confirm = Putuskan
card-settled = Sudah dicatat.
card-refund-approved = Uang sudah kembali ke kartu
card-refund-refused = Uang belum kembali ke kartu
card-refund-refused-text = Pengembalian sudah tercatat; coba lagi.
card-refund-unknown = Menunggu: belum diketahui apakah uang sudah kembali
card-refund-unknown-text = Jangan kembalikan lagi. Tanyakan lagi ke mesin kartu; jika tetap diam, manajer memutuskan dari kertas mesin itu.
card-refund-asking = Menanyakan mesin kartu …
cards-title = Pembayaran kartu
cards-text = Yang belum diselesaikan mesin kartu, yang belum masuk penjualan, dan yang masih harus kembali ke kartu.
cards-none = Tidak ada pembayaran kartu yang perlu ditangani.
cards-kind-payment = Pembayaran
cards-kind-refund = Pengembalian
cards-waiting = { $count } pembayaran kartu perlu ditangani

## Customer's screen

customer-scan = Pindai untuk membayar
customer-scan-text = Buka aplikasi bank atau dompet digital, lalu pindai kode ini.
customer-code = Kode { $name } untuk { $amount }
customer-thanks = Terima kasih!
customer-given = Dibayar
customer-off = Layar ini dimatikan.
customer-off-text = Manajer menyalakannya di kasir: Setelan, lalu Monitor pelanggan.
customer-waiting = Menunggu kasir

## Look and printer

printer-error-offline = Printer mati
printer-error-paper_out = Kertas printer habis
printer-error-cover_open = Tutup printer terbuka
printer-error-unreachable = Printer tidak menjawab
printer-error-interrupted = Cetak terputus – periksa kertasnya
printer-error-unknown = Periksa printer
drawer-left-open = Laci kas terbuka
printer-trouble = { $printer }: { $error }
language = Bahasa
theme = Tampilan
theme-day = Siang
theme-night = Malam
theme-contrast = Kontras tinggi

## Help

help-title = Tombol pintas
help-help = Bantuan ini
help-search = Cari
help-customer = Pelanggan pesanan ini
help-quantity = Jumlah
help-discount = Diskon baris
help-hold = Tahan pesanan
help-recall = Ambil pesanan yang ditahan
help-pay = Bayar, selesaikan, penjualan baru
help-exact = Uang pas (layar bayar)
help-drawer = Sif dan laci
help-back = Kembali, tutup
help-undo = Urungkan langkah terakhir
help-plus = Tambah satu di baris
help-minus = Kurangi satu di baris
help-remove = Hapus baris
help-up = Baris di atas
help-down = Baris di bawah
help-scanner = Pemindai bekerja di setiap layar, di mana pun kursornya. Semua tombol ini tidak wajib: semuanya bisa diketuk.

## A manager's leave

approval-title = Perlu izin manajer
approval-text = { $what }: manajer memasukkan PIN. Pesanan tidak berubah.
approval-who = Manajer
approval-nobody = Tidak ada yang boleh mengizinkan di outlet ini.
permission-sell = Menjual
permission-discount = Diskon manual
permission-price_override = Ubah harga
permission-void_cart = Batalkan pesanan
permission-refund = Pengembalian dana
permission-refund_without_receipt = Pengembalian tanpa struk
permission-drawer_session = Buka atau tutup sif
permission-cash_movement = Kas masuk atau keluar
permission-no_sale = Buka laci tanpa penjualan
permission-stock_movement = Pergerakan stok
permission-back_office = Kantor
permission-edit_items = Ubah barang
permission-edit_business = Ubah data usaha
permission-other = Langkah ini

## Errors: what happened, what is safe, what to do

error-invalid = Masukan tidak bisa diterima ({ $reason }). Tidak ada yang berubah; harap perbaiki.
error-not_found = Sudah tidak ada. Tidak ada yang berubah; coba lihat lagi.
error-unknown_code = Tidak ada barang dengan kode { $subject }. Pesanan tidak berubah; cari lewat nama.
error-choice_needed = Barang ini perlu pilihan, berat, atau harga dulu.
error-not_signed_in = Belum ada yang masuk. Pesanan tersimpan; silakan masuk.
error-pin_wrong = PIN salah. Coba lagi.
error-pin_locked = Terlalu banyak PIN salah. Coba lagi pukul { $time }.
error-approval_needed = Ini perlu izin manajer. Tidak ada yang berubah.
error-not_allowed = Peran Anda tidak boleh melakukan ini. Tidak ada yang berubah; minta manajer.
error-drawer_closed = Belum ada sif yang dibuka. Pesanan tersimpan; buka sif dulu.
error-drawer_open = Sif sudah dibuka.
error-cart_empty = Pesanan masih kosong.
error-cart_changed = Pesanan berubah. Belum ada pembayaran; periksa total lalu bayar lagi.
error-tender_missing = Uangnya belum cukup. Tambahkan, atau pakai cara lain.
error-tender_overpaid = Hanya tunai yang ada kembalian. Masukkan jumlah yang pas.
error-card_busy = Mesin kartu sedang memproses pembayaran lain. Tidak ada yang didebit; tunggu sampai selesai, lalu coba lagi.
error-card_unsettled = Ada pembayaran kartu yang belum jelas. Tidak ada yang didebit lagi. Selesaikan dulu: lihat Pesanan, Pembayaran kartu.
error-refund_too_much = Melebihi sisa yang bisa dikembalikan. Tidak ada uang yang dikeluarkan.
error-out_of_range = Angkanya terlalu besar atau terlalu kecil. Tidak ada yang berubah.
error-disk_full = Disk kasir ini hampir penuh. Jangan terima pembayaran; pesanan tersimpan. Hubungi teknisi.
error-store_failed = Kasir gagal mencatat. Periksa di Pesanan apakah penjualan sudah ada sebelum menerima uang lagi.
error-no_printer = Printer belum diatur. Penjualan tetap sah; atur di Setelan.
error-server_unreachable = Server tidak menjawab. Periksa alamat dan jaringan, lalu coba lagi.
error-server_untrusted = Sertifikat server tidak dapat dipercaya. Tidak ada yang dikirim; periksa alamatnya.
error-server_garbled = Yang menjawab di alamat itu bukan server Kedai. Periksa alamatnya.
error-pairing_invalid = Kode pemasangan tidak dikenal, sudah dipakai, atau kedaluwarsa. Minta kode baru kepada manajer.
error-protocol_unsupported = Versi kasir dan server tidak cocok. Perbarui yang lebih lama.
error-already_enrolled = Kasir ini sudah terhubung ke outlet.
error-not_enrolled = Kasir ini belum terhubung ke outlet.
error-unknown_command = Layar dan mesin kasir tidak cocok. Mulai ulang kasir; tidak ada yang hilang.
error-internal = Ada gangguan di kasir. Yang sudah tersimpan aman; coba lagi, dan hubungi teknisi bila berulang.
error-engine_gone = Mesin kasir tidak menjawab. Yang sudah selesai aman; layar berlanjut setelah mesin kembali.
error-engine_garbled = Jawaban kasir tidak terbaca. Yang sudah selesai aman; mulai ulang kasir.
