//! Reads one table, collecting faults instead of stopping at the first.

use super::check::Fault;
use toml::{Table, Value};

/// Reads the keys of a table and, at the end, names those nobody asked for.
pub(crate) struct Reader<'t, 'f> {
    table: &'t Table,
    path: String,
    asked: Vec<&'static str>,
    faults: &'f mut Vec<Fault>,
}

impl<'t, 'f> Reader<'t, 'f> {
    pub(crate) fn new(table: &'t Table, path: &str, faults: &'f mut Vec<Fault>) -> Self {
        Self {
            table,
            path: path.to_owned(),
            asked: Vec::new(),
            faults,
        }
    }

    fn get(&mut self, key: &'static str) -> Option<&'t Value> {
        self.asked.push(key);
        self.table.get(key)
    }

    /// Reports a fault of `key`.
    pub(crate) fn fault(&mut self, key: &str, message: impl Into<String>) {
        let key = if self.path.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.path)
        };
        self.faults.push(Fault {
            key,
            message: message.into(),
        });
    }

    fn wrong(&mut self, key: &str, wanted: &str, got: &Value) {
        self.fault(
            key,
            format!(
                "expected {wanted}, got {} `{}`",
                got.type_str(),
                shorten(&got.to_string())
            ),
        );
    }

    pub(crate) fn text(&mut self, key: &'static str) -> Option<&'t str> {
        match self.get(key)? {
            Value::String(s) => Some(s),
            other => {
                self.wrong(key, "text in quotes", other);
                None
            }
        }
    }

    pub(crate) fn required_text(&mut self, key: &'static str) -> Option<&'t str> {
        if !self.table.contains_key(key) {
            self.asked.push(key);
            self.fault(key, "is missing");
            return None;
        }
        self.text(key)
    }

    pub(crate) fn number(&mut self, key: &'static str, min: u64, max: u64) -> Option<u64> {
        let value = self.get(key)?;
        match value.as_integer().and_then(|i| u64::try_from(i).ok()) {
            Some(n) if (min..=max).contains(&n) => Some(n),
            _ => {
                self.wrong(key, &format!("a whole number from {min} to {max}"), value);
                None
            }
        }
    }

    pub(crate) fn truth(&mut self, key: &'static str) -> Option<bool> {
        match self.get(key)? {
            Value::Boolean(truth) => Some(*truth),
            other => {
                self.wrong(key, "true or false", other);
                None
            }
        }
    }

    pub(crate) fn texts(&mut self, key: &'static str) -> Vec<String> {
        let Some(value) = self.get(key) else {
            return Vec::new();
        };
        let list = value.as_array().map(|a| {
            a.iter()
                .map(|v| v.as_str().map(str::to_owned))
                .collect::<Option<Vec<_>>>()
        });
        if let Some(Some(list)) = list {
            return list;
        }
        self.wrong(key, "a list of texts", value);
        Vec::new()
    }

    /// One text, or a list of some.
    pub(crate) fn required_texts(&mut self, key: &'static str) -> Option<Vec<String>> {
        match self.table.get(key) {
            Some(Value::Array(_)) => Some(self.texts(key)),
            _ => self.required_text(key).map(|text| vec![text.to_owned()]),
        }
    }

    pub(crate) fn table(&mut self, key: &'static str) -> Option<&'t Table> {
        match self.get(key)? {
            Value::Table(t) => Some(t),
            other => {
                self.wrong(key, "a table", other);
                None
            }
        }
    }

    pub(crate) fn tables(&mut self, key: &'static str) -> Vec<&'t Table> {
        let Some(value) = self.get(key) else {
            return Vec::new();
        };
        let list = value
            .as_array()
            .map(|a| a.iter().map(Value::as_table).collect::<Option<Vec<_>>>());
        if let Some(Some(list)) = list {
            return list;
        }
        self.wrong(key, &format!("one or more [[{key}]] tables"), value);
        Vec::new()
    }

    /// Everything not asked for: a connector's own keys.
    pub(crate) fn rest(self) -> Table {
        self.table
            .iter()
            .filter(|(k, _)| !self.asked.contains(&k.as_str()))
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect()
    }

    /// Reports unknown keys, each with the nearest known one.
    pub(crate) fn finish(mut self) {
        for key in self.table.keys() {
            if self.asked.contains(&key.as_str()) {
                continue;
            }
            let near = nearest(key, self.asked.iter().copied());
            let message = match near {
                Some(n) => format!("unknown key, did you mean `{n}`?"),
                None => format!("unknown key; known here: {}", self.asked.join(", ")),
            };
            self.fault(key, message);
        }
    }
}

/// The candidate most like `word`, if one is like it at all.
pub(crate) fn nearest<'c>(word: &str, candidates: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    candidates
        .map(|c| (strsim::damerau_levenshtein(word, c), c))
        .filter(|&(d, c)| d <= 1 + c.len() / 4)
        .min_by_key(|&(d, _)| d)
        .map(|(_, c)| c)
}

fn shorten(s: &str) -> String {
    if s.chars().count() <= 60 {
        s.to_owned()
    } else {
        s.chars().take(57).collect::<String>() + "…"
    }
}
