//! The customer's window: on the second monitor, over all of it, for as long as there is one and a manager wants it.

use std::sync::Weak;
use std::time::Duration;

use tauri::{AppHandle, Manager as _, Monitor, WebviewUrl, WebviewWindow, WebviewWindowBuilder};

use super::is_own;
use crate::commands;
use crate::engine::{ClientId, Engine};
use crate::views::CommandErrorView;

/// The window's name, as the capability file has it.
pub(super) const WINDOW: &str = "customer";
/// What it is answered; a page that a customer can touch is told nothing else.
const ANSWERED: [&str; 2] = ["customer_screen.show", "customer_screen.picture"];
/// Monitors come and go with their plugs, and nobody says so.
const LOOK: Duration = Duration::from_secs(2);

/// Who asks from the window of that name.
///
/// # Errors
/// `unknown_command` for a command that it is not answered, and for every other window.
pub(super) fn client(label: &str, command: &str) -> Result<ClientId, CommandErrorView> {
    if label == WINDOW && ANSWERED.contains(&command) {
        return Ok(ClientId::customer());
    }
    Err(commands::unknown(command))
}

/// Opens and closes the window as monitors come and go, until the engine ends.
pub(super) async fn keep(app: AppHandle, engine: Weak<Engine>) {
    while let Some(engine) = engine.upgrade() {
        let till = app.get_webview_window(super::WINDOW);
        let Some(till) = till else { return };
        let second = second_monitor(&till);
        engine.found_customer_monitor(second.is_some());
        let wanted = second.filter(|_| engine.wants_customer_screen());
        drop(engine);
        if let Err(error) = bring(&app, wanted) {
            tracing::warn!(%error, "the customer's window could not be brought to its monitor");
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// A monitor beside the one that the till itself is on.
fn second_monitor(till: &WebviewWindow) -> Option<Monitor> {
    let own = till.current_monitor().ok()??;
    let all = till.available_monitors().ok()?;
    all.into_iter().find(|monitor| monitor.position() != own.position())
}

fn bring(app: &AppHandle, wanted: Option<Monitor>) -> tauri::Result<()> {
    match (wanted, app.get_webview_window(WINDOW)) {
        (None, Some(window)) => window.destroy(),
        (None, None) => Ok(()),
        (Some(monitor), Some(window)) => {
            // One that was moved to another monitor, as by a plug that was pulled and put back, is opened anew.
            let place = window.current_monitor()?.map(|at| *at.position());
            if place.is_some_and(|at| at != *monitor.position()) { window.destroy() } else { Ok(()) }
        }
        (Some(monitor), None) => open(app, &monitor),
    }
}

fn open(app: &AppHandle, monitor: &Monitor) -> tauri::Result<()> {
    let scale = monitor.scale_factor();
    let (place, size) =
        (monitor.position().to_logical::<f64>(scale), monitor.size().to_logical::<f64>(scale));
    WebviewWindowBuilder::new(app, WINDOW, WebviewUrl::App("index.html#/customer".into()))
        .title("Kedai")
        .position(place.x, place.y)
        .inner_size(size.width, size.height)
        .decorations(false)
        .focused(false)
        .focusable(false)
        .skip_taskbar(true)
        .on_navigation(is_own)
        .build()?
        .set_fullscreen(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_customers_window_is_answered_nothing_but_what_it_shows() {
        for name in commands::NAMES {
            let is_shown = ["customer_screen.show", "customer_screen.picture"].contains(name);
            assert_eq!(client(WINDOW, name).is_ok(), is_shown, "{name}");
            assert!(client("another", name).is_err(), "{name}");
        }
    }
}
