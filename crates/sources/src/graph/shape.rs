//! Graph's polymorphic JSON: `[]` where an object is due, lists as arrays, as `{"data": […]}` or as objects, ids as
//! numbers or text.

use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Items of a list that are read at most.
const MOST: usize = 10_000;

/// An object; `None` for everything else, such as `[]`.
pub(crate) fn object<'a, T: Deserialize<'a>>(raw: Option<&'a RawValue>) -> Option<T> {
    let raw = raw?.get();
    raw.starts_with('{')
        .then(|| serde_json::from_str(raw).ok())
        .flatten()
}

/// The items of a list, however it is written: those that cannot be read are left out.
pub(crate) fn list<'a, T: Deserialize<'a>>(raw: Option<&'a RawValue>) -> Vec<T> {
    let mut out = Vec::new();
    for raw in items(raw) {
        // A struct would take a list for its fields in a row.
        if !raw.get().starts_with('[')
            && let Ok(item) = serde_json::from_str(raw.get())
        {
            out.push(item);
        }
    }
    out
}

/// An object that must be one.
pub(crate) fn whole<'a, T: Deserialize<'a>>(raw: &'a str) -> Result<T, String> {
    let raw = raw.trim_start();
    if !raw.starts_with('{') {
        return Err("no object".to_owned());
    }
    serde_json::from_str(raw).map_err(|e| e.to_string())
}

/// The items of a list as they are written.
pub(crate) fn items<'a>(raw: Option<&'a RawValue>) -> Vec<&'a RawValue> {
    #[derive(Deserialize)]
    struct Data<'a> {
        #[serde(borrow)]
        data: &'a RawValue,
    }
    let array = |raw: &'a RawValue| serde_json::from_str::<Vec<&RawValue>>(raw.get());
    let Some(raw) = raw else { return Vec::new() };
    let mut found = match array(raw) {
        Ok(items) => items,
        Err(_) => match serde_json::from_str::<Data<'_>>(raw.get()) {
            Ok(Data { data }) => array(data).unwrap_or_default(),
            // An object keyed by offsets, each with a list or an item.
            Err(_) => serde_json::from_str::<BTreeMap<Cow<'_, str>, &RawValue>>(raw.get())
                .unwrap_or_default()
                .into_values()
                .flat_map(|v| array(v).unwrap_or_else(|_| vec![v]))
                .collect(),
        },
    };
    found.truncate(MOST);
    found
}

/// Text, or a number written as text; nothing where it is empty.
pub(crate) fn text(raw: Option<&RawValue>) -> Option<String> {
    let raw = raw?.get();
    let text = if raw.starts_with('"') {
        serde_json::from_str::<String>(raw).ok()?
    } else {
        raw.starts_with(|c: char| c.is_ascii_digit() || c == '-')
            .then(|| raw.to_owned())?
    };
    (!text.is_empty()).then_some(text)
}

/// A number that is no less than 0, also where it is written as text.
pub(crate) fn count(raw: Option<&RawValue>) -> Option<u64> {
    text(raw)?.parse().ok()
}

/// A yes or no.
pub(crate) fn flag(raw: Option<&RawValue>) -> Option<bool> {
    serde_json::from_str(raw?.get()).ok()
}

/// The `id` of an object, or the id itself.
pub(crate) fn id(raw: Option<&RawValue>) -> Option<String> {
    #[derive(Deserialize)]
    struct Named<'a> {
        #[serde(borrow)]
        id: &'a RawValue,
    }
    match object::<Named<'_>>(raw) {
        Some(named) => text(Some(named.id)),
        None => text(raw),
    }
}

/// Bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn raw(json: &str) -> Box<RawValue> {
        RawValue::from_string(json.to_owned()).unwrap()
    }

    #[test]
    fn pitfall_09_lists_come_in_three_shapes() {
        for json in [
            "[1,2]",
            r#"{"data":[1,2]}"#,
            r#"{"3":[1],"9":[2]}"#,
            r#"{"3":1,"9":2}"#,
        ] {
            assert_eq!(list::<u8>(Some(&raw(json))), [1, 2], "{json}");
        }
        for json in ["[]", "{}", "null", "7", r#""x""#, r#"{"data":{}}"#] {
            assert!(list::<u8>(Some(&raw(json))).is_empty(), "{json}");
        }
        assert_eq!(object::<BTreeMap<String, u8>>(Some(&raw("[]"))), None);
    }

    #[test]
    fn ids_are_text_numbers_or_objects() {
        for json in ["12", r#""12""#, r#"{"id":12}"#, r#"{"id":"12"}"#] {
            assert_eq!(id(Some(&raw(json))).as_deref(), Some("12"), "{json}");
        }
        assert_eq!(id(Some(&raw("[]"))), None);
    }
}
