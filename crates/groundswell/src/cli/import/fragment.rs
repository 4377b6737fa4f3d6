//! Writes monitors and lists as a piece of `groundswell.toml`.

use super::From;
use super::plan::Plan;
use std::fmt::Write;

pub(super) fn write(from: From, plan: &Plan) -> String {
    let mut out = format!(
        "# Imported from {}. Put this into groundswell.toml, or run it as it is; `groundswell check` reads it.\n",
        from.title()
    );
    for (title, condition) in &plan.conditions {
        let _ = write!(out, "\n# {title}:\n#   {condition}\n");
    }
    for list in &plan.lists {
        let _ = write!(
            out,
            "\n# {}\n[[list]]\nname = {}\nterms = [\n",
            list.origin,
            quoted(&list.name)
        );
        for term in &list.terms {
            let _ = writeln!(out, "  {},", quoted(term));
        }
        out.push_str("]\n");
    }
    for monitor in &plan.monitors {
        let _ = write!(out, "\n# {}\n", monitor.origin);
        for remark in &monitor.remarks {
            let _ = writeln!(out, "# {}", remark.replace(char::is_control, " "));
        }
        let _ = write!(
            out,
            "[[monitor]]\nname = {}\nrole = {}\nquery = {}\n",
            quoted(&monitor.name),
            quoted(monitor.role),
            quoted(&monitor.query)
        );
    }
    out
}

fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}
