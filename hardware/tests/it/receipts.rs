//! The receipts that the tests print.

use hardware::{Align, Cut, Document, Rule, Width};

/// A café in Jakarta: plain letters, modifiers, service and tax.
pub(crate) fn cafe() -> Document {
    let mut doc = Document::new();
    doc.text("Kedai Kopi Melati").double().center();
    doc.text("Jl. Kemang Raya 12, Jakarta").center();
    doc.feed(1);
    doc.left_right("Struk OUT-T3-000123", "14/12/2010 09:41");
    doc.left_right("Kasir: Sari", "Meja 7");
    doc.rule(Rule::Single);
    doc.left_right("2 x Kopi susu gula aren", "36.000");
    doc.row(&[
        ("", Align::Left, Width::Columns(3)),
        ("kurang manis, es sedikit, susu oat", Align::Left, Width::Rest),
        ("+8.000", Align::Right, Width::Fit),
    ]);
    doc.left_right("1 x Nasi goreng kampung spesial dengan telur dadar", "45.000");
    doc.rule(Rule::Single);
    doc.left_right("Subtotal", "89.000");
    doc.left_right("Layanan 5 %", "4.450");
    doc.left_right("PB1 10 %", "9.345");
    doc.left_right("TOTAL", "Rp\u{a0}102.800").bold().tall();
    doc.rule(Rule::Double);
    doc.left_right("Tunai", "150.000");
    doc.left_right("Kembali", "47.200");
    doc.feed(1);
    doc.qr("https://kedai.example/r/OUT-T3-000123").module_dots(5);
    doc.text("Terima kasih").center();
    doc.text("SALINAN").inverse().center();
    doc.cut(Cut::Partial);
    doc
}

/// A mini-market in Hanoi: most lines are beyond any code page.
pub(crate) fn market() -> Document {
    let mut doc = Document::new();
    doc.text("Siêu thị mini Hoa Sen").double().center();
    doc.text("25 Phố Huế, Hà Nội – MST 0101234567").center();
    doc.rule(Rule::Single);
    doc.left_right("Phở bò ăn liền × 2", "24.000");
    doc.left_right("Sữa đặc Ông Thọ 380g", "27.500");
    doc.left_right("Cà phê sữa đá", "29.000");
    doc.rule(Rule::Single);
    doc.left_right("TỔNG CỘNG", "80.500 ₫").bold().tall();
    doc.text("Cảm ơn quý khách!").center();
    doc.cut(Cut::Full);
    doc
}

/// Western letters beyond ASCII, on several code pages.
pub(crate) fn western() -> Document {
    let mut doc = Document::new();
    doc.text("Café Åre – “Smörgås” & thé");
    doc.left_right("Crème brûlée", "7,50 €");
    doc.left_right("Fish ’n’ chips", "£12.95");
    doc.cut(Cut::Full);
    doc
}
