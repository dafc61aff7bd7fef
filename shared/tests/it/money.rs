//! Money, prices, quantities and rates: reading, arithmetic and rounding.

use proptest::prelude::*;
use shared::money::{
    CurrencyCode, Money, MoneyError, Quantity, Rate, RoundingMode, UnitPrice, divide_rounded,
};

use crate::made::currency;

fn idr(minor: i64) -> Money {
    Money::new(minor, currency("IDR"))
}

#[test]
fn money_is_read_in_its_one_form_only() {
    for text in ["242528 IDR", "0 VND", "-17 SEK", "9223372036854775807 USD", "-9223372036854775808 USD"] {
        assert_eq!(text.parse::<Money>().unwrap().to_string(), text);
    }
    let bad = [
        "",
        "5",
        "IDR",
        "5 ",
        " 5 IDR",
        "5  IDR",
        "5 IDR ",
        "5 idr",
        "5 ID",
        "5 IDRR",
        "+5 IDR",
        "05 IDR",
        "-0 IDR",
        "5.0 IDR",
        "5e3 IDR",
        "5,000 IDR",
        "٥ IDR",
        "9223372036854775808 IDR",
    ];
    for text in bad {
        assert!(matches!(text.parse::<Money>(), Err(MoneyError::Malformed { .. })), "{text:?}");
        assert!(serde_json::from_str::<Money>(&serde_json::to_string(text).unwrap()).is_err(), "{text:?}");
    }
    assert!(serde_json::from_str::<Money>("5").is_err(), "a bare number has no currency");
}

#[test]
fn an_error_shows_only_the_beginning_of_a_long_text() {
    let error = "x".repeat(10_000).parse::<Money>().unwrap_err();
    assert!(error.to_string().len() < 200);
}

#[test]
fn prices_and_quantities_are_decimals_of_their_scale() {
    let cases = [
        ("0", 0),
        ("1", 10_000),
        ("0.001", 10),
        ("1.2345", 12_345),
        ("-2.5", -25_000),
        ("35000", 350_000_000),
    ];
    for (text, raw) in cases {
        assert_eq!(text.parse::<UnitPrice>().unwrap().raw(), raw);
        assert_eq!(UnitPrice::from_ten_thousandths(raw).to_string(), text);
    }
    assert_eq!("0.125".parse::<Quantity>().unwrap(), Quantity::from_thousandths(125));
    assert_eq!("2.50".parse::<Quantity>().unwrap().to_string(), "2.5");
    assert_eq!(
        Quantity::from_thousandths(i64::MIN).to_string().parse(),
        Ok(Quantity::from_thousandths(i64::MIN))
    );
    for text in ["", "-", ".", ".5", "5.", "1.2.3", "--1", "+1", "1,5", "1 ", "1e3", "0x1", "½", "0.12345"] {
        assert!(matches!(text.parse::<UnitPrice>(), Err(MoneyError::Malformed { .. })), "{text:?}");
    }
    assert!(matches!("0.1234".parse::<Quantity>(), Err(MoneyError::Malformed { .. })));
    assert_eq!("1000000000000000".parse::<UnitPrice>(), Err(MoneyError::Overflow));
    assert!(serde_json::from_str::<UnitPrice>("1.5").is_err(), "a JSON number is a float");
}

#[test]
fn sums_never_wrap_and_never_mix_currencies() {
    assert_eq!(idr(i64::MAX).add(idr(1)), Err(MoneyError::Overflow));
    assert_eq!(idr(i64::MIN).sub(idr(1)), Err(MoneyError::Overflow));
    assert_eq!(idr(i64::MIN).neg(), Err(MoneyError::Overflow));
    assert_eq!(
        UnitPrice::from_ten_thousandths(i64::MAX).add(UnitPrice::from_ten_thousandths(1)),
        Err(MoneyError::Overflow)
    );
    assert_eq!(Quantity::from_thousandths(i64::MIN).sub(Quantity::ONE), Err(MoneyError::Overflow));
    let sek = Money::new(1, currency("SEK"));
    let mixed = MoneyError::CurrencyMismatch(currency("IDR"), currency("SEK"));
    assert_eq!(idr(1).add(sek), Err(mixed.clone()));
    assert_eq!(Money::sum(currency("IDR"), [idr(1), sek]), Err(mixed));
    assert_eq!(Money::sum(currency("IDR"), [idr(1), idr(2), idr(-7)]), Ok(idr(-4)));
}

#[test]
fn every_rounding_is_the_one_it_is_called() {
    use RoundingMode::{Down, HalfEven, HalfUp, Up};
    // In halves: -3 is minus one and a half.
    let cases: [(i128, [i64; 4]); 8] = [
        (-5, [-3, -2, -3, -2]),
        (-3, [-2, -2, -2, -1]),
        (-1, [-1, 0, -1, 0]),
        (0, [0, 0, 0, 0]),
        (1, [1, 0, 1, 0]),
        (3, [2, 2, 2, 1]),
        (5, [3, 2, 3, 2]),
        (4, [2, 2, 2, 2]),
    ];
    for (halves, expected) in cases {
        let rounded = [HalfUp, HalfEven, Up, Down].map(|mode| divide_rounded(halves, 2, mode).unwrap());
        assert_eq!(rounded, expected, "{halves}/2");
    }
    assert_eq!(divide_rounded(10, 3, HalfUp), Ok(3));
    assert_eq!(divide_rounded(11, 3, HalfEven), Ok(4));
    assert_eq!(divide_rounded(i128::MAX, 1, HalfUp), Err(MoneyError::Overflow));
    assert_eq!(divide_rounded(1, 0, HalfUp), Err(MoneyError::Overflow));
    assert_eq!(divide_rounded(1, -2, HalfUp), Err(MoneyError::Overflow));
}

#[test]
fn a_line_amount_is_price_times_quantity_rounded_once() {
    let times = |price: &str, quantity: &str, digits| {
        let (price, quantity): (UnitPrice, Quantity) = (price.parse().unwrap(), quantity.parse().unwrap());
        price.times(quantity, currency("USD"), digits, RoundingMode::HalfUp).map(Money::minor)
    };
    assert_eq!(times("0.001", "1000", 2), Ok(100));
    assert_eq!(times("1.2345", "12.345", 2), Ok(1_524));
    assert_eq!(times("35000", "2", 0), Ok(70_000));
    assert_eq!(times("0.005", "1", 2), Ok(1));
    assert_eq!(times("1.255", "1", 3), Ok(1_255));
    assert_eq!(times("1", "1", 8), Err(MoneyError::Overflow));
    assert_eq!(times("900000000000000", "900000000000000", 0), Err(MoneyError::Overflow));
}

#[test]
fn a_price_from_money_is_the_same_amount() {
    let price = |minor, digits| UnitPrice::from_money(idr(minor), digits).map(|price| price.to_string());
    assert_eq!(price(35_000, 0).unwrap(), "35000");
    assert_eq!(price(1_234, 2).unwrap(), "12.34");
    assert_eq!(price(1, 5), Err(MoneyError::Overflow));
    assert_eq!(price(i64::MAX, 0), Err(MoneyError::Overflow));
}

#[test]
fn a_rate_is_parts_per_million() {
    let part = |rate: Rate, minor| rate.of(idr(minor), RoundingMode::HalfUp).map(Money::minor);
    assert_eq!(Rate::percent(10), Rate(100_000));
    assert_eq!(part(Rate::percent(6), 208_000), Ok(12_480));
    assert_eq!(part(Rate(62_500), 999), Ok(62));
    assert_eq!(part(Rate::WHOLE, i64::MIN), Ok(i64::MIN));
    assert_eq!(part(Rate(2_000_000), i64::MAX), Err(MoneyError::Overflow));
    assert_eq!(serde_json::to_string(&Rate::percent(25)).unwrap(), "250000");
}

#[test]
fn currencies_are_three_capital_letters() {
    for text in ["", "ID", "IDRR", "idr", "ID1", "I R", "ÅBC"] {
        assert!(text.parse::<CurrencyCode>().is_err(), "{text:?}");
    }
    let digits = |code: &str| currency(code).iso_digits();
    assert_eq!(["VND", "JPY", "IDR", "SEK", "JOD"].map(digits), [0, 0, 2, 2, 3]);
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(raw in any::<i64>()) {
        let money = idr(raw);
        prop_assert_eq!(money.to_string().parse(), Ok(money));
        let price = UnitPrice::from_ten_thousandths(raw);
        prop_assert_eq!(price.to_string().parse(), Ok(price));
        let json = serde_json::to_string(&Quantity::from_thousandths(raw)).unwrap();
        prop_assert_eq!(serde_json::from_str::<Quantity>(&json).unwrap().raw(), raw);
    }

    #[test]
    fn no_text_makes_reading_panic(text in "\\PC{0,30}") {
        let (money, price) = (text.parse::<Money>(), text.parse::<UnitPrice>());
        if let Ok(money) = money {
            prop_assert_eq!(money.to_string(), text);
        } else if let Ok(price) = price {
            prop_assert_eq!(price.to_string().parse(), Ok(price));
        }
    }

    #[test]
    fn rounding_is_to_a_neighbour_and_mirrors_around_zero(n in any::<i64>(), d in 1_i64..1_000_000) {
        for mode in [RoundingMode::HalfUp, RoundingMode::HalfEven, RoundingMode::Up, RoundingMode::Down] {
            let rounded = i128::from(divide_rounded(i128::from(n), i128::from(d), mode).unwrap());
            prop_assert!((rounded * i128::from(d) - i128::from(n)).abs() < i128::from(d));
            let mirrored = divide_rounded(-i128::from(n), i128::from(d), mode);
            prop_assert_eq!(mirrored.map(i128::from), Ok(-rounded));
        }
    }
}
