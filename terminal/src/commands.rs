//! Every command of the screens: deserialise, call one use case, serialise. No SQL here, and no decision of the trade.

mod app;
mod backoffice;
pub mod bindings;
mod cards;
mod catalogue;
mod counter;
mod customer;
mod drawer;
mod exceptions;
mod layouts;
mod pricing;
mod printers;
mod printing;
mod register;
mod sale;
mod sync;
mod table;

use std::error::Error as _;

use serde::Serialize;
use serde::de::DeserializeOwned;
use shared::wire::pricing::PricingAsk;

pub(crate) use app::app_state;
use table::command_table;

use crate::context::Done;
use crate::engine::Call;
use crate::views::*;

macro_rules! dispatch {
    ($($name:literal => $room:ident :: $handler:ident : $input:ty => $output:ty,
        $kind:ident $([$($told:ident),*])?;)*) => {
        /// The names of all commands.
        pub const NAMES: &[&str] = &[$($name),*];

        /// Does the command of that name.
        pub(crate) fn dispatch(call: &Call<'_>, command: &str, input: &[u8]) -> Result<Vec<u8>, CommandErrorView> {
            match command {
                $($name => {
                    let handler: fn(&Call<'_>, $input) -> Done<$output> = $room::$handler;
                    let output = one::<$input, $output>(call, $name, input, handler)?;
                    $(committed(call, &[$(ChangedWord::$told),*]);)?
                    Ok(output)
                })*
                _ => Err(unknown(command)),
            }
        }
    };
}
command_table!(dispatch);

fn one<I: DeserializeOwned, O: Serialize>(
    call: &Call<'_>,
    name: &str,
    input: &[u8],
    handler: fn(&Call<'_>, I) -> Done<O>,
) -> Result<Vec<u8>, CommandErrorView> {
    let input = if input.iter().all(u8::is_ascii_whitespace) { b"{}" } else { input };
    // The reason names the field and its place, never the value: a PIN must not come back in a message.
    let input: I = serde_json::from_slice(input).map_err(|error| malformed(name, &error))?;
    match handler(call, input) {
        Ok(output) => serde_json::to_vec(&output).map_err(|error| unserialisable(name, &error)),
        Err(error) => {
            if matches!(error.code, Code::StoreFailed | Code::Internal | Code::DiskFull) {
                let cause = error.source().map(ToString::to_string).unwrap_or_default();
                tracing::error!(command = name, code = ?error.code, %error, cause, "a command failed");
            } else {
                tracing::debug!(command = name, code = ?error.code, "a command was refused");
            }
            Err(CommandErrorView::from(&error))
        }
    }
}

/// Wakes the workers and tells the other windows.
fn committed(call: &Call<'_>, told: &[ChangedWord]) {
    call.till.committed.notify_one();
    call.till.print_now.notify_one();
    if !told.is_empty() {
        call.till.tell(told);
    }
}

fn refused(code: Code, message: String, reason: Option<String>) -> CommandErrorView {
    let details = ErrorDetails { retry_at: None, permission: None, reason, subject: None };
    CommandErrorView { code, message, details }
}

pub(crate) fn unknown(command: &str) -> CommandErrorView {
    let name: String = command.chars().filter(|c| !c.is_control()).take(60).collect();
    refused(Code::UnknownCommand, format!("there is no command `{name}`"), None)
}

fn malformed(name: &str, error: &serde_json::Error) -> CommandErrorView {
    let what = match error.classify() {
        serde_json::error::Category::Data => "does not fit the command",
        _ => "is no JSON",
    };
    let reason = format!("line {} column {}: {what}", error.line(), error.column());
    refused(Code::Invalid, format!("reading the input of {name}: {reason}"), Some("malformed".to_owned()))
}

/// What this program wrote is not what it can read: a fault of ours.
pub(crate) fn unserialisable(name: &str, error: &serde_json::Error) -> CommandErrorView {
    tracing::error!(command = name, %error, "the output of a command could not be written");
    refused(Code::Internal, format!("writing the output of {name}"), None)
}

/// A command that ended in a panic: a fault of ours, its cause is in the log.
pub(crate) fn fault(name: &str) -> CommandErrorView {
    refused(Code::Internal, format!("doing {name}"), None)
}
