//! Values to and from PostgreSQL's binary form.

use rusqlite::types::Value;
use std::error::Error;
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

/// A value that is handed over; the statement's text says its type.
#[derive(Debug)]
pub(super) struct Bound<'v>(pub(super) &'v Value);

impl ToSql for Bound<'_> {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self.0 {
            Value::Null => Ok(IsNull::Yes),
            Value::Integer(n) => n.to_sql(kind, out),
            Value::Real(x) => x.to_sql(kind, out),
            Value::Text(text) => text.to_sql(kind, out),
            Value::Blob(bytes) => bytes.to_sql(kind, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// A value of an answer.
pub(super) struct Cell(pub(super) Value);

impl<'r> FromSql<'r> for Cell {
    fn from_sql(kind: &Type, raw: &'r [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Cell(match *kind {
            Type::BOOL => Value::Integer(bool::from_sql(kind, raw)?.into()),
            Type::INT2 => Value::Integer(i16::from_sql(kind, raw)?.into()),
            Type::INT4 => Value::Integer(i32::from_sql(kind, raw)?.into()),
            Type::INT8 => Value::Integer(i64::from_sql(kind, raw)?),
            Type::FLOAT4 => Value::Real(f32::from_sql(kind, raw)?.into()),
            Type::FLOAT8 => Value::Real(f64::from_sql(kind, raw)?),
            Type::BYTEA => Value::Blob(raw.to_vec()),
            Type::NUMERIC => numeric(raw)?,
            Type::TEXT | Type::VARCHAR | Type::NAME | Type::UNKNOWN => {
                Value::Text(String::from_utf8(raw.to_vec())?)
            }
            _ => return Err(format!("values of type {kind} are not read here").into()),
        }))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Cell(Value::Null))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// The sum of integers is of this type: four 16-bit numbers (digits to the base of 10,000, the weight of the first, the
/// sign, digits shown behind the point), then the digits. (PostgreSQL, `numeric_send`.)
fn numeric(raw: &[u8]) -> Result<Value, Box<dyn Error + Sync + Send>> {
    let (words, []) = raw.as_chunks::<2>() else {
        return Err("a number of odd length".into());
    };
    let words: Vec<i16> = words.iter().map(|w| i16::from_be_bytes(*w)).collect();
    let [_, weight, sign, shown, digits @ ..] = &words[..] else {
        return Err("a number without a head".into());
    };
    let sign = match *sign {
        0 => 1,
        0x4000 => -1,
        _ => return Err("a sum that is no number".into()),
    };
    if *shown == 0 {
        let mut whole: i64 = 0;
        for at in 0..=*weight {
            let digit = digits.get(usize::try_from(at)?).copied().unwrap_or(0);
            let next = whole
                .checked_mul(10_000)
                .and_then(|w| w.checked_add(digit.into()));
            whole = next.ok_or("a sum beyond 64 bits")?;
        }
        return Ok(Value::Integer(whole * sign));
    }
    let mut scale = 10_000f64.powi((*weight).into());
    let mut value = 0.0;
    for digit in digits {
        value += f64::from(*digit) * scale;
        scale /= 10_000.0;
    }
    Ok(Value::Real(value * sign as f64))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn read(words: &[i16]) -> Value {
        let raw: Vec<u8> = words.iter().flat_map(|w| w.to_be_bytes()).collect();
        numeric(&raw).unwrap()
    }

    #[test]
    fn sums_are_numbers() {
        assert_eq!(read(&[0, 0, 0, 0]), Value::Integer(0));
        assert_eq!(read(&[2, 1, 0, 0, 12, 345]), Value::Integer(120_345));
        assert_eq!(read(&[1, 1, 0x4000, 0, 7]), Value::Integer(-70_000));
        assert_eq!(read(&[2, 0, 0, 1, 3, 5_000]), Value::Real(3.5));
        assert!(numeric(&[0, 0, 0]).is_err());
    }
}
