//! What people at a till ask headquarters and tell it: each with the terminal's key, while they wait.

use reqwest::Method;
use shared::clock::Clock;
use shared::wire;
use shared::wire::inbox::{InboxAct, InboxDetail, InboxPage};
use shared::wire::layouts::{LayoutsAnswer, LayoutsRequest};
use shared::wire::pricing::PricingRequest;

use super::{Link, LinkError, Signer, packed, percent_encoded};

impl Link {
    /// The exceptions of this terminal's outlet: the ones not settled, or all of them.
    ///
    /// # Errors
    /// See [`LinkError`].
    pub async fn exceptions(
        &self,
        signer: &Signer,
        clock: &dyn Clock,
        open: bool,
        cursor: Option<&str>,
    ) -> Result<InboxPage, LinkError> {
        let mut path = format!("{}?limit=50", wire::path::EXCEPTIONS);
        if open {
            path.push_str("&open=true");
        }
        if let Some(cursor) = cursor {
            path.push_str(&format!("&cursor={}", percent_encoded(cursor)));
        }
        self.signed(signer, clock, Method::GET, &path, None).await
    }

    /// One exception with its event and what was done about it.
    ///
    /// # Errors
    /// See [`LinkError`].
    pub async fn exception(
        &self,
        signer: &Signer,
        clock: &dyn Clock,
        id: &str,
    ) -> Result<InboxDetail, LinkError> {
        let path = format!("{}/{}", wire::path::EXCEPTIONS, percent_encoded(id));
        self.signed(signer, clock, Method::GET, &path, None).await
    }

    /// A person at this terminal does something about an exception.
    ///
    /// # Errors
    /// See [`LinkError`].
    pub async fn settle_exception(
        &self,
        signer: &Signer,
        clock: &dyn Clock,
        id: &str,
        act: &InboxAct,
    ) -> Result<InboxDetail, LinkError> {
        let path = format!("{}/{}", wire::path::EXCEPTIONS, percent_encoded(id));
        self.signed(signer, clock, Method::POST, &path, Some(packed(act)?)).await
    }

    /// Asks about prices, or changes them, for a person.
    ///
    /// # Errors
    /// See [`LinkError`].
    pub async fn pricing(
        &self,
        signer: &Signer,
        clock: &dyn Clock,
        request: &PricingRequest,
    ) -> Result<serde_json::Value, LinkError> {
        self.signed(signer, clock, Method::POST, wire::path::PRICING, Some(packed(request)?)).await
    }

    /// Changes how the receipts of this terminal's outlet look.
    ///
    /// # Errors
    /// See [`LinkError`].
    pub async fn layouts(
        &self,
        signer: &Signer,
        clock: &dyn Clock,
        request: &LayoutsRequest,
    ) -> Result<LayoutsAnswer, LinkError> {
        self.signed(signer, clock, Method::POST, wire::path::LAYOUTS, Some(packed(request)?)).await
    }
}
