//! Being called by Telegram.

use super::batch;
use super::config::Config;
use crate::error::SourceError;
use crate::health::Health;
use crate::secret::Secret;
use crate::source::Delivery;
use crate::webhook::{Hook, HookAnswer, HookRequest, same_secret};

/// The header that holds the secret.
const HEADER: &str = "x-telegram-bot-api-secret-token";

struct Webhook {
    secret: Secret,
}

pub(super) fn hook(table: toml::Table) -> Result<Box<dyn Hook>, SourceError> {
    let secret = Config::from_table(table)?.webhook_secret;
    let secret = secret.ok_or(SourceError::Unable("be called without webhook_secret"))?;
    Ok(Box::new(Webhook { secret }))
}

impl Hook for Webhook {
    fn answer(&self, request: &HookRequest<'_>) -> HookAnswer {
        if request.method != "POST" {
            return HookAnswer::text(405, "only POST");
        }
        match request.header(HEADER) {
            None => return HookAnswer::text(401, "no secret"),
            Some(sent) if !same_secret(sent, self.secret.expose()) => {
                return HookAnswer::text(403, "another secret");
            }
            Some(_) => {}
        }
        // What cannot be read is taken all the same: it would only be sent again.
        let mut delivery = Delivery::default();
        batch(
            &String::from_utf8_lossy(request.body),
            &mut delivery,
            &Health::default(),
        );
        HookAnswer::taken(delivery)
    }
}
