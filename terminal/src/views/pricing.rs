//! Prices as the server answers them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

view! {
    /// The server's answer about prices.
    PricingAnswer {
        /// As the route of the same name answers.
        #[ts(type = "unknown")]
        body: serde_json::Value,
    }
}
