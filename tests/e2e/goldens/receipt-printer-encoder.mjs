// Writes what @point-of-sale/receipt-printer-encoder sends for the things that our encoder sends too: name, then bytes in
// hexadecimal.
//
//     node tests/e2e/goldens/receipt-printer-encoder.mjs > hardware/tests/it/data/receipt-printer-encoder.txt
import ReceiptPrinterEncoder from '@point-of-sale/receipt-printer-encoder';

function send(name, write, options = {}) {
  const encoder = new ReceiptPrinterEncoder({ language: 'esc-pos', columns: 42, ...options });
  write(encoder);
  console.log(name, Buffer.from(encoder.encode()).toString('hex'));
}

const dots = new Uint8ClampedArray(16 * 8 * 4).fill(255);
for (const [x, y] of [
  [0, 0],
  [15, 7],
  [3, 4],
])
  dots.fill(0, (y * 16 + x) * 4, (y * 16 + x) * 4 + 3);
const picture = { data: dots, width: 16, height: 8 };

send('drawer-2', (e) => e.pulse(0, 50, 500));
send('drawer-5', (e) => e.pulse(1, 50, 500));
send('cut-full', (e) => e.cut('full'));
send('cut-partial', (e) => e.cut('partial'));
send('bold', (e) => e.bold(true).text('A').bold(false).newline());
send('inverse', (e) => e.invert(true).text('A').invert(false).newline());
send('double', (e) => e.size(2, 2).text('A').size(1, 1).newline());
send('tall', (e) => e.height(2).text('A').height(1).newline());
send('qr', (e) => e.qrcode('https://kedai.example/r/1', { model: 2, size: 6, errorlevel: 'm' }));
send('ean13', (e) => e.barcode('4006381333931', 'ean13', { height: 80, width: 3, text: true }));
send('ean8', (e) => e.barcode('96385074', 'ean8', { height: 80, width: 3, text: true }));
send('upca', (e) => e.barcode('036000291452', 'upca', { height: 80, width: 3, text: true }));
send('code128', (e) => e.barcode('INV-1', 'code128', { height: 80, width: 3, text: false }));
send('picture', (e) => e.image(picture, 16, 8, 'threshold', 128), { imageMode: 'raster' });
for (const page of ['cp437', 'cp850', 'cp852', 'cp858', 'cp860', 'cp863', 'cp865', 'cp866', 'windows1252']) {
  const letters = { cp866: 'Привет', cp852: 'łŠčż', cp860: 'ÃÕãõ', cp863: 'ÊÎ', cp865: 'ÅØåø' }[page] ?? 'Äéñöü';
  send(`page:${page}:${letters}`, (e) => e.codepage(page).text(letters).newline(), { printerModel: 'epson-tm-t88v' });
}
