//! Scales, ticks and how numbers are written.

/// The top of an axis from zero that holds `most`, and the step between its ticks: 1, 2, 2.5 or 5 times a power of ten,
/// and whole numbers for counts.
pub(crate) fn axis(most: f64) -> (f64, f64) {
    let most = if most.is_finite() && most > 0.0 { most } else { 1.0 };
    let rough = most / 4.0;
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0]
        .map(|n| n * power)
        .into_iter()
        .find(|step| *step >= rough * 0.999)
        .unwrap_or(power * 10.0)
        .max(if most >= 1.0 { 1.0 } else { 0.0 });
    let step = if step == 2.5 { 5.0 } else { step };
    ((most / step - 1e-9).ceil().max(1.0) * step, step)
}

/// The ticks of an axis.
pub(crate) fn ticks(top: f64, step: f64) -> Vec<f64> {
    let count = (top / step).round().clamp(1.0, 12.0) as usize;
    (0..=count).map(|n| n as f64 * step).collect()
}

/// Short: 940, 12.4k, 3M.
pub fn compact(n: f64) -> String {
    let (size, unit) = match n.abs() {
        a if a >= 999_950_000.0 => (1e9, "B"),
        a if a >= 999_950.0 => (1e6, "M"),
        a if a >= 10_000.0 => (1e3, "k"),
        _ => (1.0, ""),
    };
    if size == 1.0 {
        return exact(n);
    }
    let short = format!("{:.1}", n / size);
    format!("{}{unit}", short.trim_end_matches(".0"))
}

/// Exact, with commas: 12,431. Up to two digits behind the point where there are any.
pub fn exact(n: f64) -> String {
    let text = format!("{:.2}", n.abs());
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let mut out = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    let rest = rest.trim_end_matches('0');
    if !rest.is_empty() {
        out = format!("{out}.{rest}");
    }
    if n < 0.0 && out != "0" {
        format!("−{out}")
    } else {
        out
    }
}

/// Every so many labels, so that `room` holds them at `width` each.
pub(crate) fn every(count: usize, room: f32, width: f32) -> usize {
    let fit = (room / width).floor().max(1.0) as usize;
    count.div_ceil(fit).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_end_at_round_numbers() {
        assert_eq!(axis(0.0), (1.0, 1.0));
        assert_eq!(axis(3.0), (3.0, 1.0));
        assert_eq!(axis(7.0), (8.0, 2.0));
        assert_eq!(axis(100.0), (100.0, 25.0));
        assert_eq!(axis(101.0), (150.0, 50.0));
        assert_eq!(axis(12_431.0), (15_000.0, 5000.0));
        assert_eq!(axis(f64::NAN), (1.0, 1.0));
        assert_eq!(ticks(100.0, 25.0), [0.0, 25.0, 50.0, 75.0, 100.0]);
        for n in 1..5000u32 {
            let (top, step) = axis(f64::from(n));
            assert!(
                top >= f64::from(n) && step.fract() == 0.0 && ticks(top, step).len() <= 7,
                "{n}"
            );
        }
    }

    #[test]
    fn numbers_read_well() {
        assert_eq!(
            [940.0, 9_999.0, 12_431.0, 999_960.0, 3e9].map(compact),
            ["940", "9,999", "12.4k", "1M", "3B"]
        );
        assert_eq!(
            [0.0, 1_234_567.0, 0.5, -12.25].map(exact),
            ["0", "1,234,567", "0.5", "−12.25"]
        );
    }

    #[test]
    fn labels_are_thinned() {
        assert_eq!(every(30, 600.0, 60.0), 3);
        assert_eq!(every(7, 600.0, 60.0), 1);
        assert_eq!(every(7, 10.0, 60.0), 7);
    }
}
